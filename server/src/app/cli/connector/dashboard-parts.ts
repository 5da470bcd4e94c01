import type { Column, DatasetShape } from '@handover/sdk'
import { roleOf } from '../../../data-api/column-role.ts'

/** Rows by name of column. */
export type Rows = readonly Readonly<Record<string, unknown>>[]

/** A part of the page of a dataset that could be drawn. */
export interface Part {
  readonly kind: 'map' | 'series' | 'shares' | 'time' | 'histogram' | 'numbers' | 'cards'
  readonly words: string
  /** Title of the column that is counted. */
  readonly column?: string
  /** Title of the column whose values are followed one by one. */
  readonly by?: string | null
  /** Name of the column with pictures. */
  readonly image?: string | null
}

const MOST = 4
/** Fewer moments than this make no line. */
const FEWEST_MOMENTS = 3

/** A dataset as the API tells of it: columns whose names say that they name a thing are identifiers. `others` are the other datasets of the source. */
export const asServed = (shape: DatasetShape, others: readonly string[]): DatasetShape => ({
  ...shape,
  columns: shape.columns.map((column) => ({ ...column, role: roleOf(column, others) })),
})

/** Whether a column holds a number that can be measured: no key, no position, no identifier, and nothing about a person. */
export const isMeasure = (shape: Pick<DatasetShape, 'key'>, { name, kind, role, personal }: Column): boolean =>
  ['int', 'double', 'decimal'].includes(kind) && !shape.key.includes(name) && role === null && !personal

/** What could be drawn of a dataset, in the order of the page, as far as the rows at hand can tell. */
export function partsOf(shape: DatasetShape, rows: Rows): Part[] {
  const of = (role: string) => shape.columns.find((column) => column.role === role)
  const numbers = shape.columns.filter((column) => isMeasure(shape, column) && distinct(rows, column) > 1)
  const [number] = numbers
  const [time, ...otherTimes] = timesOf(shape, rows)
  const spread = [time, ...otherTimes].find((column) => column !== undefined && isSpread(rows, column))
  const [split, shares] = [time === undefined ? null : splitOf(shape, rows, time), sharesOf(shape, rows)]
  const isSeries = time !== undefined && (shape.key.includes(time.name) || (shape.load === 'append' && split !== null))
  const image = shape.columns.find(({ kind }) => kind === 'image')?.name ?? null
  const parts: (Part | null)[] = [
    of('latitude') && of('longitude')
      ? { kind: 'map', words: `Map: one point per row${number ? `, as large as ${number.title}` : ''}.` }
      : null,
    isSeries && number
      ? {
          kind: 'series',
          by: split?.title ?? null,
          words: `${number.title} over time${split ? `, one line for each ${split.title}` : ''}.`,
        }
      : null,
    shares ? { kind: 'shares', column: shares.title, words: `Shares: how often each ${shares.title} occurs.` } : null,
    spread
      ? {
          kind: 'time',
          words: `Columns over time: rows by ${spread.title}${number && !isSeries ? `; ${number.title} instead where rows come evenly` : ''}.`,
        }
      : null,
    number
      ? {
          kind: 'histogram',
          words: `Spread of a number: how many rows have which ${number.title}${number.unit ? ` (${number.unit})` : ''}.`,
        }
      : null,
    numbers.length > 1 ? { kind: 'numbers', words: `Numbers side by side: ${numbers.map(({ title }) => title).join(', ')}.` } : null,
    { kind: 'cards', image, words: `A few rows as cards${image === null ? '' : ', with their pictures'}.` },
  ]
  return parts.filter((part) => part !== null)
}

/** Those that are shown, as `client/src/lib/model/tile-choice.ts` chooses them; a check holds the two together. */
export function chosenParts(parts: readonly Part[]): Part[] {
  const kinds = new Set(parts.map(({ kind }) => kind))
  const hasPictures = parts.some(({ kind, image }) => kind === 'cards' && image !== null) && !kinds.has('map')
  const followed = parts.find(({ kind }) => kind === 'series')?.by
  const charts = parts.filter(({ kind, column }) => {
    if (kind === 'time') return !kinds.has('series')
    if (kind === 'shares' && column === followed) return false
    return kind !== 'cards' && kind !== 'numbers'
  })
  const numbers = parts.filter(({ kind }) => kind === 'numbers' && charts.length < MOST)
  const chosen = [...charts, ...numbers].slice(0, hasPictures ? MOST - 1 : MOST)
  return hasPictures || chosen.length < 2 ? [...chosen, ...parts.filter(({ kind }) => kind === 'cards')] : chosen
}

/** The columns that say when a row happened, the declared one first; none that is mostly empty. */
function timesOf({ columns }: DatasetShape, rows: Rows): Column[] {
  const isFilled = ({ name }: Column) => rows.filter((row) => row[name] !== null && row[name] !== undefined).length >= rows.length / 2
  const dated = columns.filter((column) => (column.kind === 'instant' || column.kind === 'date') && isFilled(column))
  return [...dated.filter(({ role }) => role === 'time'), ...dated.filter(({ role }) => role !== 'time')]
}

/** Whether rows lie on three different days at least, or in as many hours. */
function isSpread(rows: Rows, { name, kind }: Column): boolean {
  const length = kind === 'date' ? 'YYYY-MM-DD'.length : 'YYYY-MM-DDTHH'.length
  return new Set(rows.flatMap((row) => String(row[name] ?? '').slice(0, length) || [])).size >= FEWEST_MOMENTS
}

/** The column whose values are followed one by one: a name or category that comes again, else another part of the key. */
function splitOf(shape: DatasetShape, rows: Rows, time: Column): Column | null {
  const isPart = ({ name }: Column) => shape.key.includes(name) && shape.key.includes(time.name)
  const again = shape.columns.filter((column) => column !== time && distinct(rows, column) > 1 && distinct(rows, column) <= rows.length / 2)
  const of = (role: string) => again.find((column) => column.role === role && column.kind === 'text')
  return of('label') ?? again.find((column) => isPart(column) && ['text', 'int'].includes(column.kind)) ?? of('category') ?? null
}

/** What rows are best counted by: a category, an enumeration, or text or an answer that says the same again and again. */
function sharesOf(shape: DatasetShape, rows: Rows): Column | undefined {
  const repeats = (column: Column) => distinct(rows, column) > 1 && distinct(rows, column) < rows.length
  const isPlain = (column: Column) =>
    column.kind === 'text' &&
    !shape.key.includes(column.name) &&
    column.role === null &&
    distinct(rows, column) <= Math.min(60, rows.length / 3)
  return (
    shape.columns.find((column) => column.role === 'category' && repeats(column)) ??
    shape.columns.find((column) => column.values !== null && repeats(column)) ??
    shape.columns.find((column) => isPlain(column) && repeats(column)) ??
    shape.columns.find((column) => column.kind === 'boolean' && repeats(column))
  )
}

const distinct = (rows: Rows, { name }: Column): number => new Set(rows.flatMap((row) => row[name] ?? [])).size
