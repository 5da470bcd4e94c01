import type { Database } from './database.ts'

/** A column of a table and since when the table has it. */
export interface ColumnAge {
  readonly column: string
  readonly since: Date
}

/** A change of a table as both databases write it: the name stands in the quotes of either. */
const ADDED = /^ALTER TABLE \S+ ADD COLUMN (?:"((?:[^"]|"")+)"|`((?:[^`]|``)+)`)/
const MADE = /^CREATE TABLE /

/** Since when a table has each of these columns, by the log of its changes. A column that was there when the table was made has the time of that. */
export async function columnAges(db: Database, table: string, columns: readonly string[]): Promise<ColumnAge[]> {
  const steps: { statement: string; at: string | Date }[] = await db.read.query(
    'SELECT statement, at FROM handover_schema_step WHERE table_name = ? ORDER BY id',
    [table],
  )
  const ages = new Map<string, Date>()
  for (const { statement, at } of steps) {
    const [, quoted, ticked] = ADDED.exec(statement) ?? []
    const added = quoted?.replaceAll('""', '"') ?? ticked?.replaceAll('``', '`')
    // A table that was dropped and made again begins anew.
    if (MADE.test(statement)) for (const column of columns) ages.set(column, utc(at))
    else if (added !== undefined) ages.set(added, utc(at))
  }
  return columns.flatMap((column) => (ages.has(column) ? [{ column, since: ages.get(column)! }] : []))
}

/** Drivers give text without a zone, or a Date. */
const utc = (at: string | Date): Date => (at instanceof Date ? at : new Date(`${at.replace(' ', 'T').replace(/Z$/, '')}Z`))
