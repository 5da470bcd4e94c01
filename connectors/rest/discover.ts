import {
  compileDiscovered,
  ConfigError,
  titleOf,
  type Context,
  type DiscoveredDataset,
  type DiscoveredStream,
  type Discovery,
} from '@handover/sdk'
import { beside } from './beside.ts'
import { ofParent } from './child-record.ts'
import { columnsOf, toColumn } from './columns.ts'
import type { Definition, StreamDefinition } from './definition/schema.ts'
import { checkPlaces, firstPage, partsOf, type Above, type FirstPage, type Row } from './first-page.ts'
import { hintOf, knownBefore, type KnownColumn } from './hints.ts'
import { keyOf, type Known } from './key.ts'
import { PARTITION } from './placeholders.ts'
import type { Settings } from './settings.ts'
import { toRow } from './transform.ts'

/** One stream as discovery found it. */
interface Found extends Above {
  readonly stream: DiscoveredStream
  readonly dataset: DiscoveredDataset
}

/**
 * Learns streams and columns: the first page of each stream is read, and what an earlier discovery found stays. `isTest` says that somebody
 * tries the settings out, so that a source that cannot be reached is a fault of theirs.
 */
export async function discover(context: Context<Settings>, previous: Discovery | null, isTest = false): Promise<Discovery> {
  const { definition } = context.config
  const found = new Map<string, Found>()
  for (const name of parentsFirst(definition.streams)) {
    const above = found.get(definition.streams[name]!.parent ?? '') ?? partsOf(definition.streams[name]!)
    found.set(name, await beside(name, isTest, () => findStream(name, context, previous, above)))
  }
  const inOrder = Object.keys(definition.streams).map((name) => found.get(name)!)
  return {
    streams: inOrder.map(({ stream }) => stream),
    datasets: inOrder.map(({ dataset }) => dataset),
    ...(definition.provider && { provider: definition.provider }),
  }
}

function parentsFirst(streams: Definition['streams']): Set<string> {
  const sorted = new Set<string>()
  const add = (name: string): void => {
    const { parent } = streams[name]!
    if (parent !== undefined) add(parent)
    sorted.add(name)
  }
  Object.keys(streams).forEach(add)
  return sorted
}

async function findStream(name: string, context: Context<Settings>, previous: Discovery | null, above: Above | undefined): Promise<Found> {
  const stream = context.config.definition.streams[name]!
  checkPlaces(name, stream, above?.dataset.columns ?? [])
  const first = await firstPage(name, stream, context, previous, above)
  const columns = columnsOf(name, stream, first.values, knownBefore(previous, name), above?.dataset ?? null)
  const before = previous?.datasets.find((each) => each.name === name)?.key ?? []
  const dataset = datasetOf(name, stream, columns, { records: first.values, before, parentKey: above?.dataset.key ?? [] })
  const carried = columns.flatMap(({ from }) => ('parent' in from ? [from.parent] : []))
  const hint = hintOf({ records: first.records, isList: first.isList, parent: above ? [...new Set(carried)] : null })
  return {
    stream: {
      name,
      about: stream.about ?? (stream.parent ? `Asked once for each row of ${stream.parent}.` : `One record per element of ${stream.path}.`),
      hint,
      ...(stream.parent !== undefined && { parent: stream.parent }),
      ...(stream.partitions && {
        partitions: stream.partitions.map((value) => ({ key: String(value), value: { [PARTITION]: String(value) } })),
      }),
    },
    dataset,
    rows: rowsOf(dataset, first, carried),
  }
}

function datasetOf(name: string, stream: StreamDefinition, columns: readonly KnownColumn[], known: Known): DiscoveredDataset {
  if (!columns.some(({ from }) => 'record' in from)) {
    const message = `No records of ${name} came, so its columns are not known. Name them under columns, or try again when there are some.`
    throw new ConfigError(message, { fields: [{ name: `definition.streams.${name}.columns`, message }] })
  }
  const key = keyOf(name, stream, columns, known)
  const title = stream.title ?? titleOf(name)
  return {
    name,
    title,
    about: stream.about ?? `${title} as the API gives them.`,
    from: name,
    key,
    load: stream.load ?? 'merge',
    columns: columns.map((column) => toColumn(column, key, stream)),
    hint: hintOf({ columns, isChild: (stream.parent ?? stream.partitions) !== undefined }),
  }
}

function rowsOf(dataset: DiscoveredDataset, { values, parent }: FirstPage, carried: readonly string[]): Row[] {
  const { rows } = compileDiscovered(dataset, toRow)
  const whole = parent === null ? (record: unknown) => record : ofParent(parent, carried)
  return values.flatMap((value) => {
    const made = rows(whole(value))
    if (made.kind !== 'rows') return []
    return made.items.flatMap((item) =>
      item.values ? [Object.fromEntries(dataset.columns.map(({ name }, index) => [name, item.values![index]]))] : [],
    )
  })
}
