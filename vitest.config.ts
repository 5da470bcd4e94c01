import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Server tests that touch data: they run on SQLite, and on MySQL where `TEST_MYSQL_URL` names a server. */
const dataTests = ['warehouse/*', 'warehouse/mysql/*', 'sources/*', 'loads/*', 'lake/*', 'data-api/*', 'migrations/*', 'schedule/*']

/** Connectors and their sdk are loaded by Node itself, as in the product: reloading is a matter of Node's own loader. The same for all projects. */
const connectorFiles = [/\/connectors\/(?!.*\.test\.ts$)/, /\/server\/\.cache\//, /\/test\/api\/trying\//]

/** Tests stand beside their source; each project is one part of the house. */
const onMysql = {
  extends: true as const,
  test: {
    name: 'server on MySQL',
    env: { TEST_DATABASE: 'mysql' },
    // Every test makes its own tables there, and MySQL makes them slowly.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    include: [
      ...dataTests.map((files) => `server/src/${files}.test.ts`),
      'server/test/{api,backup,loads,notify,pack,upgrade,workers}/*.test.ts',
    ],
  },
}

/** Last: what Docker does to the network of the machine ends whatever a browser is loading. */
const docker = {
  extends: true as const,
  test: { name: 'docker', include: ['server/test/docker/*.test.ts'], sequence: { groupOrder: 1 } },
}

export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    server: { deps: { external: connectorFiles } },
    // Most tests wait for databases and browsers more than they compute, so two run side by side on the smallest machine too.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A machine that is busy with something else is no fault of a test.
    testTimeout: 20_000,
    projects: [
      { extends: true, test: { name: 'connectors', include: ['connectors/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude: ['server/dist/**', '**/node_modules/**', 'server/src/warehouse/mysql/**', 'server/test/{workers,docker}/**'],
        },
      },
      ...(process.env.TEST_MYSQL_URL ? [onMysql] : []),
      ...(process.env.TEST_DOCKER ? [docker] : []),
      { extends: true, test: { name: 'docs', include: ['docs/**/*.test.ts', 'scripts/**/*.test.ts'] } },
      { extends: './client/vite.config.ts', root: './client', test: { name: 'client', include: ['{src,serve}/**/*.test.ts'] } },
    ],
  },
})
