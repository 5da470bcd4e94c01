import { recordValue, type Column, type Context, type DatasetShape, type Discovery } from '@handover/sdk'
import { openApi } from './api.ts'
import type { StreamDefinition } from './definition/schema.ts'
import { streamHint } from './hints.ts'
import { stepOf } from './paging.ts'
import { columnAbove, PARTITION, placesIn } from './placeholders.ts'
import { findRecords, recordsAt } from './records.ts'
import { requestOf } from './request.ts'
import { noParentColumn } from './said-columns.ts'
import type { Settings } from './settings.ts'
import { valueAt } from './value-at.ts'

const ROWS_ASKED = 5
const RECORDS_SAMPLED = 1_000
const LONGEST_PART = 191

/** A row by names of columns. */
export type Row = Readonly<Record<string, unknown>>

/** What a stream is asked by: its parent, or the parts that the definition names. */
export interface Above {
  readonly dataset: Pick<DatasetShape, 'columns' | 'key'>
  /** The rows of the sample, which the samples of its children are asked by. */
  readonly rows: readonly Row[]
}

/** What the first page of a stream has shown. */
export interface FirstPage {
  /** Where its records are. */
  readonly records: string
  readonly isList: boolean
  readonly values: readonly unknown[]
  /** The parent's row that it was asked by. */
  readonly parent: Row | null
}

/** The parts that a stream is asked for, as if they were the rows of a parent with one column. */
export function partsOf({ partitions }: StreamDefinition): Above | undefined {
  if (partitions === undefined) return undefined
  const about = 'The part that it was asked for.'
  const plain = { precision: null, scale: null, values: null, unit: null, role: 'category' as const, personal: false }
  const column: Column = { ...plain, name: PARTITION, title: 'Partition', about, kind: 'text', nullable: false, max: LONGEST_PART }
  return { dataset: { columns: [column], key: [PARTITION] }, rows: partitions.map((value) => ({ [PARTITION]: String(value) })) }
}

/** Places such as {parent.id} can only be checked once the parent's columns are known. */
export function checkPlaces(name: string, { path, query = {}, parent, partitions }: StreamDefinition, columns: readonly Column[]): void {
  if (parent === undefined && partitions === undefined) return
  const texts = [['path', path] as const, ...Object.entries(query).map(([key, value]) => [`query.${key}`, String(value)] as const)]
  for (const [at, text] of texts) {
    for (const wanted of placesIn(text).map(columnAbove)) {
      if (wanted !== null && !columns.some((column) => column.name === wanted))
        throw noParentColumn(`definition.streams.${name}.${at}`, wanted, columns)
    }
  }
}

/** The first page of a stream; of a child, that of the first rows of its parent until one has records. */
export async function firstPage(
  name: string,
  stream: StreamDefinition,
  context: Context<Settings>,
  previous: Discovery | null,
  above: Above | undefined,
): Promise<FirstPage> {
  const hint = previous?.streams.find((each) => each.name === name)?.hint
  const known = hint === undefined ? null : streamHint(hint)
  // What was known of another place says nothing about this one.
  const before = known !== null && (stream.records ?? known.records) === known.records ? known : null
  let first: FirstPage = { records: stream.records ?? before?.records ?? '', isList: before?.isList ?? false, values: [], parent: null }
  for (const row of above ? above.rows.slice(0, ROWS_ASKED) : [null]) {
    const { path, query } = requestOf(name, stream, { cursor: null, parent: row, now: context.now() })
    const page = await openApi(context).get(path, { query: { ...stepOf(stream, () => []).first, ...query } })
    // An empty list is still the list: what else the answer holds does not take its place.
    const isThere = before?.isList === true && Array.isArray(valueAt(page.body, before.records))
    const records = stream.records ?? (isThere ? before.records : findRecords(page.body, name))
    const values = recordsAt(page.body, records, name, before?.isList).slice(0, RECORDS_SAMPLED).map(recordValue)
    first = { records, isList: before?.isList === true || Array.isArray(valueAt(page.body, records)), values, parent: row }
    if (first.values.length > 0) break
  }
  return first
}
