import { join } from 'node:path'
import { describe, it } from 'vitest'
import type { z } from 'zod'
import type { Connector } from '../contract.ts'
import { declarationTests, runTests, type ContractTest } from './conformance.ts'
import { readFixtures } from './replay.ts'

export { declarationTests, runTests, type ContractTest, type RunOptions } from './conformance.ts'
export { collectPages, MemoryTable, openConnector, type HostOptions, type OpenConnector, type RunnableStream } from './host.ts'
export { readFixtures, replay, type Fixture, type Replay } from './replay.ts'

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
  /** How many records and rows are set aside on purpose, by the name of the settings; 0 when left out. */
  readonly setAside?: Readonly<Record<string, number>>
}

/** Holds a connector to the contract. Call it first in the connector's `index.test.ts`. */
export function testConnector<Config extends z.ZodObject>(connector: Connector<Config>, options: TestOptions<Config>): void {
  const { folder, filesFolder = join(folder, 'fixtures') } = options
  const fixtures = options.fixtures === undefined ? [] : readFixtures(options.fixtures)
  describe(`connector ${connector.name} keeps the contract`, () => {
    register(declarationTests(connector as Connector, folder))
    for (const [name, config] of Object.entries(options.configs)) {
      const setAside = options.setAside?.[name] ?? 0
      describe(`with the settings "${name}"`, () => register(runTests(connector as Connector, { config, filesFolder, fixtures, setAside })))
    }
  })
}

function register(tests: readonly ContractTest[]): void {
  for (const { name, run } of tests) it(name, run)
}
