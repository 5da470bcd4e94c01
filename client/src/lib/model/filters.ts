import { dayAfter, midnight, type Format } from './format.ts'
import { isIdentifier } from './measure.ts'
import type { Column, ColumnKind } from './types.ts'

/** How a filter compares. */
export type Comparison = 'is' | 'not' | 'has' | 'begins' | 'from' | 'to' | 'empty' | 'filled'

/** One condition on one column. In the address: `magnitude.from.4.5`. */
export interface Filter {
  column: string
  comparison: Comparison
  value: string
}

/** How rows are sorted. In the address: `magnitude`, or `-magnitude` for the largest first. */
export interface Sort {
  column: string
  descending: boolean
}

const TEXT: readonly Comparison[] = ['has', 'begins', 'is', 'not', 'empty', 'filled']
const ORDERED: readonly Comparison[] = ['from', 'to', 'is', 'not', 'empty', 'filled']
const BY_KIND: Readonly<Record<ColumnKind, readonly Comparison[]>> = {
  text: TEXT,
  int: ORDERED,
  double: ORDERED,
  decimal: ORDERED,
  date: ORDERED,
  instant: ['from', 'to', 'empty', 'filled'],
  boolean: ['is', 'empty', 'filled'],
  json: ['empty', 'filled'],
  image: ['empty', 'filled'],
}

const PAGE = 50
/** The API gives at most this many rows at once; the file has them all. */
export const MOST_ROWS = 1000

/** The comparisons that make sense for a column. */
export function comparisonsFor(column: Pick<Column, 'kind' | 'nullable' | 'values'>): readonly Comparison[] {
  const all = column.values ? (['is', 'not', 'empty', 'filled'] as const) : BY_KIND[column.kind]
  return column.nullable ? all : all.filter((one) => one !== 'empty' && one !== 'filled')
}

/** A comparison as part of a sentence, for a kind of column. */
export function comparisonWord(comparison: Comparison, kind: ColumnKind): string {
  const time = kind === 'date' || kind === 'instant'
  const words: Record<Comparison, string> = {
    is: 'is',
    not: 'is not',
    has: 'contains',
    begins: 'begins with',
    from: time ? 'is from' : 'is at least',
    to: time ? 'is until' : 'is at most',
    empty: 'is empty',
    filled: 'is not empty',
  }
  return words[comparison]
}

/** Whether a comparison needs a value. */
export function needsValue(comparison: Comparison): boolean {
  return comparison !== 'empty' && comparison !== 'filled'
}

/** Reads the filters of an address; what names no column, or does not fit its kind, is left out. */
export function readFilters(params: URLSearchParams, columns: readonly Column[]): Filter[] {
  return params.getAll('filter').flatMap((text) => {
    const column = columns.find((one) => text.startsWith(`${one.name}.`))
    if (!column) return []
    const [comparison = '', ...rest] = text.slice(column.name.length + 1).split('.')
    const filter = { column: column.name, comparison: comparison as Comparison, value: rest.join('.') }
    return comparisonsFor({ ...column, nullable: true }).includes(filter.comparison) && fits(filter, column.kind) ? [filter] : []
  })
}

/** A filter as it stands in the address. */
export function writeFilter(filter: Filter): string {
  return needsValue(filter.comparison) ? `${filter.column}.${filter.comparison}.${filter.value}` : `${filter.column}.${filter.comparison}`
}

/** Whether a value can be compared with a column of this kind. */
export function fits(filter: Filter, kind: ColumnKind): boolean {
  if (!needsValue(filter.comparison)) return true
  if (kind === 'int') return /^[-−]?\d{1,18}$/.test(filter.value)
  if (kind === 'double' || kind === 'decimal') return /^[-−]?\d+(\.\d+)?$/.test(filter.value)
  if (kind === 'date' || kind === 'instant') return /^\d{4}-\d{2}-\d{2}$/.test(filter.value) && !Number.isNaN(Date.parse(filter.value))
  if (kind === 'boolean') return filter.value === 'true' || filter.value === 'false'
  return filter.value !== ''
}

/** The filters as a condition of the API, days being those of the reader's zone; null when there are none. */
export function toWhere(filters: readonly Filter[], columns: readonly Column[], timeZone: string): Record<string, unknown> | null {
  const parts = filters.flatMap((filter) => {
    const column = columns.find((one) => one.name === filter.column)
    return column ? [{ [column.name]: condition(filter, column.kind, timeZone) }] : []
  })
  return parts.length > 0 ? { and: parts } : null
}

function condition({ comparison, value }: Filter, kind: ColumnKind, timeZone: string): Record<string, unknown> {
  if (comparison === 'empty') return { isNull: true }
  if (comparison === 'filled') return { isNull: false }
  const operators = { is: 'eq', not: 'ne', has: 'contains', begins: 'startsWith', from: 'gte', to: 'lte' } as const
  const plain = value.replace('−', '-')
  if (kind === 'instant') {
    return comparison === 'to'
      ? { lt: midnight(dayAfter(value), timeZone).toISOString() }
      : { gte: midnight(value, timeZone).toISOString() }
  }
  if (kind === 'boolean') return { eq: value === 'true' }
  if (kind === 'double') return { [operators[comparison]]: Number(plain) }
  if (kind === 'int') return { [operators[comparison]]: Number.isSafeInteger(Number(plain)) ? Number(plain) : plain }
  return { [operators[comparison]]: kind === 'decimal' ? plain : value }
}

/** The value of a filter as the chip says it. */
export function filterValue(filter: Filter, column: Column, format: Format): string {
  if (!needsValue(filter.comparison)) return ''
  if (column.kind === 'date' || column.kind === 'instant') return format.date(filter.value)
  if (column.kind === 'boolean') return filter.value === 'true' ? 'yes' : 'no'
  if (column.kind === 'text') return filter.value
  const number = format.number(filter.value.replace('−', '-'), { useGrouping: !isIdentifier(column) })
  return `${number}${column.unit ? ` ${column.unit}` : ''}`
}

/** Reads the sorting of an address; null when it names no column. */
export function readSort(params: URLSearchParams, columns: readonly Column[]): Sort | null {
  const text = params.get('sort') ?? ''
  const sort = { column: text.replace(/^-/, ''), descending: text.startsWith('-') }
  const column = columns.find((one) => one.name === sort.column)
  return column && column.kind !== 'json' && column.kind !== 'image' ? sort : null
}

/** A sorting as it stands in the address. */
export function writeSort(sort: Sort): string {
  return `${sort.descending ? '-' : ''}${sort.column}`
}

/** How many rows the table shows: 50, and 50 more with each press, up to 1,000. */
export function shownRows(params: URLSearchParams): number {
  const asked = Number(params.get('rows') ?? PAGE)
  return Number.isInteger(asked) && asked >= PAGE ? Math.min(MOST_ROWS, asked) : PAGE
}

/** The same address with other parameters; null takes one away. */
export function withParams(
  url: { readonly pathname: string; readonly searchParams: { toString(): string } },
  changes: Record<string, string | readonly string[] | null>,
): string {
  const params = new URLSearchParams(url.searchParams.toString())
  for (const [name, value] of Object.entries(changes)) {
    params.delete(name)
    for (const one of value === null ? [] : typeof value === 'string' ? [value] : value) params.append(name, one)
  }
  const query = params.toString()
  return query ? `${url.pathname}?${query}` : url.pathname
}
