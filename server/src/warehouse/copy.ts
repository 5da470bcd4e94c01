import type { Column, DatasetShape } from '@handover/sdk'
import type { EntityManager } from 'typeorm'
import type { Asks, Database } from './database.ts'
import type { Dialect } from './dialect.ts'
import { allColumns, systemColumns, type Table } from './table.ts'

/** Parameters of one statement, below what SQLite takes. */
const MOST_PARAMETERS = 30_000
const MOST_ROWS = 500

/**
 * The table as it stands in the database, which may have columns that its dataset does not declare any more, and lack some that it declares since. null
 * when there is none yet.
 */
export async function storedTable(asks: Asks, dialect: Dialect, { name, shape }: Table): Promise<Table | null> {
  const stored = await dialect.columnsOf(asks, name)
  if (stored.length === 0) return null
  const columns = stored.flatMap((column): Column[] => {
    if (systemColumns.some((each) => each.name === column.name)) return []
    const declared = shape.columns.find((each) => each.name === column.name)
    if (declared !== undefined && dialect.holds(column.type, declared)) return [declared]
    const kind = dialect.kindOf(column.type)
    if (kind === null) return []
    return [{ ...nobodyKnows, ...declared, ...kind, name: column.name }]
  })
  return { name, shape: { ...shape, columns } }
}

/** What is left to say of a column that nobody declares any more. */
const nobodyKnows: Omit<Column, 'name' | 'kind' | 'scale'> = {
  ...{ title: '', about: '', nullable: true, max: null, precision: null, values: null, unit: null, role: null, personal: false },
}

/** The values of a row as the contract has them, in the order of all columns, from what `Snapshot.rows` gives. */
export const valuesOf = (dialect: Dialect, shape: DatasetShape, row: Readonly<Record<string, unknown>>): unknown[] =>
  allColumns(shape).map((column) => dialect.fromStored(column, row[column.name]))

/**
 * Inserts rows of a copied table as they are, with their system columns. A text that is longer than its dataset says, because that said otherwise
 * once, makes room for itself.
 */
export async function insertCopied(db: Database, { name, shape }: Table, rows: readonly (readonly unknown[])[]): Promise<void> {
  const columns = allColumns(shape)
  const stored = rows.map((row) => columns.map((column, index) => db.dialect.toStored(column, row[index])))
  const insert = () =>
    db.transaction((manager) => insertRows(manager, db.dialect, { name, columns: columns.map((column) => column.name) }, stored))
  try {
    await insert()
  } catch (error) {
    if (!(await widenTexts(db, { name, shape }))) throw error
    await insert()
  }
}

/** Inserts rows of stored values into a table, many in one statement. */
export async function insertRows(
  manager: EntityManager,
  { quote }: Dialect,
  { name, columns }: { readonly name: string; readonly columns: readonly string[] },
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const size = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_PARAMETERS / columns.length)))
  const tuple = `(${columns.map(() => '?').join(', ')})`
  for (let from = 0; from < rows.length; from += size) {
    const some = rows.slice(from, from + size)
    const sql = `INSERT INTO ${quote(name)} (${columns.map((column) => quote(column)).join(', ')}) VALUES ${some.map(() => tuple).join(', ')}`
    await manager.query(sql, some.flat())
  }
}

/** True when a column of texts could be made longer. */
async function widenTexts({ write, dialect }: Database, { name, shape }: Table): Promise<boolean> {
  let wasWidened = false
  for (const stored of await dialect.columnsOf(write, name)) {
    const column = shape.columns.find((each) => each.name === stored.name && each.kind === 'text')
    if (column === undefined || stored.key > 0 || stored.type === dialect.typeOf({ ...column, max: null })) continue
    const statement = await dialect.widen(write, name, stored, { ...column, max: null })
    if (statement !== null) await write.query(statement)
    wasWidened ||= statement !== null
  }
  return wasWidened
}
