import {
  partitionOfRow,
  recordText,
  recordValue,
  RawRecord,
  WHOLE,
  type CompiledDataset,
  type Context,
  type DatasetShape,
  type Json,
  type OpenStream,
  type Page,
  type Partition,
} from '@handover/sdk'
import { PagingWatch, type UnreadConnector } from '@handover/sdk/host'
import type { CliError } from '../call.ts'

/** How much is looked at. */
export interface Reach {
  /** Texts of records and of what is set aside that are kept. */
  readonly limit: number
  /** True when a stream is left once enough has been seen, and only its first partitions are looked into; else it is read to its end. */
  readonly isBrief: boolean
  /** What stopped a stream, as a sentence; throws what is no fault of a stream. */
  readonly failure: (error: unknown) => CliError
}

/** Partitions that a brief look goes into. */
const FEW_PARTITIONS = 3

/** What came of one stream. */
export interface StreamRead {
  readonly name: string
  readonly pages: number
  readonly records: number
  /** What was asked, page by page; without secrets. */
  readonly requests: readonly string[]
  /** Own texts of the first records. */
  readonly first: readonly string[]
  /** Keys of the partitions that were read; empty for a stream that is one piece. */
  readonly partitions: readonly string[]
  /** Where the next load of the last partition goes on; null when it starts over. */
  readonly cursor: Json
  /** False when it was left before its end. */
  readonly isComplete: boolean
  /** What the source says there is and was not read, of the first partition where it does; null when nothing. */
  readonly unread: string | null
  /** Rows of the parent for which the source has nothing; a load leaves them out, unless all are like this. */
  readonly notFound: number
  /** What stopped it before its end; null when nothing did. */
  readonly failure: CliError | null
  readonly datasets: readonly DatasetRead[]
}

/** A record or row that a load would set aside. */
export interface SetAside {
  readonly column: string | null
  readonly reason: string
  /** What the source sent, word for word. */
  readonly raw: string
}

/** What came of one dataset. */
export interface DatasetRead {
  readonly shape: DatasetShape
  /** All of them, by name of column. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly removed: number
  readonly filtered: number
  readonly setAside: readonly SetAside[]
  readonly setAsideCount: number
}

/** Reads every stream from its start, parents first, and makes rows of the records; nothing is kept. */
export async function readStreams(open: UnreadConnector, context: Context, reach: Reach): Promise<StreamRead[]> {
  const fills = open.datasets.map((dataset) => new Fill(dataset, reach.limit))
  const read: StreamRead[] = []
  for (const stream of open.streams) {
    const own = fills.filter(({ shape }) => shape.from === stream.name)
    read.push(await readStream(stream, context, partitionsOf(stream, context, fills), own, reach))
  }
  return read
}

function partitionsOf(stream: OpenStream, context: Context, fills: readonly Fill[]): Iterable<Partition> | AsyncIterable<Partition> {
  const parent = fills.find(({ shape }) => shape.name === stream.parent)
  return parent ? parent.rows.map((row) => partitionOfRow(parent.shape, row)) : (stream.partitions?.(context) ?? [WHOLE])
}

async function readStream(
  stream: OpenStream,
  context: Context,
  partitions: Iterable<Partition> | AsyncIterable<Partition>,
  fills: readonly Fill[],
  reach: Reach,
): Promise<StreamRead> {
  const reading = new StreamReading(stream, context, fills, reach)
  try {
    await reading.read(partitions)
  } catch (error) {
    reading.failure = reach.failure(error)
  }
  return reading
}

class StreamReading implements StreamRead {
  readonly name: string
  pages = 0
  records = 0
  readonly requests: string[] = []
  readonly first: string[] = []
  readonly partitions: string[] = []
  cursor: Json = null
  isComplete = false
  unread: string | null = null
  notFound = 0
  failure: CliError | null = null
  readonly datasets: readonly Fill[]
  readonly #stream: OpenStream
  readonly #context: Context
  readonly #reach: Reach
  readonly #watch = new PagingWatch()

  constructor(stream: OpenStream, context: Context, fills: readonly Fill[], reach: Reach) {
    this.name = stream.name
    this.datasets = fills
    this.#stream = stream
    this.#context = { ...context, http: this.#watch.over(context.http) }
    this.#reach = reach
  }

  async read(partitions: Iterable<Partition> | AsyncIterable<Partition>): Promise<void> {
    let last: unknown = null
    for await (const partition of partitions) {
      if (this.#reach.isBrief && this.partitions.length === FEW_PARTITIONS) return
      if (partition.key !== '') this.partitions.push(partition.key)
      try {
        if (!(await this.#readPiece(partition))) return
      } catch (error) {
        if (this.#stream.parent === null || (error as { code?: unknown }).code !== 'SOURCE_NOT_FOUND') throw error
        this.notFound++
        last = error
      }
    }
    if (this.notFound > 0 && this.notFound === this.partitions.length) throw last
    this.isComplete = true
  }

  /** Answers whether it was read to its end. */
  async #readPiece(partition: Partition): Promise<boolean> {
    const [pagesBefore, recordsBefore] = [this.pages, this.records]
    this.#watch.begin()
    for await (const page of this.#stream.extract({ ...this.#context, cursor: null, partition })) {
      this.#add(page, partition)
      const isEnough = this.#reach.isBrief && this.records >= this.#reach.limit
      // The second page shows whether the paging works, so it is waited for where the first one speaks of it.
      if (isEnough && (this.pages - pagesBefore > 1 || !this.#watch.saysMore(this.records - recordsBefore))) return false
    }
    this.unread ??= this.#watch.unread(this.records - recordsBefore, !this.#reach.isBrief)
    return true
  }

  #add(page: Page, partition: Partition): void {
    this.pages++
    this.records += page.records.length
    this.cursor = page.cursor ?? this.cursor
    if (page.request !== undefined) this.requests.push(page.request)
    this.first.push(...page.records.slice(0, this.#reach.limit - this.first.length).map(recordText))
    for (const record of page.records) for (const fill of this.datasets) fill.add(record, partition.key)
  }
}

class Fill implements DatasetRead {
  readonly shape: DatasetShape
  readonly rows: Record<string, unknown>[] = []
  readonly setAside: SetAside[] = []
  removed = 0
  filtered = 0
  setAsideCount = 0
  readonly #dataset: CompiledDataset
  readonly #limit: number

  constructor(dataset: CompiledDataset, limit: number) {
    this.shape = dataset.shape
    this.#dataset = dataset
    this.#limit = limit
  }

  add(record: unknown, partition: string): void {
    const outcome = this.#dataset.rows(record, partition)
    if (outcome.kind === 'filtered') this.filtered++
    else if (outcome.kind === 'rejected') this.#aside(null, outcome.reason, record)
    else
      for (const { values, rejected } of outcome.items) {
        if (rejected !== undefined) this.#aside(rejected.column, rejected.reason, record)
        else if (values === undefined) this.removed++
        else this.#row(values)
      }
  }

  #row(values: readonly unknown[]): void {
    this.rows.push(Object.fromEntries(this.shape.columns.map(({ name }, at) => [name, values[at]])))
  }

  #aside(column: string | null, reason: string, record: unknown): void {
    this.setAsideCount++
    if (this.setAside.length < this.#limit) this.setAside.push({ column, reason, raw: recordText(record) })
  }
}

/** True for a record whose value is known. */
export const isReadable = (record: unknown): boolean =>
  !(record instanceof RawRecord && record.problem !== null) && recordValue(record) !== null
