import type { Column, DatasetShape } from '@handover/sdk'
import { RequestError } from '../shared/errors.ts'
import { askedValue } from './asked-value.ts'
import type { Dialect, Fragment } from './dialect.ts'
import { columnOf } from './table.ts'

/** What one column is compared with; all that are given must hold. Values look as in rows; text searches ignore the case of letters. */
export interface Comparison {
  readonly eq?: unknown
  readonly ne?: unknown
  readonly in?: readonly unknown[]
  readonly notIn?: readonly unknown[]
  readonly gt?: unknown
  readonly gte?: unknown
  readonly lt?: unknown
  readonly lte?: unknown
  readonly contains?: string
  readonly startsWith?: string
  readonly isNull?: boolean
}

/**
 * Which rows are meant. An empty column equals nothing but null, so `ne`, `notIn` and `not` find the rows where it is empty, and a condition
 * and its `not` together are always all rows.
 */
export interface Where {
  readonly and?: readonly Where[]
  readonly or?: readonly Where[]
  readonly not?: Where
  readonly [column: string]: unknown
}

const deepest = 20
const mostValues = 10_000
const signs = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const
/** Not the words TRUE and FALSE: where a column has such a name, SQLite reads the column. */
export const always: Fragment = { sql: '1 = 1', values: [] }
/** Holds for no row. */
export const never: Fragment = { sql: '1 = 0', values: [] }

/** Makes the condition of a WHERE clause. Names come from the shape, values become parameters. Throws a `RequestError`. */
export function compileWhere(dialect: Dialect, shape: DatasetShape, where: Where | null): Fragment {
  const fragment = where === null ? always : tree(dialect, shape, where, 0)
  if (fragment.values.length > mostValues) throw new RequestError(`A filter may compare with at most ${mostValues} values.`)
  return fragment
}

function tree(dialect: Dialect, shape: DatasetShape, where: Where, depth: number): Fragment {
  if (depth > deepest) throw new RequestError(`A filter may be nested ${deepest} levels deep.`)
  const inner = (each: Where): Fragment => tree(dialect, shape, each, depth + 1)
  const parts = Object.entries(where)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => {
      if (name === 'and') return join('AND', (value as Where[]).map(inner), always)
      if (name === 'or') return join('OR', (value as Where[]).map(inner), never)
      if (name === 'not') return not(inner(value as Where))
      return comparisons(dialect, columnOf(shape, name), value as Comparison)
    })
  return join('AND', parts, always)
}

function comparisons(dialect: Dialect, column: Column, comparison: Comparison): Fragment {
  const sql = dialect.quote(column.name)
  const parts = Object.entries(comparison)
    .filter(([, value]) => value !== undefined)
    .map(([operator, value]) => compare(dialect, column, sql, operator, value))
  return join('AND', parts, always)
}

function compare(dialect: Dialect, column: Column, sql: string, operator: string, value: unknown): Fragment {
  const bind = (each: unknown): unknown => dialect.toStored(column, askedValue(column, each))
  switch (operator) {
    case 'eq':
      return value === null ? empty(sql) : { sql: `${sql} = ?`, values: [bind(value)] }
    case 'ne':
      return not(compare(dialect, column, sql, 'eq', value))
    case 'in':
      return oneOf(sql, listOf(column, value), bind)
    case 'notIn':
      return not(compare(dialect, column, sql, 'in', value))
    case 'isNull':
      return value ? empty(sql) : not(empty(sql))
    case 'contains':
      return dialect.contains(sql, partOf(column, value))
    case 'startsWith':
      return dialect.startsWith(sql, partOf(column, value))
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return { sql: `${sql} ${signs[operator]} ?`, values: [bind(value)] }
    default:
      throw new RequestError(`Column "${column.name}" cannot be compared by "${operator}".`)
  }
}

function oneOf(sql: string, list: readonly unknown[], bind: (value: unknown) => unknown): Fragment {
  const values = list.filter((each) => each !== null).map(bind)
  const known = values.length === 0 ? never : { sql: `${sql} IN (${values.map(() => '?').join(', ')})`, values }
  return list.includes(null) ? join('OR', [known, empty(sql)], never) : known
}

const empty = (sql: string): Fragment => ({ sql: `${sql} IS NULL`, values: [] })

/** Also true where the condition is neither true nor false because a value is empty. */
const not = (part: Fragment): Fragment => ({ sql: `(COALESCE((${part.sql}), 0) = 0)`, values: part.values })

function join(word: 'AND' | 'OR', parts: readonly Fragment[], none: Fragment): Fragment {
  if (parts.length === 0) return none
  if (parts.length === 1) return parts[0]!
  return { sql: `(${parts.map((part) => part.sql).join(` ${word} `)})`, values: parts.flatMap((part) => part.values) }
}

function listOf(column: Column, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new RequestError(`Column "${column.name}" needs a list for "in" and "notIn".`)
}

function partOf(column: Column, value: unknown): string {
  const searchable = column.kind === 'text' || column.kind === 'json' || column.kind === 'image'
  if (searchable && typeof value === 'string') return value
  throw new RequestError(
    `Column "${column.name}" cannot be searched for ${searchable ? 'anything but text' : 'text, because it holds none'}.`,
  )
}
