import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHttp, WHOLE, type Discovery, type Fetcher, type Json, type Page } from '@handover/sdk'
import { MemoryTable, openConnector } from '@handover/sdk/testing'
import { afterEach, beforeEach } from 'vitest'
import files from '../index.ts'

/** A files folder for each test. */
export interface TestFolder {
  readonly root: string
  put(path: string, content: string | Uint8Array): void
}

/** Makes a files folder before each test and takes it away behind it. */
export function testFolder(): TestFolder {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'handover-files-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))
  return {
    get root() {
      return root
    },
    put(path, content) {
      mkdirSync(join(root, path, '..'), { recursive: true })
      writeFileSync(join(root, path), content)
    },
  }
}

/** For sources that ask no network. */
export const noNetwork: Fetcher = { fetch: () => Promise.reject(new Error('files asks no network')), close: async () => {} }

/** What the source is opened with. */
export interface Where {
  readonly filesFolder: string
  readonly fetcher?: Fetcher
  /** Servers on this machine that may be asked; the network is really used then. */
  readonly allowedHosts?: readonly string[]
}

/** A source over several loads: what the host keeps between them. */
export class Source {
  readonly config: Record<string, unknown>
  readonly #where: Where
  discovery: Discovery | null = null
  cursor: Json = null
  table: MemoryTable | null = null
  pages: Page[] = []

  constructor(config: Record<string, unknown>, where: Where) {
    this.config = config
    this.#where = where
  }

  async load(pagesAtMost = Infinity): Promise<this> {
    const { opened, context, close } = await this.#open()
    try {
      this.discovery = await files.discover!(context, this.discovery)
      this.pages = []
      const [stream] = this.discovery.streams
      if (stream === undefined) return this
      this.table ??= new MemoryTable((await opened()).datasets[0]!)
      for await (const page of files.extract!(stream.name, {
        ...context,
        cursor: this.cursor,
        hint: stream.hint ?? null,
        partition: WHOLE,
      })) {
        this.table.add(page)
        this.cursor = JSON.parse(JSON.stringify(page.cursor)) as Json
        if (this.pages.push(page) >= pagesAtMost) break
      }
      return this
    } finally {
      await close()
    }
  }

  /** "Test connection". */
  async check(): Promise<void> {
    const { context, close } = await this.#open()
    await Promise.resolve(files.check!(context)).finally(close)
  }

  async #open() {
    const { filesFolder, fetcher = noNetwork, allowedHosts } = this.#where
    const clock = { now: () => new Date('2026-01-31T12:00:00.000Z') }
    const http = createHttp({
      ...(allowedHosts === undefined ? { fetcher } : { allowedHosts }),
      clock,
      sleep: async () => {},
      random: () => 0,
      signal: new AbortController().signal,
      log: () => {},
    })
    const context = {
      config: files.config.parse(this.config),
      http,
      signal: new AbortController().signal,
      filesFolder,
      log: () => {},
      now: clock.now,
    }
    const discovered = { ...files, discover: async () => this.discovery! }
    const opened = () => openConnector(discovered, { config: this.config, filesFolder, fetcher: noNetwork })
    return { opened, context, close: () => http.close() }
  }

  get read(): number {
    return this.pages.reduce((sum, page) => sum + page.records.length, 0)
  }
  get columns(): Record<string, string> {
    return Object.fromEntries(this.discovery!.datasets[0]!.columns.map((column) => [column.name, column.kind]))
  }
  values(column: string): unknown[] {
    return this.table!.values(column)
  }
  get reasons(): string[] {
    return this.table!.rejected.map((rejection) => rejection.reason)
  }
}

/** Lines of CSV with the columns id and name. */
export const people = (count: number, from = 1): string =>
  Array.from({ length: count }, (_, index) => `${from + index},name ${from + index}\n`).join('')
