import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { Connector } from '../contract.ts'
import { declarationTests, runTests, type ContractTest } from './conformance.ts'
import { readFixtures } from './replay.ts'

export { declarationTests, runTests, type ContractTest, type RunOptions } from './conformance.ts'
export { collectPages, MemoryTable, openConnector, type HostOptions, type OpenConnector, type RunnableStream } from './host.ts'
export { badSettings, type BadSettings } from './bad-settings.ts'
export { readFixtures, replay, type Fixture, type Replay } from './replay.ts'

/** Some tests read everything many times over. */
const TIMEOUT_MS = 60_000

/** What the conformance kit needs to know about a connector. */
export interface TestOptions<Config extends z.ZodObject> {
  /** The connector's folder, `import.meta.dirname`. Its `readme.md` is read from there. */
  readonly folder: string
  /** Settings to run it with, by a name for the report. */
  readonly configs: Readonly<Record<string, z.input<Config>>>
  /** Folder with recorded answers; leave it out for a connector without network. */
  readonly fixtures?: string
  /** What the connector may read files from; its `fixtures` folder when left out. */
  readonly filesFolder?: string
  /** How many records and rows are set aside on purpose, by the name of the settings, such as `{ usual: 3 }`; 0 when left out. */
  readonly setAside?: Readonly<Record<string, number>>
  /** Tests that this connector cannot pass for a good reason, by their name, each with the reason. They are skipped, and the run says why. */
  readonly exceptions?: Readonly<Record<string, string>>
}

/** Holds a connector to the contract. Call it first in the connector's `index.test.ts`. */
export function testConnector<Config extends z.ZodObject>(connector: Connector<Config>, options: TestOptions<Config>): void {
  const { folder, filesFolder = join(folder, 'fixtures'), exceptions = {} } = options
  const fixtures = options.fixtures === undefined ? [] : readFixtures(options.fixtures)
  describe(`connector ${connector.name} keeps the contract`, () => {
    const tests = declarationTests(connector as Connector, folder)
    const runs = Object.entries(options.configs).map(([name, config]) => {
      const setAside = options.setAside?.[name] ?? 0
      return { name, tests: runTests(connector as Connector, { name, config, filesFolder, fixtures, setAside }) }
    })
    register(tests, exceptions)
    for (const run of runs) describe(`with the settings "${run.name}"`, () => register(run.tests, exceptions))
    const known = new Set([...tests, ...runs.flatMap((run) => run.tests)].map(({ name }) => name))
    const unknown = Object.keys(exceptions).filter((name) => !known.has(name))
    if (unknown.length > 0) it('excepts tests that there are', () => expect(unknown).toEqual([]))
  })
}

function register(tests: readonly ContractTest[], exceptions: Readonly<Record<string, string>>): void {
  for (const { name, run } of tests) {
    const reason = exceptions[name]
    it(name, { timeout: TIMEOUT_MS }, async ({ skip }) => {
      if (reason !== undefined) skip(reason)
      const answer: unknown = await run()
      const warnings = Array.isArray(answer) ? answer : []
      // oxlint-disable-next-line no-console -- a test run has no other place for what may be right
      for (const warning of warnings) console.warn(warning)
    })
  }
}
