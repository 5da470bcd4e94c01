import {
  checkDiscovery,
  openStreams,
  partitionOfRow,
  recordText,
  WHOLE,
  type CompiledDataset,
  type Connector,
  type Context,
  type DatasetShape,
  type OpenStream,
} from '@handover/sdk'

/** Pages asked of each stream, should the first ones have too few rows. */
const PAGES = 3
/** Partitions of each stream that are looked into, should the first ones have too few rows. */
const PARTITIONS = 3

/** A record or row that would be set aside. */
export interface PreviewFault {
  /** Null when it is not about one column. */
  readonly column: string | null
  readonly reason: string
  /** What the source sent, word for word. */
  readonly raw: string
}

/** What a dataset would look like. */
export interface PreviewedDataset {
  readonly shape: DatasetShape
  /** By name of column; values as `Column` describes them. */
  readonly rows: Record<string, unknown>[]
  /** The first ones. */
  readonly faults: PreviewFault[]
  faultCount: number
  /** Records looked at; each became rows, was left out on purpose, or is at fault. */
  records: number
  filtered: number
  /** True when the source has nothing beyond what was looked at. */
  complete: boolean
}

/** Reads the beginning of every stream and makes rows of it, `most` of each dataset and as many faults; nothing is kept. */
export async function previewOf(
  connector: Connector,
  context: Context<Record<string, unknown>>,
  most: number,
): Promise<PreviewedDataset[]> {
  const found = connector.discover ? await connector.discover(context, null) : null
  if (found) checkDiscovery(found)
  const { streams, datasets } = openStreams(connector, found)
  const fills = datasets.map((dataset) => new Fill(dataset, most))
  for (const stream of streams) {
    const filled = fills.filter(({ preview }) => preview.shape.from === stream.name)
    const parent = fills.find(({ preview }) => preview.shape.name === stream.parent)
    await fillAll(filled, pagesOf(stream, context, parent?.preview))
  }
  return fills.map(({ preview }) => preview)
}

/** Records that came at once, and the key of their partition. */
interface PreviewedPage {
  readonly records: readonly unknown[]
  readonly partition: string
}

/** The pages of a stream; of one that is read in pieces, those of its first pieces. `cut` says that there would be more. */
async function* pagesOf(
  stream: OpenStream,
  context: Context<Record<string, unknown>>,
  parent: PreviewedDataset | undefined,
): AsyncGenerator<PreviewedPage | 'cut'> {
  const partitions = parent ? parent.rows.map((row) => partitionOfRow(parent.shape, row)) : (stream.partitions?.(context) ?? [WHOLE])
  let read = 0
  for await (const partition of partitions) {
    if (read++ === PARTITIONS) return yield 'cut'
    for await (const { records } of stream.extract({ ...context, cursor: null, partition })) yield { records, partition: partition.key }
  }
  if (parent && !parent.complete) yield 'cut'
}

async function fillAll(fills: readonly Fill[], pages: AsyncIterable<PreviewedPage | 'cut'>): Promise<void> {
  let count = 0
  for await (const page of pages) {
    if (page === 'cut') return
    for (const fill of fills) fill.add(page)
    if (++count === PAGES || fills.every((fill) => fill.isFull)) return
  }
  for (const fill of fills) fill.end()
}

/** Collects the first rows of one dataset. */
class Fill {
  readonly preview: PreviewedDataset
  readonly #dataset: CompiledDataset
  readonly #most: number
  #leftOut = false

  constructor(dataset: CompiledDataset, most: number) {
    this.#dataset = dataset
    this.#most = most
    this.preview = { shape: dataset.shape, rows: [], faults: [], faultCount: 0, records: 0, filtered: 0, complete: false }
  }

  /** True when no more rows are shown, however many come. */
  get isFull(): boolean {
    return this.preview.rows.length >= this.#most
  }

  add({ records, partition }: PreviewedPage): void {
    for (const record of records) {
      if (this.isFull) this.#leftOut = true
      else this.#look(record, partition)
    }
  }

  /** The stream has ended by itself. */
  end(): void {
    this.preview.complete = !this.#leftOut
  }

  #look(record: unknown, partition: string): void {
    const { preview } = this
    const outcome = this.#dataset.rows(record, partition)
    preview.records++
    if (outcome.kind === 'filtered') preview.filtered++
    else if (outcome.kind === 'rejected') this.#fault(null, outcome.reason, record)
    else {
      for (const { values, rejected } of outcome.items) {
        if (this.isFull) this.#leftOut = true
        else if (rejected !== undefined) this.#fault(rejected.column, rejected.reason, record)
        else if (values !== undefined) preview.rows.push(rowOf(preview.shape, values))
      }
    }
  }

  #fault(column: string | null, reason: string, record: unknown): void {
    const { faults } = this.preview
    this.preview.faultCount++
    if (faults.length < this.#most) faults.push({ column, reason, raw: recordText(record) })
  }
}

const rowOf = (shape: DatasetShape, values: readonly unknown[]): Record<string, unknown> =>
  Object.fromEntries(shape.columns.map((column, index) => [column.name, values[index]]))
