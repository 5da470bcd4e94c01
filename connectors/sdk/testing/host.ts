import { checkDiscovery } from '../check-connector.ts'
import type { Connector, Context, DatasetShape, Discovery, Json, Page, Partition, Transformed } from '../contract.ts'
import { createHttp } from '../http-client.ts'
import type { Fetcher } from '../http-fetch.ts'
import { recordText } from '../record.ts'
import type { CompiledDataset, Rejection } from '../rows.ts'
import { openStreams, partitionOfRow, WHOLE, type OpenStream, type OpenStreams } from '../streams.ts'
import type { PagingWatch } from './paging-watch.ts'

const MOST_PAGES = 10_000
/** What the clock shows where connectors are tested, so that whoever asks for "the last week" asks the same every day. */
export const TEST_NOW = new Date('2026-01-31T12:00:00.000Z')

/** What a host in memory needs to run a connector. */
export interface HostOptions {
  readonly config: Record<string, unknown>
  readonly filesFolder: string
  readonly fetcher: Fetcher
  readonly now?: Date
  /** Looks at what the source answers. */
  readonly watch?: PagingWatch
}

/** One stream as the host runs it, or one partition of it. */
export interface RunnableStream {
  readonly name: string
  /** Key of the partition; empty for a stream that is one piece. */
  readonly partition: string
  extract(cursor: Json): AsyncIterable<Page>
  parse(text: string): unknown
}

/** A connector with a config, opened in memory: what the server does, without server. */
export interface OpenConnector {
  readonly context: Context<any>
  readonly discovery: Discovery | null
  readonly streams: readonly RunnableStream[]
  readonly datasets: readonly CompiledDataset[]
  /** What the connector's own transform answers, before any check. */
  transform(dataset: string, record: unknown, partition?: string): Transformed
}

/** Opens a connector as the host would: checks the settings, discovers, and makes its datasets ready. */
export const openConnector = async (connector: Connector, options: HostOptions): Promise<OpenConnector> =>
  openWith(connector, contextOf(connector, options))

/** The same for those who make what a connector is called with. */
export async function openWith(connector: Connector, context: Context<any>): Promise<OpenConnector> {
  const opened = await openUnread(connector, context)
  return { ...opened, context, streams: await pieces(opened, context) }
}

/** A connector whose streams have not been asked for anything yet, not even for their partitions. */
export interface UnreadConnector extends OpenStreams, Pick<OpenConnector, 'discovery' | 'transform'> {}

/** Discovers, and makes streams and datasets ready. */
export async function openUnread(connector: Connector, context: Context<any>): Promise<UnreadConnector> {
  const discovery = (await connector.discover?.(context, null)) ?? null
  if (discovery !== null) checkDiscovery(discovery)
  const transform: OpenConnector['transform'] = (name, record, partition = '') => {
    const discovered = discovery?.datasets.find((dataset) => dataset.name === name)
    return discovered === undefined
      ? connector.datasets![name]!.transform(record, partition)
      : connector.transform!(discovered, record, partition)
  }
  return { discovery, transform, ...openStreams(connector, discovery) }
}

/** All pages of a stream from a cursor on. */
export async function collectPages(stream: RunnableStream, cursor: Json = null): Promise<Page[]> {
  const pages: Page[] = []
  for await (const page of stream.extract(cursor)) {
    if (!Array.isArray(page.records)) throw new TypeError(`Stream ${stream.name} gives a page whose records are no list`)
    pages.push(page)
    if (pages.length > MOST_PAGES) throw new Error(`Stream ${stream.name} gives more than ${MOST_PAGES} pages; does it end?`)
  }
  return pages
}

/** A record or a row that was set aside, and the record as the source sent it. */
export interface SetAside extends Rejection {
  readonly raw: string
}

/** A table in memory that takes pages the way the warehouse does. */
export class MemoryTable {
  readonly dataset: CompiledDataset
  readonly rejected: SetAside[] = []
  readonly #rows = new Map<string, unknown[]>()
  #place = 0

  constructor(dataset: CompiledDataset) {
    this.dataset = dataset
  }

  /** Takes the page of a partition; its key is empty for a stream of one piece. */
  add(page: Page, partition = ''): void {
    for (const record of page.records) {
      const outcome = this.dataset.rows(record, partition)
      if (outcome.kind === 'rejected')
        this.rejected.push({ code: outcome.code, column: null, reason: outcome.reason, raw: recordText(record) })
      if (outcome.kind !== 'rows') continue
      for (const item of outcome.items) {
        if (item.rejected !== undefined) this.rejected.push({ ...item.rejected, raw: recordText(record) })
        else if (item.deletedKey !== undefined) this.#rows.delete(keyText(item.deletedKey))
        else this.#rows.set(this.#keyOf(item.values), item.values)
      }
    }
  }

  /** Every row as text, sorted, so that tables can be compared; an append keeps doubles. */
  contents(): string[] {
    return [...this.#rows.values()].map(keyText).sort()
  }

  /** Every row by column names. */
  rows(): Record<string, unknown>[] {
    const { columns } = this.dataset.shape
    return [...this.#rows.values()].map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])))
  }

  /** The values of one column. */
  values(column: string): unknown[] {
    const place = this.dataset.shape.columns.findIndex((candidate) => candidate.name === column)
    return [...this.#rows.values()].map((row) => row[place])
  }

  #keyOf(values: readonly unknown[]): string {
    const { key, columns } = this.dataset.shape
    if (key.length === 0) return `place ${this.#place++}`
    return keyText(key.map((name) => values[columns.findIndex((column) => column.name === name)]))
  }
}

/** The datasets that a stream feeds. */
export const datasetsFrom = (open: Pick<OpenConnector, 'datasets'>, stream: string): CompiledDataset[] =>
  open.datasets.filter((dataset) => dataset.shape.from === stream)

/** True when a stream is read from its start at every load. */
export const isReplaced = (shapes: readonly DatasetShape[]): boolean => shapes.some((shape) => shape.load === 'replace')

const keyText = (values: readonly unknown[]): string =>
  JSON.stringify(values, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))

function contextOf(connector: Connector, options: HostOptions): Context<any> {
  const now = options.now ?? TEST_NOW
  const signal = new AbortController().signal
  const clock = { now: () => now }
  const log = (): void => {}
  const http = createHttp({ fetcher: options.fetcher, clock, sleep: async () => {}, random: () => 0, signal, log })
  const seen = options.watch?.over(http) ?? http
  return { config: connector.config.parse(options.config), http: seen, signal, filesFolder: options.filesFolder, log, now: clock.now }
}

/** One piece of a stream, ready to be read. */
export const pieceOf = (stream: OpenStream, partition: Partition, context: Context<any>): RunnableStream => ({
  name: stream.name,
  partition: partition.key,
  extract: (cursor) => stream.extract({ ...context, cursor, partition }),
  parse: (text) => stream.parse(text),
})

/** Every partition of every stream. Those of a child are the rows that its parent gives when it is read from the start. */
async function pieces({ streams, datasets }: OpenStreams, context: Context<any>): Promise<RunnableStream[]> {
  const made: RunnableStream[] = []
  for (const stream of streams) {
    const parent = datasets.find(({ shape }) => shape.name === stream.parent)
    const partitions = parent ? await rowsOf(parent, made) : (stream.partitions?.(context) ?? [WHOLE])
    for await (const partition of partitions) made.push(pieceOf(stream, partition, context))
  }
  return made
}

async function rowsOf(parent: CompiledDataset, streams: readonly RunnableStream[]): Promise<Partition[]> {
  const table = new MemoryTable(parent)
  for (const stream of streams.filter(({ name }) => name === parent.shape.from))
    for (const page of await collectPages(stream)) table.add(page, stream.partition)
  return table.rows().map((row) => partitionOfRow(parent.shape, row))
}
