import { defineConfig } from 'vitest/config'

/** Tests stand beside their source; each project is one part of the house. */
export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    projects: [
      { extends: true, test: { name: 'connectors', include: ['connectors/**/*.test.ts'] } },
      { extends: true, test: { name: 'server', include: ['server/**/*.test.ts'], exclude: ['server/dist/**', '**/node_modules/**'] } },
      { extends: true, test: { name: 'docs', include: ['docs/**/*.test.ts', 'scripts/**/*.test.ts'] } },
      { extends: './client/vite.config.ts', root: './client', test: { name: 'client', include: ['src/**/*.test.ts'] } },
    ],
  },
})
