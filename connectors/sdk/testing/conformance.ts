import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect } from 'vitest'
import { checkConnector } from '../check-connector.ts'
import { Deleted, type Connector, type Context, type Media } from '../contract.ts'
import { RawRecord, recordText, recordValue } from '../record.ts'
import { collectPages, datasetsFrom, openConnector, type OpenConnector, type RunnableStream } from './host.ts'
import { hostileTests } from './hostile.ts'
import { PagingWatch } from './paging-watch.ts'
import { replay, type Fixture } from './replay.ts'
import { expectSameTableAfterEveryCheckpoint, fillTables } from './resume.ts'
import { expectRows } from './rows-test.ts'

/** One sentence of the contract and the work that shows whether it holds. */
export interface ContractTest {
  readonly name: string
  /** Throws when it does not hold; answers with sentences about what looks wrong and may be right. */
  run(): Promise<readonly string[] | void>
}

/** One set of settings to run a connector with. */
export interface RunOptions {
  /** What the test file calls these settings. */
  readonly name?: string
  readonly config: Record<string, unknown>
  readonly filesFolder: string
  readonly fixtures: readonly Fixture[]
  /** How many records and rows are set aside on purpose. */
  readonly setAside: number
}

const HEADINGS = ['## What it loads', '## Settings', '## Limits']
const PICTURES = ['image/svg+xml', 'image/png', 'image/jpeg', 'image/webp']
const MOST_PICTURE_BYTES = 5_000_000
const PICTURES_TRIED = 3

/** What must hold whatever the settings are. */
export function declarationTests(connector: Connector, folder: string): ContractTest[] {
  return [
    { name: 'declares itself without fault, every column and setting described', run: async () => checkConnector(connector) },
    { name: 'is named like its folder', run: async () => expect(basename(folder)).toBe(connector.name) },
    {
      name: 'has a readme with its title and the headings that readers look for',
      run: async () => {
        const file = join(folder, 'readme.md')
        expect(existsSync(file), 'readme.md is missing').toBe(true)
        const lines = readFileSync(file, 'utf8').split(/\r?\n/)
        expect(lines[0]).toBe(`# ${connector.title}`)
        for (const heading of HEADINGS) expect(lines).toContain(heading)
      },
    },
  ]
}

/** What must hold for a run with these settings. */
export function runTests(connector: Connector, options: RunOptions): ContractTest[] {
  const tests: ContractTest[] = []
  /** Each test opens the connector anew, and fails when it asks for something that is not recorded. */
  const add = (name: string, work: (open: OpenConnector, watch: PagingWatch) => Promise<readonly string[] | void>): void => {
    const run: ContractTest['run'] = async () => {
      const fetcher = replay(options.fixtures)
      const watch = new PagingWatch()
      const warnings = await work(await openConnector(connector, { ...options, fetcher, watch }), watch)
      expect(fetcher.missing, 'requests without a fixture').toEqual([])
      return warnings
    }
    tests.push({ name, run })
  }
  const { check, discover } = connector
  if (check !== undefined) add('passes its own connection test', async ({ context }) => void (await connector.check!(context)))
  if (discover !== undefined) add('discovers the same plain data again', (open) => expectSameDiscovery(connector, open))
  add('gives records, and rows that pass their schema', (open, watch) => expectRows(open, watch, options))
  add('fills declared columns only', (open) => forEachRecord(open, (record, stream) => expectDeclaredColumns(open, stream, record)))
  add('transforms a record to the same rows every time, without changing it', (open) =>
    forEachRecord(open, (record, stream) => expectPure(open, stream, record)),
  )
  add('reads a record back from its own text', (open) =>
    forEachRecord(open, (record, stream) => expect(recordValue(stream.parse(recordText(record)))).toEqual(recordValue(record))),
  )
  add('reads the same twice', async (open) => expect(await readAll(open)).toEqual(await readAll(open)))
  add('fills the same tables when it goes on after any checkpoint', async (open) => {
    for (const stream of open.streams) await expectSameTableAfterEveryCheckpoint(open, stream)
  })
  if (connector.media !== undefined) add('gives the pictures that its rows name', (open) => expectPictures(connector, open))
  return [...tests, ...hostileTests(connector, options)]
}

const readAll = async (open: OpenConnector) =>
  Promise.all(
    open.streams.map(async (stream) => ({
      stream: stream.name,
      partition: stream.partition,
      pages: await collectPages(stream),
    })),
  )

/** Visits every record that can be read. */
async function forEachRecord(open: OpenConnector, visit: (record: unknown, stream: RunnableStream) => void): Promise<void> {
  for (const stream of open.streams) {
    for (const page of await collectPages(stream)) {
      for (const record of page.records) {
        if (!(record instanceof RawRecord && record.problem !== null)) visit(record, stream)
      }
    }
  }
}

async function expectSameDiscovery(connector: Connector, { context, discovery }: OpenConnector): Promise<void> {
  expect(JSON.parse(JSON.stringify(discovery))).toEqual(discovery)
  expect(await connector.discover!(context, discovery)).toEqual(discovery)
}

function expectPure(open: OpenConnector, stream: RunnableStream, record: unknown): void {
  const frozen = deepFreeze(structuredClone(recordValue(record)))
  for (const dataset of datasetsFrom(open, stream.name)) {
    const rows = dataset.rows(structuredClone(frozen), stream.partition)
    expect(dataset.rows(frozen, stream.partition)).toEqual(rows)
    expect(dataset.rows(frozen, stream.partition)).toEqual(rows)
  }
}

function expectDeclaredColumns(open: OpenConnector, stream: RunnableStream, record: unknown): void {
  for (const { shape, rows } of datasetsFrom(open, stream.name)) {
    // A record that is set aside has no row.
    if (rows(record, stream.partition).kind === 'rejected') continue
    const declared = new Set(shape.columns.map((column) => column.name))
    for (const row of [open.transform(shape.name, recordValue(record), stream.partition)].flat()) {
      const names = row === null || row instanceof Deleted ? [] : Object.keys(row)
      expect(
        names.filter((name) => !declared.has(name)),
        `columns of ${shape.name} that are not declared`,
      ).toEqual([])
    }
  }
}

async function expectPictures(connector: Connector, open: OpenConnector): Promise<void> {
  for (const table of fillTables(open, await readAll(open))) {
    for (const column of table.dataset.shape.columns.filter(({ kind }) => kind === 'image')) {
      const keys = table.values(column.name).filter((key) => typeof key === 'string')
      for (const key of new Set(keys.slice(0, PICTURES_TRIED))) await expectPicture(connector, open.context, key)
    }
  }
}

async function expectPicture(connector: Connector, context: Context<any>, key: string): Promise<void> {
  const picture: Media = await connector.media!(key, context)
  expect(PICTURES).toContain(picture.type)
  expect(picture.bytes.byteLength).toBeGreaterThan(0)
  expect(picture.bytes.byteLength).toBeLessThanOrEqual(MOST_PICTURE_BYTES)
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
