import type { Column } from '@handover/sdk'
import { Field, Int, ObjectType } from 'type-graphql'
import { JsonScalar } from '../shared/scalars.types.ts'
import type { PreviewedDataset } from './preview.ts'

/** One column of a dataset that is not kept yet. */
@ObjectType('PreviewColumn')
export class PreviewColumnType {
  @Field(() => String, { description: 'As the rows call it.' })
  name!: string

  @Field(() => String)
  title!: string

  @Field(() => String)
  about!: string

  @Field(() => String, { description: 'text, int, double, decimal, boolean, date, instant, json or image.' })
  kind!: string

  @Field(() => Boolean)
  nullable!: boolean

  @Field(() => Boolean, { description: 'True when it is part of what makes a row unique.' })
  key!: boolean

  @Field(() => String, { nullable: true })
  unit!: string | null

  @Field(() => String, { nullable: true })
  role!: string | null

  @Field(() => Boolean, { description: 'True when it says something about a person.' })
  personal!: boolean

  @Field(() => [String], { nullable: true })
  values!: readonly string[] | null
}

/** A record or row that would be set aside. */
@ObjectType('PreviewFault', { description: 'A record or row that would be set aside.' })
export class PreviewFaultType {
  @Field(() => String, { nullable: true, description: 'null when it is not about one column.' })
  column!: string | null

  @Field(() => String)
  reason!: string

  @Field(() => String, { description: 'What the source sent, word for word; at most its first 4,000 characters.' })
  raw!: string

  @Field(() => Boolean, { description: 'True when `raw` is only the beginning.' })
  rawCut!: boolean
}

/** What a dataset would look like. */
@ObjectType('PreviewDataset', { description: 'The first rows of a dataset, straight from its source; nothing of it is kept.' })
export class PreviewDatasetType {
  @Field(() => String)
  dataset!: string

  @Field(() => String)
  title!: string

  @Field(() => String)
  about!: string

  @Field(() => [PreviewColumnType])
  columns!: PreviewColumnType[]

  @Field(() => [JsonScalar], {
    description: 'Values by name of column. Decimals, and whole numbers beyond 2^53, are text, so that no digit is lost.',
  })
  rows!: Record<string, unknown>[]

  @Field(() => Int, { description: 'How many rows these are.' })
  shown!: number

  @Field(() => Int, { description: 'Records that were looked at.' })
  records!: number

  @Field(() => Int, { description: 'Records that the connector leaves out on purpose.' })
  filtered!: number

  @Field(() => [PreviewFaultType], { description: 'The first of those that would be set aside.' })
  faults!: PreviewFaultType[]

  @Field(() => Int, { description: 'How many of those that were looked at would be set aside.' })
  faultCount!: number

  @Field(() => Boolean, { description: 'True when the source has nothing beyond what was looked at.' })
  complete!: boolean

  @Field(() => String, { description: 'How much of it this is, as a sentence.' })
  note!: string
}

const LONGEST_RAW = 4000

/** A preview as the API shows it. */
export function previewAnswer({ shape, ...preview }: PreviewedDataset): PreviewDatasetType {
  const { records, filtered, faultCount, complete } = preview
  const rows = preview.rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shown(value)])))
  return {
    dataset: shape.name,
    title: shape.title,
    about: shape.about,
    columns: shape.columns.map((column): PreviewColumnType => ({ ...(column satisfies Column), key: shape.key.includes(column.name) })),
    rows,
    shown: rows.length,
    records,
    filtered,
    faults: preview.faults.map(({ raw, ...fault }) => ({ ...fault, raw: raw.slice(0, LONGEST_RAW), rawCut: raw.length > LONGEST_RAW })),
    faultCount,
    complete,
    note: noteOf(rows.length, complete),
  }
}

const shown = (value: unknown): unknown => {
  if (typeof value !== 'bigint') return value ?? null
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}

function noteOf(count: number, complete: boolean): string {
  const rows = count === 1 ? '1 row' : `${count} rows`
  if (complete) return count === 0 ? 'The source has no rows for this table now.' : `Showing all ${rows} that the source has now.`
  return count === 0 ? 'No row was found in what was read so far; the source has more.' : `Showing the first ${rows}; the source has more.`
}
