import { z } from 'zod'
import { readColumns, titleOf } from './columns.ts'
import { providerFaults } from './check-provider.ts'
import { shapeFaults, THING_NAME } from './check-shape.ts'
import type { Connector, Dataset, DatasetShape, Discovery } from './contract.ts'
import { ConfigError } from './errors.ts'
import { readLayers } from './layers.ts'
import { parentFaults } from './parents.ts'

const CONNECTOR_NAME = /^[a-z][a-z0-9-]{1,30}$/

/** Throws one `ConfigError` with a line for every fault of a declared connector. */
export function checkConnector(connector: Connector): void {
  const faults = [...headFaults(connector), ...configFaults(connector), ...capabilityFaults(connector)]
  for (const [name, stream] of Object.entries(connector.streams ?? {})) {
    if (!THING_NAME.test(name))
      faults.push(`Stream ${name}: its name must be a small letter, then at most 40 letters, digits or underscores.`)
    if (isBlank(stream.about)) faults.push(`Stream ${name} has no description (about).`)
    if (typeof stream.extract !== 'function') faults.push(`Stream ${name} has no extract.`)
    if (stream.parent !== undefined && stream.partitions !== undefined) faults.push(bothFault(name))
  }
  for (const [name, dataset] of Object.entries(connector.datasets ?? {})) faults.push(...datasetFaults(connector, name, dataset))
  faults.push(...twinFaults(Object.keys(connector.datasets ?? {})))
  faults.push(...mixFaults(named(connector.datasets)))
  faults.push(
    ...parentFaults(
      named(connector.streams),
      named(connector.datasets).map((dataset) => ({ key: [], ...dataset })),
    ),
  )
  if (faults.length > 0) throw refusal(`Connector ${String(connector.name)}`, faults)
}

/** Throws one `ConfigError` with a line for every fault of what `discover` answered. */
export function checkDiscovery(discovery: Discovery): void {
  const faults = providerFaults(discovery.provider)
  const names = new Set(discovery.streams.map((stream) => stream.name))
  if (names.size < discovery.streams.length) faults.push('Two streams have the same name.')
  faults.push(...twinFaults(discovery.datasets.map((dataset) => dataset.name)))
  for (const stream of discovery.streams) {
    if (!THING_NAME.test(stream.name))
      faults.push(`Stream ${stream.name}: its name must be a small letter, then at most 40 letters, digits or underscores.`)
    if (stream.parent !== undefined && stream.partitions !== undefined) faults.push(bothFault(stream.name))
  }
  for (const dataset of discovery.datasets) {
    if (!names.has(dataset.from)) faults.push(`Dataset ${dataset.name} reads from ${dataset.from}, which is no stream.`)
    faults.push(...shapeFaults(dataset).map((fault) => `Dataset ${dataset.name}: ${fault}.`))
  }
  faults.push(...mixFaults(discovery.datasets), ...parentFaults(discovery.streams, discovery.datasets))
  if (faults.length > 0) throw refusal('What was found at the source', faults)
}

/** A declared dataset as plain data. Its columns are known to be right, because `defineConnector` has checked them. */
export function shapeOf(name: string, dataset: Dataset): DatasetShape {
  return {
    name,
    title: dataset.title ?? titleOf(name),
    about: dataset.about,
    from: dataset.from,
    key: dataset.key ?? [],
    load: dataset.load,
    columns: readColumns(dataset.columns).columns,
  }
}

const named = <T extends object>(things: Readonly<Record<string, T>> = {}): (T & { readonly name: string })[] =>
  Object.entries(things).map(([name, thing]) => ({ ...thing, name }))

function refusal(what: string, faults: readonly string[]): ConfigError {
  return new ConfigError(`${what} cannot be used:\n${faults.map((fault) => `- ${fault}`).join('\n')}`, { code: 'CONNECTOR_INVALID' })
}

const bothFault = (stream: string): string => `Stream ${stream} has a parent and partitions; the rows of the parent are its partitions.`

const isBlank = (text: unknown): boolean => typeof text !== 'string' || text.trim() === ''

function headFaults(connector: Connector): string[] {
  const faults: string[] = []
  if (!CONNECTOR_NAME.test(connector.name)) faults.push('Its name must be a small letter, then 1 to 30 small letters, digits or dashes.')
  if (isBlank(connector.title)) faults.push('It has no title.')
  if (isBlank(connector.about)) faults.push('It has no description (about).')
  return [...faults, ...providerFaults(connector.provider)]
}

function configFaults(connector: Connector): string[] {
  if (!(connector.config instanceof z.ZodObject)) return ['Its config must be z.object({ … }), empty when there is nothing to set.']
  return Object.entries(connector.config.shape)
    .filter(([, part]) => isBlank(readLayers(part).meta.description))
    .map(([name]) => `Setting ${name} has no description; add .describe('…').`)
}

function capabilityFaults(connector: Connector): string[] {
  const declared = connector.streams !== undefined || connector.datasets !== undefined
  if (connector.discover !== undefined) {
    const faults = declared ? ['It has discover, and streams or datasets too; keep one of the two.'] : []
    if (connector.extract === undefined) faults.push('With discover it needs extract.')
    if (connector.transform === undefined) faults.push('With discover it needs transform.')
    return faults
  }
  const faults: string[] = []
  if (Object.keys(connector.streams ?? {}).length === 0) faults.push('It has no stream; declare streams and datasets, or discover.')
  if (Object.keys(connector.datasets ?? {}).length === 0) faults.push('It has no dataset; declare streams and datasets, or discover.')
  for (const name of ['extract', 'transform', 'parse'] as const) {
    if (connector[name] !== undefined)
      faults.push(`It has ${name}, which belongs to discover; write it into the ${name === 'transform' ? 'dataset' : 'stream'}.`)
  }
  return faults
}

function datasetFaults(connector: Connector, name: string, dataset: Dataset): string[] {
  if (!(dataset.columns instanceof z.ZodObject)) return [`Dataset ${name}: columns must be z.object({ … }).`]
  const described = readColumns(dataset.columns)
  const faults = described.faults.map((fault) => fault.replace(/\.$/, ''))
  if (!Object.hasOwn(connector.streams ?? {}, dataset.from)) faults.push(`it reads from ${String(dataset.from)}, which is no stream`)
  if (typeof dataset.transform !== 'function') faults.push('it has no transform')
  if (connector.media === undefined && described.columns.some((column) => column.kind === 'image'))
    faults.push('it has pictures, so the connector needs media')
  const shape = { ...shapeOf(name, dataset), about: typeof dataset.about === 'string' ? dataset.about : '', columns: described.columns }
  // A key column that is refused for its type would be reported a second time as missing.
  const refused = Object.keys(dataset.columns.shape).filter((column) => !described.columns.some((known) => known.name === column))
  const shaped = shapeFaults(shape).filter((fault) => !refused.some((column) => fault === `key ${column}: there is no such column`))
  return [...faults, ...shaped].map((fault) => `Dataset ${name}: ${fault}.`)
}

/** Tables are told apart by their names, on some databases whatever their capitals. */
function twinFaults(names: readonly string[]): string[] {
  const isTwin = new Set(names.map((name) => name.toLowerCase())).size < names.length
  return isTwin ? ['Two datasets have the same name, or names that differ only in capitals.'] : []
}

function mixFaults(datasets: readonly Pick<DatasetShape, 'name' | 'from' | 'load'>[]): string[] {
  const replaced = new Set(datasets.filter((dataset) => dataset.load === 'replace').map((dataset) => dataset.from))
  return datasets
    .filter((dataset) => dataset.load !== 'replace' && replaced.has(dataset.from))
    .map(
      ({ name, from }) =>
        `Dataset ${name} reads from ${from}, which feeds a dataset with load replace; then all of its datasets must replace.`,
    )
}
