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
  type Partition,
} from '@handover/sdk'
import type { UnreadConnector } from '@handover/sdk/host'

/** How much is looked at. */
export interface Reach {
  /** Texts of records and of what is set aside that are kept. */
  readonly limit: number
  /** True when a stream is left once enough has been seen, and only its first partitions are looked into; else it is read to its end. */
  readonly isBrief: boolean
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
  { limit, isBrief }: Reach,
): Promise<StreamRead> {
  const read = { pages: 0, records: 0, requests: [] as string[], first: [] as string[], partitions: [] as string[], cursor: null as Json }
  const result = (isComplete: boolean): StreamRead => ({ name: stream.name, ...read, isComplete, datasets: fills })
  for await (const partition of partitions) {
    if (isBrief && read.partitions.length === FEW_PARTITIONS) return result(false)
    if (partition.key !== '') read.partitions.push(partition.key)
    for await (const page of stream.extract({ ...context, cursor: null, partition })) {
      read.pages++
      read.records += page.records.length
      read.cursor = page.cursor ?? read.cursor
      if (page.request !== undefined) read.requests.push(page.request)
      read.first.push(...page.records.slice(0, limit - read.first.length).map(recordText))
      for (const record of page.records) for (const fill of fills) fill.add(record, partition.key)
      if (isBrief && read.records >= limit) return result(false)
    }
  }
  return result(true)
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
