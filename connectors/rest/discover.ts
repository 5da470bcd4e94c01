import {
  compileDiscovered,
  ConfigError,
  recordValue,
  titleOf,
  type Column,
  type Context,
  type DiscoveredDataset,
  type DiscoveredStream,
  type Discovery,
} from '@handover/sdk'
import { openApi } from './api.ts'
import { beside } from './beside.ts'
import { columnsOf, toColumn } from './columns.ts'
import type { Definition, StreamDefinition } from './definition/schema.ts'
import { ofParent } from './child-record.ts'
import { hintOf, knownBefore, streamHint, type KnownColumn } from './hints.ts'
import { keyOf, type Known } from './key.ts'
import { stepOf } from './paging.ts'
import { parentColumn, placesIn } from './placeholders.ts'
import { findRecords, recordsAt } from './records.ts'
import { requestOf } from './request.ts'
import { noParentColumn } from './said-columns.ts'
import type { Settings } from './settings.ts'
import { toRow } from './transform.ts'

const ROWS_ASKED = 5
const RECORDS_SAMPLED = 1_000

/** A row by names of columns. */
type Row = Readonly<Record<string, unknown>>

/** One stream as discovery found it. */
interface Found {
  readonly stream: DiscoveredStream
  readonly dataset: DiscoveredDataset
  /** The rows of the sample, which the samples of its children are asked by. */
  readonly rows: readonly Row[]
}

/** What the first page of a stream has shown. */
interface FirstPage {
  /** Where its records are. */
  readonly records: string
  readonly values: readonly unknown[]
  /** The parent's row that it was asked by. */
  readonly parent: Row | null
}

/**
 * Learns streams and columns: the first page of each stream is read, and what an earlier discovery found stays. `isTest` says that somebody
 * tries the settings out, so that a source that cannot be reached is a fault of theirs.
 */
export async function discover(context: Context<Settings>, previous: Discovery | null, isTest = false): Promise<Discovery> {
  const { definition } = context.config
  const found = new Map<string, Found>()
  for (const name of parentsFirst(definition.streams)) {
    const parent = found.get(definition.streams[name]!.parent ?? '')
    found.set(name, await beside(name, isTest, () => findStream(name, context, previous, parent)))
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

async function findStream(name: string, context: Context<Settings>, previous: Discovery | null, parent: Found | undefined): Promise<Found> {
  const stream = context.config.definition.streams[name]!
  checkPlaces(name, stream, parent?.dataset.columns ?? [])
  const first = await firstPage(name, stream, context, previous, parent)
  const columns = columnsOf(name, stream, first.values, knownBefore(previous, name), parent?.dataset ?? null)
  const before = previous?.datasets.find((each) => each.name === name)?.key ?? []
  const dataset = datasetOf(name, stream, columns, { records: first.values, before, parentKey: parent?.dataset.key ?? [] })
  const carried = columns.flatMap(({ from }) => ('parent' in from ? [from.parent] : []))
  const hint = hintOf({ records: first.records, parent: parent ? [...new Set(carried)] : null })
  const about = stream.about ?? (parent ? `Asked once for each row of ${stream.parent}.` : `One record per element of ${stream.path}.`)
  return {
    stream: { name, about, hint, ...(stream.parent !== undefined && { parent: stream.parent }) },
    dataset,
    rows: rowsOf(dataset, first, carried),
  }
}

/** Places such as {parent.id} can only be checked once the parent's columns are known. */
function checkPlaces(name: string, { path, query = {}, parent }: StreamDefinition, columns: readonly Column[]): void {
  if (parent === undefined) return
  const texts = [['path', path] as const, ...Object.entries(query).map(([key, value]) => [`query.${key}`, String(value)] as const)]
  for (const [at, text] of texts) {
    for (const wanted of placesIn(text).map(parentColumn)) {
      if (wanted !== null && !columns.some((column) => column.name === wanted))
        throw noParentColumn(`definition.streams.${name}.${at}`, wanted, columns)
    }
  }
}

/** The first page of a stream; of a child, that of the first rows of its parent until one has records. */
async function firstPage(
  name: string,
  stream: StreamDefinition,
  context: Context<Settings>,
  previous: Discovery | null,
  parent: Found | undefined,
): Promise<FirstPage> {
  const known = previous?.streams.find((each) => each.name === name)?.hint
  const fallback = known === undefined ? (stream.records ?? '') : streamHint(known).records
  let first: FirstPage = { records: stream.records ?? fallback, values: [], parent: null }
  for (const row of parent ? parent.rows.slice(0, ROWS_ASKED) : [null]) {
    const { path, query } = requestOf(name, stream, { cursor: null, parent: row, now: context.now() })
    const page = await openApi(context).get(path, { query: { ...stepOf(stream, () => []).first, ...query } })
    const records = stream.records ?? findRecords(page.body, name)
    first = { records, values: recordsAt(page.body, records, name).slice(0, RECORDS_SAMPLED).map(recordValue), parent: row }
    if (first.values.length > 0) break
  }
  return first
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
    hint: hintOf({ columns, isChild: stream.parent !== undefined }),
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
