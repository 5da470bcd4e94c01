import type { Database } from './database.ts'
import type { Dialect } from './dialect.ts'
import { measureOf, type Measure } from './groups.ts'
import type { Table } from './table.ts'
import { compileWhere, type Where } from './where.ts'

/** One number of a table, with the statement that gave it: anybody can run it again. */
export interface SingleValue {
  /** null when no row has a value. */
  readonly value: number | null
  readonly sql: string
  /** Stand in the places of the question marks, in their order. */
  readonly parameters: readonly unknown[]
}

/** Counts the rows that meet a condition, or measures a column of them. Throws a `RequestError` for a column that holds no numbers. */
export async function singleValue(
  db: Database,
  dialect: Dialect,
  table: Table,
  where: Where | null,
  measure: Measure | null,
): Promise<SingleValue> {
  const condition = compileWhere(dialect, table.shape, where)
  const asked = measure === null ? 'count(*)' : measureOf(dialect, table, measure)
  const filter = where === null ? '' : ` WHERE ${condition.sql}`
  const sql = `SELECT ${asked} AS "value" FROM ${dialect.quote(table.name)}${filter}`
  const [row] = await db.read.query(sql, [...condition.values])
  return { value: row.value === null ? null : Number(row.value), sql, parameters: condition.values }
}
