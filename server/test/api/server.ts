import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSettings } from '../../src/app/config.ts'
import { startHandover, type Handover } from '../../src/app/handover.ts'
import { createLogger } from '../../src/app/logger.ts'
import { openTracing } from '../../src/app/observe/tracing.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { runSql, testDatabase } from '../../src/warehouse/testing/databases.ts'

/** What GraphQL answers. */
export interface Answer {
  // Tests know the shape of what they asked for; a type for each question would only repeat it.
  data: any
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; requestId?: string; fields?: { name: string }[] } }[]
}

/** A server on a data folder of its own, and the ways to talk to it. */
export interface TestServer extends AsyncDisposable {
  readonly handover: Handover
  readonly url: string
  readonly folder: string
  /** Lines that were logged, as they were written. */
  readonly logged: string[]
  /** Runs a statement on the database behind the server's back, and gives its rows. */
  sql(statement: string, values?: readonly (string | number)[]): Promise<Record<string, unknown>[]>
  /** Asks a question; never throws for an error of GraphQL. */
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>
  /** Makes a source of the test connector and waits until its first load has ended. */
  shelf(slug: string, config?: Record<string, unknown>): Promise<void>
}

/** Starts a server with the connectors of the tests; nothing of it is left when it is disposed of. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'handover-api-'))
  const connectors = fileURLToPath(new URL('connectors', import.meta.url))
  const database = await testDatabase(folder)
  const DATABASE_URL = database.url ?? ''
  const settings = readSettings(
    { DATABASE_URL, HANDOVER_PORT: '0', HANDOVER_DATA: folder, HANDOVER_CONNECTORS: connectors, ...env },
    folder,
  )
  const logged: string[] = []
  const tracing = await openTracing(settings.tracing, { version: '1', role: settings.role, instance: 'test' })
  const logger = createLogger(env['HANDOVER_LOG'] ?? 'warn', { write: (line) => void logged.push(line) }, { now: () => tracing.ids() })
  tracing.logTo(logger)
  const handover = await startHandover(settings, { logger, clock: systemClock, examples: false, tracing })
  const server: TestServer = {
    handover,
    url: handover.url!,
    folder,
    logged,
    sql: (statement, values) => runSql(database, statement, values),
    async ask(query, variables = {}) {
      const body = JSON.stringify({ query, variables })
      const response = await fetch(`${handover.url!}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      return (await response.json()) as Answer
    },
    async shelf(slug, config = {}) {
      const made = await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', {
        input: { slug, title: `Shelf ${slug}`, connector: 'shelf', config },
      })
      if (made.errors) throw new Error(made.errors[0]!.message)
      await handover.loads.idle()
    },
    async [Symbol.asyncDispose]() {
      await handover.stop()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return server
}
