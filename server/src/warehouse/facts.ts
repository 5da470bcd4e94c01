import { turn } from '../shared/turn.ts'
import type { Database } from './database.ts'
import type { Dialect } from './dialect.ts'
import { systemColumns, type Table } from './table.ts'

/** What is known about the values of one column. `min` and `max` are texts as rows show them; null when all are empty. */
export interface ColumnFacts {
  readonly column: string
  readonly empty: number
  /** Number of different values; null where counting them would take too long. */
  readonly distinct: number | null
  readonly min: string | null
  readonly max: string | null
  /** The value of some row, as rows show it; null when all are empty. */
  readonly example: string | null
  /** When a row with a value in it last changed. */
  readonly lastAt: Date | null
}

const mostRowsToCompare = 200_000
const loadedAt = systemColumns.find(({ name }) => name === '_loaded_at')!

/** Facts of every declared column: one column at a time, so that other questions are answered in between. */
export async function columnFacts(db: Database, dialect: Dialect, table: Table): Promise<ColumnFacts[]> {
  const name = dialect.quote(table.name)
  const [{ rows }] = await db.read.query(`SELECT count(*) AS "rows" FROM ${name}`)
  const compare = Number(rows) <= mostRowsToCompare
  const facts: ColumnFacts[] = []
  for (const column of table.shape.columns) {
    const sql = dialect.quote(column.name)
    const distinct = compare ? `count(DISTINCT ${sql})` : 'NULL'
    const [row] = await db.read.query(
      `SELECT count(*) - count(${sql}) AS "empty", ${distinct} AS "distinct", min(${sql}) AS least, max(${sql}) AS most,
        max(CASE WHEN ${sql} IS NOT NULL THEN _loaded_at END) AS last FROM ${name}`,
    )
    const [some] = await db.read.query(`SELECT ${sql} AS value FROM ${name} WHERE ${sql} IS NOT NULL LIMIT 1`)
    const text = (value: unknown): string | null => (value === null ? null : String(dialect.fromStored(column, value)))
    facts.push({
      column: column.name,
      empty: Number(row.empty),
      distinct: row.distinct === null ? null : Number(row.distinct),
      min: text(row.least),
      max: text(row.most),
      example: text(some?.value ?? null),
      lastAt: row.last === null ? null : new Date(dialect.fromStored(loadedAt, row.last) as string),
    })
    await turn()
  }
  return facts
}
