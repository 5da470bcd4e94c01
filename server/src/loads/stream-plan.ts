import {
  openStreams,
  type CompiledDataset,
  type Connector,
  type DatasetShape,
  type Discovery,
  type ExtractContext,
  type OpenStream,
} from '@handover/sdk'
import { ConfigError } from '../shared/errors.ts'
import type { Table } from '../warehouse/warehouse.service.ts'

/** What a connector is handed in a load but for the place in a stream; its settings have been checked against its own schema. */
export type LoadContext = Omit<ExtractContext<Record<string, unknown>>, 'cursor' | 'hint' | 'partition'>

/** A dataset that a stream fills: how its rows are made, and the table they go to. */
export interface PlannedDataset {
  readonly rows: CompiledDataset['rows']
  readonly table: Table
}

/** One stream of a source with the datasets it feeds. */
export interface StreamPlan extends Omit<OpenStream, 'parent'> {
  readonly datasets: readonly PlannedDataset[]
  /** True when a dataset of it is replaced as a whole: then every load reads the stream from its beginning. */
  readonly replaces: boolean
  /** The table whose rows are the partitions of the stream; null when it has none. */
  readonly parent: Table | null
}

/** Plans the streams of a source that feed at least one dataset, parents first. */
export function planStreams(connector: Connector, discovery: Discovery | null, tables: readonly Table[]): StreamPlan[] {
  const { streams, datasets } = openStreams(connector, discovery)
  const planned = datasets.map(({ shape, rows }) => ({ rows, table: tableOf(tables, shape) }))
  return streams
    .map((stream) => ({
      ...stream,
      ...feeding(stream.name, planned),
      parent: tables.find(({ shape }) => shape.name === stream.parent) ?? null,
    }))
    .filter((plan) => plan.datasets.length > 0)
}

function tableOf(tables: readonly Table[], { name }: DatasetShape): Table {
  const table = tables.find(({ shape }) => shape.name === name)
  if (!table) throw new ConfigError(`The dataset "${name}" has no table. Open the settings of the source and save them again.`)
  return table
}

function feeding(name: string, all: readonly PlannedDataset[]): Pick<StreamPlan, 'datasets' | 'replaces'> {
  const datasets = all.filter(({ table }) => table.shape.from === name)
  return { datasets, replaces: datasets.some(({ table }) => table.shape.load === 'replace') }
}
