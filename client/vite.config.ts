import adapter from '@sveltejs/adapter-node'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vitest/config'

/** Where the API answers while the dashboard is developed; in production both share one origin. */
const api = process.env.HANDOVER_INTERNAL_API ?? 'http://127.0.0.1:3000'

/** The dashboard asks nothing of any other host; positions of marks are style attributes, so those are allowed. */
const contentSecurityPolicy = {
  'default-src': ['self' as const],
  'script-src': ['self' as const],
  'style-src': ['self' as const],
  'style-src-attr': ['unsafe-inline' as const],
  'img-src': ['self' as const, 'data:' as const],
  'connect-src': ['self' as const],
  'base-uri': ['self' as const],
  'form-action': ['self' as const],
  'frame-ancestors': ['none' as const],
  'object-src': ['none' as const],
}

export default defineConfig({
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: adapter({ out: 'build' }),
      csp: { mode: 'auto', directives: contentSecurityPolicy },
      version: { pollInterval: 0 },
    }),
  ],
  // Help reads the docs, which lie beside the client.
  server: { fs: { allow: ['..'] }, proxy: { '/graphql': api, '/media': api, '/export': api } },
  test: { include: ['{src,serve}/**/*.test.ts'] },
})
