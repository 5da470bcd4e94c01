import {
  compileDataset,
  compileDiscovered,
  readRecord,
  type CompiledDataset,
  type Connector,
  type Discovery,
  type ExtractContext,
  type Json,
  type Page,
} from '@handover/sdk'
import { ConfigError } from '../shared/errors.ts'
import type { Table } from '../warehouse/warehouse.service.ts'

/** What a connector is handed in a load; its settings have been checked against its own schema. */
export type LoadContext = ExtractContext<Record<string, unknown>>

/** A dataset that a stream fills: how its rows are made, and the table they go to. */
export interface PlannedDataset {
  readonly rows: CompiledDataset['rows']
  readonly table: Table
}

/** One stream of a source with the datasets it feeds; the same for declared and for discovered connectors. */
export interface StreamPlan {
  readonly name: string
  readonly datasets: readonly PlannedDataset[]
  /** True when a dataset of it is replaced as a whole: then every load reads the stream from its beginning. */
  readonly replaces: boolean
  /** What `discover` noted for the stream. */
  readonly hint: Json
  extract(context: LoadContext): AsyncIterable<Page>
  /** Makes a record of its text in the lake; never throws. */
  parse(text: string): unknown
}

/** Plans the streams of a source that feed at least one dataset, in the order in which they are declared. */
export function planStreams(connector: Connector, discovery: Discovery | null, tables: readonly Table[]): StreamPlan[] {
  const plans = connector.discover ? planDiscovered(connector, discovery, tables) : planDeclared(connector, tables)
  return plans.filter((plan) => plan.datasets.length > 0)
}

function planDeclared(connector: Connector, tables: readonly Table[]): StreamPlan[] {
  const datasets = Object.entries(connector.datasets ?? {}).map(([name, dataset]) => planned(compileDataset(name, dataset), tables))
  return Object.entries(connector.streams ?? {}).map(([name, stream]) => ({
    ...feeding(name, datasets),
    hint: null,
    extract: (context) => stream.extract(context),
    parse: (text) => readRecord(text, stream.parse && ((own) => stream.parse!(own))),
  }))
}

function planDiscovered(connector: Connector, discovery: Discovery | null, tables: readonly Table[]): StreamPlan[] {
  if (!connector.extract || !connector.transform) {
    throw new ConfigError(`The connector "${connector.name}" can find out what a source has, but not read it.`)
  }
  const datasets = (discovery?.datasets ?? []).map((dataset) =>
    planned(compileDiscovered(dataset, connector.transform!.bind(connector)), tables),
  )
  return (discovery?.streams ?? []).map(({ name, hint = null }) => ({
    ...feeding(name, datasets),
    hint,
    extract: (context) => connector.extract!(name, context),
    parse: (text) => readRecord(text, connector.parse && ((own) => connector.parse!(name, own, hint))),
  }))
}

function planned(compiled: CompiledDataset, tables: readonly Table[]): PlannedDataset {
  const table = tables.find((each) => each.shape.name === compiled.shape.name)
  if (!table)
    throw new ConfigError(`The dataset "${compiled.shape.name}" has no table. Open the settings of the source and save them again.`)
  return { rows: (record) => compiled.rows(record), table }
}

function feeding(name: string, all: readonly PlannedDataset[]): Pick<StreamPlan, 'name' | 'datasets' | 'replaces'> {
  const datasets = all.filter(({ table }) => table.shape.from === name)
  return { name, datasets, replaces: datasets.some(({ table }) => table.shape.load === 'replace') }
}
