import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { checkConnector } from '../check-connector.ts'
import { Deleted, type Connector, type Context, type Media } from '../contract.ts'
import { RawRecord, recordText, recordValue } from '../record.ts'
import { collectPages, datasetsFrom, openConnector, type OpenConnector, type RunnableStream } from './host.ts'
import { readFixtures, replay } from './replay.ts'
import { expectSameTableAfterEveryCheckpoint, fillTables } from './resume.ts'

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
  /** How many records and rows are set aside on purpose, by the name of the config; 0 when left out. */
  readonly setAside?: Readonly<Record<string, number>>
}

const HEADINGS = ['## What it loads', '## Settings', '## Limits']
const PICTURES = ['image/svg+xml', 'image/png', 'image/jpeg', 'image/webp']
const MOST_PICTURE_BYTES = 5_000_000
const PICTURES_TRIED = 3

/** Holds a connector to the contract. Call it first in the connector's `index.test.ts`. */
export function testConnector<Config extends z.ZodObject>(connector: Connector<Config>, options: TestOptions<Config>): void {
  describe(`connector ${connector.name} keeps the contract`, () => {
    testDeclaration(connector as Connector, options.folder)
    for (const [name, config] of Object.entries(options.configs)) {
      const { filesFolder = join(options.folder, 'fixtures'), fixtures } = options
      const setAside = options.setAside?.[name] ?? 0
      describe(`with the settings "${name}"`, () => testRun(connector as Connector, { config, filesFolder, fixtures, setAside }))
    }
  })
}

function testDeclaration(connector: Connector, folder: string): void {
  it('declares itself without fault, every column and setting described', () => {
    checkConnector(connector)
  })

  it('is named like its folder', () => {
    expect(basename(folder)).toBe(connector.name)
  })

  it('has a readme with its title and the headings that readers look for', () => {
    const file = join(folder, 'readme.md')
    expect(existsSync(file), 'readme.md is missing').toBe(true)
    const lines = readFileSync(file, 'utf8').split(/\r?\n/)
    expect(lines[0]).toBe(`# ${connector.title}`)
    for (const heading of HEADINGS) expect(lines).toContain(heading)
  })
}

interface RunOptions {
  readonly config: Record<string, unknown>
  readonly filesFolder: string
  readonly fixtures: string | undefined
  readonly setAside: number
}

function testRun(connector: Connector, options: RunOptions): void {
  const recorded = options.fixtures === undefined ? [] : readFixtures(options.fixtures)
  /** Opens the connector, works with it, and makes sure that it asked only for what is recorded. */
  const withOpen = async (work: (open: OpenConnector) => Promise<void>): Promise<void> => {
    const fetcher = replay(recorded)
    await work(await openConnector(connector, { config: options.config, filesFolder: options.filesFolder, fetcher }))
    expect(fetcher.missing, 'requests without a fixture').toEqual([])
  }

  if (connector.check !== undefined) {
    it('passes its own connection test', () => withOpen(async ({ context }) => void (await connector.check!(context))))
  }

  if (connector.discover !== undefined) {
    it('discovers the same plain data again', () =>
      withOpen(async ({ context, discovery }) => {
        expect(JSON.parse(JSON.stringify(discovery))).toEqual(discovery)
        expect(await connector.discover!(context, discovery)).toEqual(discovery)
      }))
  }

  it('gives rows that pass their schema, and columns that are declared', () =>
    withOpen(async (open) => {
      const tables = fillTables(open, await readAll(open))
      const rejected = tables.flatMap((table) => table.rejected)
      expect(rejected, 'set aside').toHaveLength(options.setAside)
      await forEachRecord(open, async (record, stream) => expectDeclaredColumns(open, stream, record))
    }))

  it('transforms a record to the same rows every time, without changing it', () =>
    withOpen((open) =>
      forEachRecord(open, async (record, stream) => {
        const frozen = deepFreeze(structuredClone(recordValue(record)))
        for (const dataset of datasetsFrom(open, stream.name)) {
          const rows = dataset.rows(recordValue(record))
          expect(dataset.rows(frozen)).toEqual(rows)
          expect(dataset.rows(frozen)).toEqual(rows)
        }
      }),
    ))

  it('reads a record back from its own text', () =>
    withOpen((open) =>
      forEachRecord(open, async (record, stream) => {
        const again = recordValue(stream.parse(recordText(record)))
        expect(again).toEqual(recordValue(record))
      }),
    ))

  it('reads the same twice', () =>
    withOpen(async (open) => {
      expect(await readAll(open)).toEqual(await readAll(open))
    }))

  it('fills the same tables when it goes on after any checkpoint', () =>
    withOpen(async (open) => {
      for (const stream of open.streams) await expectSameTableAfterEveryCheckpoint(open, stream)
    }))

  it('gives the pictures that its rows name', () => withOpen((open) => expectPictures(connector, open)))
}

const readAll = async (open: OpenConnector) =>
  Promise.all(open.streams.map(async (stream) => ({ stream: stream.name, pages: await collectPages(stream) })))

/** Visits every record that can be read. */
async function forEachRecord(open: OpenConnector, visit: (record: unknown, stream: RunnableStream) => Promise<void>): Promise<void> {
  for (const stream of open.streams) {
    for (const page of await collectPages(stream)) {
      for (const record of page.records) {
        if (!(record instanceof RawRecord && record.problem !== null)) await visit(record, stream)
      }
    }
  }
}

function expectDeclaredColumns(open: OpenConnector, stream: RunnableStream, record: unknown): void {
  for (const { shape } of datasetsFrom(open, stream.name)) {
    const made = open.transform(shape.name, recordValue(record))
    const declared = new Set(shape.columns.map((column) => column.name))
    for (const row of Array.isArray(made) ? made : [made]) {
      const undeclared = row === null || row instanceof Deleted ? [] : Object.keys(row as object).filter((name) => !declared.has(name))
      expect(undeclared, `columns of ${shape.name} that are not declared`).toEqual([])
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
