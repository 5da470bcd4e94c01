import type { Column } from '@handover/sdk'
import { RequestError } from '../shared/errors.ts'
import { checkFirst } from '../shared/paging.ts'
import type { Database } from './database.ts'
import type { Dialect, Direction, MeasureFunction, Period } from './dialect.ts'
import { columnOf, mayBeNull, type Table } from './table.ts'
import { compileWhere, type Where } from './where.ts'

/** What rows are grouped by: equal values, steps of a number, or periods of a date or instant (UTC). */
export interface GroupBy {
  readonly column: string
  readonly step?: number | null
  readonly period?: Period | null
}

export interface Measure {
  readonly fn: MeasureFunction
  readonly column: string
}

export interface GroupsQuery {
  readonly where: Where | null
  readonly by: readonly GroupBy[]
  readonly measures: readonly Measure[]
  readonly orderBy: 'count' | 'key'
  readonly direction: Direction
  /** 1 to 10,000. */
  readonly first: number
}

/** A step is named by its lower end, a period as `2026`, `2026-01`, `2026-01-31` or `2026-01-31T12`, a decade as `2020`; null = empty. */
export interface Group {
  readonly keys: (string | null)[]
  readonly count: number
  readonly values: (number | null)[]
}

interface Part {
  readonly sql: string
  readonly mayBeNull: boolean
  textOf(value: unknown): string
}

const mostGroups = 10_000
const numbers = new Set(['int', 'double', 'decimal'])

/** Counts rows by group; `total` is the number of all groups, of which the first ones are given. */
export async function groups(
  db: Database,
  dialect: Dialect,
  table: Table,
  query: GroupsQuery,
): Promise<{ groups: Group[]; total: number }> {
  const first = checkFirst(query.first, mostGroups)
  const parts = query.by.map((by) => partOf(dialect, table, by))
  const measures = query.measures.map((measure) => measureOf(dialect, table, measure))
  const condition = compileWhere(dialect, table.shape, query.where)
  const columns = [
    ...parts.map((part, index) => `${part.sql} AS k${index}`),
    ...measures.map((sql, index) => `${sql} AS m${index}`),
    'count(*) AS "rows"',
    'count(*) OVER () AS "total"',
  ]
  const from = `SELECT ${columns.join(', ')} FROM ${dialect.quote(table.name)} WHERE ${condition.sql}`
  const grouping = parts.length === 0 ? '' : ` GROUP BY ${parts.map((_, index) => index + 1).join(', ')}`
  const rows: Record<string, unknown>[] = await db.read.query(
    `${from}${grouping} ORDER BY ${orderOf(dialect, parts, query)} LIMIT ${first}`,
    [...condition.values],
  )
  return {
    total: Number(rows[0]?.['total'] ?? 0),
    groups: rows.map((row) => ({
      keys: parts.map((part, index) => keyText(part, row[`k${index}`])),
      count: Number(row['rows']),
      values: measures.map((_, index) => numberOf(row[`m${index}`])),
    })),
  }
}

const keyText = (part: Part, value: unknown): string | null => (value === null ? null : part.textOf(value))
const numberOf = (value: unknown): number | null => (value === null ? null : Number(value))

function orderOf(dialect: Dialect, parts: readonly Part[], query: GroupsQuery): string {
  const keys = (direction: Direction): string[] => parts.map((part) => dialect.orderTerm(part.sql, direction, part.mayBeNull))
  if (query.orderBy === 'key' && parts.length > 0) return keys(query.direction).join(', ')
  return [`count(*) ${query.direction === 'asc' ? 'ASC' : 'DESC'}`, ...keys('asc')].join(', ')
}

function partOf(dialect: Dialect, table: Table, by: GroupBy): Part {
  const column = columnOf(table.shape, by.column)
  const sql = dialect.quote(column.name)
  const nullable = mayBeNull(table.shape, column.name)
  if (by.step !== undefined && by.step !== null) return stepPart(dialect, column, sql, nullable, by.step)
  if (by.period) return periodPart(dialect, column, sql, nullable, by.period)
  return { sql, mayBeNull: nullable, textOf: (value) => String(dialect.fromStored(column, value)) }
}

function stepPart(dialect: Dialect, column: Column, sql: string, nullable: boolean, step: number): Part {
  if (!numbers.has(column.kind)) throw new RequestError(`Column "${column.name}" holds no numbers, so it cannot be grouped by steps.`)
  if (!Number.isFinite(step) || step <= 0) throw new RequestError(`A step must be above 0; ${step} was asked for.`)
  // Twelve digits take away what doubles add: 3 × 0.1 is 0.3, not 0.30000000000000004.
  const lowerEnd = (value: unknown): string => String(Number((Number(value) * step).toPrecision(12)))
  return { sql: dialect.stepOf(column, sql, step), mayBeNull: nullable, textOf: lowerEnd }
}

function periodPart(dialect: Dialect, column: Column, sql: string, nullable: boolean, period: Period): Part {
  const fits = column.kind === 'instant' || (column.kind === 'date' && period !== 'hour')
  if (!fits) throw new RequestError(`Column "${column.name}" cannot be grouped by ${period}.`)
  return { sql: dialect.period(sql, period), mayBeNull: nullable, textOf: String }
}

/** SQL of a measure; throws a `RequestError` for a column that holds no numbers. */
export function measureOf(dialect: Dialect, table: Table, measure: Measure): string {
  const column = columnOf(table.shape, measure.column)
  if (numbers.has(column.kind)) return dialect.measure(measure.fn, column, dialect.quote(column.name))
  throw new RequestError(`Column "${column.name}" holds no numbers, so it has no ${measure.fn}.`)
}
