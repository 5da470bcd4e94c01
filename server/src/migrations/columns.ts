import { Table, TableColumn, type QueryRunner, type TableColumnOptions } from 'typeorm'

/** How migrations write columns down. The same words make the tables of every database. */
export type ColumnOptions = TableColumnOptions
type More = Partial<ColumnOptions>

export const varchar = (name: string, length: number, more: More = {}): ColumnOptions => ({
  ...{ name, type: 'varchar', length: String(length) },
  ...more,
})
export const id = (name: string, more: More = {}): ColumnOptions => varchar(name, 36, more)
export const counter: ColumnOptions = { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' }
export const text = (name: string, more: More = {}): ColumnOptions => ({ name, type: 'text', ...more })
export const time = (name: string, more: More = {}): ColumnOptions => ({ name, type: 'datetime', precision: 3, ...more })
export const integer = (name: string, more: More = {}): ColumnOptions => ({ name, type: 'integer', ...more })
export const bigint = (name: string, more: More = {}): ColumnOptions => ({ name, type: 'bigint', ...more })
export const flag = (name: string, more: More = { default: '0' }): ColumnOptions => ({ name, type: 'boolean', ...more })
export const key: More = { isPrimary: true }
export const optional: More = { isNullable: true }
export const zero: More = { default: '0' }

/** Makes a table with its indexes, by name and columns; a name that ends with `!` allows each combination once. A table that is there stays. */
export async function createTable(
  runner: QueryRunner,
  name: string,
  columns: readonly ColumnOptions[],
  indexes: readonly (readonly [name: string, columns: readonly string[]])[] = [],
): Promise<void> {
  const indices = indexes.map(([index, columnNames]) => ({
    ...{ name: index.replace('!', ''), columnNames: [...columnNames], isUnique: index.endsWith('!') },
  }))
  // MySQL makes a table and its indexes in one statement, so a crash leaves all of it or nothing, and what is there is whole.
  await runner.createTable(new Table({ name, columns: columns.map((column) => exact(runner, column)), indices }), true)
}

/** Adds a column; one that is there already, because a crash came before that was written down, stays. */
export async function addColumn(runner: QueryRunner, table: string, column: ColumnOptions): Promise<void> {
  if (!(await runner.hasColumn(table, column.name))) await runner.addColumn(table, new TableColumn(exact(runner, column)))
}

/** On MySQL texts compare byte by byte, as they do on SQLite, and a text may be longer than 64 kB. */
function exact(runner: QueryRunner, column: ColumnOptions): ColumnOptions {
  if (runner.dataSource.options.type !== 'mysql' || !['varchar', 'text'].includes(column.type)) return column
  return { ...column, type: column.type === 'text' ? 'longtext' : 'varchar', charset: 'utf8mb4', collation: 'utf8mb4_0900_bin' }
}
