import {
  checkDiscovery,
  compileDataset,
  compileDiscovered,
  type CompiledDataset,
  type Connector,
  type Context,
  type DatasetShape,
  type Page,
} from '@handover/sdk'

/** Rows of each dataset. */
const ROWS = 10
/** Pages asked of each stream, should the first ones have too few rows. */
const PAGES = 3

/** What a dataset would look like. */
export interface PreviewedDataset {
  readonly shape: DatasetShape
  /** At most ten, by name of column; values as `Column` describes them. */
  readonly rows: Record<string, unknown>[]
  /** Reasons why records or rows would be set aside, at most ten. */
  readonly setAside: string[]
}

interface Opened {
  readonly datasets: readonly CompiledDataset[]
  extract(stream: string): AsyncIterable<Page>
}

/** Reads the beginning of every stream and makes rows of it; nothing is kept. */
export async function previewOf(connector: Connector, context: Context<Record<string, unknown>>): Promise<PreviewedDataset[]> {
  const source = await open(connector, context)
  const previews = new Map(
    source.datasets.map(({ shape }) => [shape.name, { shape, rows: [], setAside: [] } satisfies PreviewedDataset as PreviewedDataset]),
  )
  for (const stream of new Set(source.datasets.map(({ shape }) => shape.from))) {
    const datasets = source.datasets.filter(({ shape }) => shape.from === stream)
    let pages = 0
    for await (const { records } of source.extract(stream)) {
      for (const dataset of datasets) fill(previews.get(dataset.shape.name)!, dataset, records)
      if (++pages === PAGES || datasets.every(({ shape }) => previews.get(shape.name)!.rows.length >= ROWS)) break
    }
  }
  return [...previews.values()]
}

async function open(connector: Connector, context: Context<Record<string, unknown>>): Promise<Opened> {
  const { discover, streams = {}, datasets = {} } = connector
  if (!discover) {
    const compiled = Object.entries(datasets).map(([name, dataset]) => compileDataset(name, dataset))
    return { datasets: compiled, extract: (stream) => streams[stream]!.extract({ ...context, cursor: null, hint: null }) }
  }
  const found = await connector.discover!(context, null)
  checkDiscovery(found)
  const compiled = found.datasets.map((dataset) => compileDiscovered(dataset, (each, record) => connector.transform!(each, record)))
  const hints = new Map(found.streams.map(({ name, hint }) => [name, hint ?? null]))
  return {
    datasets: compiled,
    extract: (stream) => connector.extract!(stream, { ...context, cursor: null, hint: hints.get(stream) ?? null }),
  }
}

function fill(preview: PreviewedDataset, dataset: CompiledDataset, records: readonly unknown[]): void {
  for (const record of records) {
    if (preview.rows.length >= ROWS) return
    const outcome = dataset.rows(record)
    const items = outcome.kind === 'rows' ? outcome.items : []
    const reasons = outcome.kind === 'rejected' ? [outcome.reason] : items.flatMap((item) => item.rejected?.reason ?? [])
    preview.setAside.push(...reasons.slice(0, ROWS - preview.setAside.length))
    for (const { values } of items) if (values !== undefined && preview.rows.length < ROWS) preview.rows.push(rowOf(dataset.shape, values))
  }
}

const rowOf = (shape: DatasetShape, values: readonly unknown[]): Record<string, unknown> =>
  Object.fromEntries(shape.columns.map((column, index) => [column.name, values[index]]))
