import type { Column, ColumnKind, DatasetShape } from '@handover/sdk'
import type { EntityManager } from 'typeorm'
import type { Asks } from '../database.ts'
import type { Dialect, Direction, Fragment, MeasureFunction, Period, StoredColumn } from '../dialect.ts'
import { newId } from '../../shared/ids.ts'
import { allColumns, keyOf, systemColumns, type RowBatch, type Table } from '../table.ts'
import { caseVariants } from './fold.ts'
import { fromStored, toStored } from './values.ts'
import { SqliteWriter } from './writer.ts'

/**
 * Each kind has a declared type of its own, so the file itself says what a column holds. SQLite reads an affinity out of the name:
 * TEXT, REAL (from DOUBLE) or INTEGER (from INT). None is INTEGER alone, which would make a key the row's own number.
 */
const types: Record<ColumnKind, string> = {
  text: 'TEXT',
  int: 'BIGINT',
  double: 'DOUBLE',
  decimal: 'DECIMAL_INT',
  boolean: 'BOOLEAN_INT',
  date: 'DATE_TEXT',
  instant: 'INSTANT_TEXT',
  json: 'JSON_TEXT',
  image: 'IMAGE_TEXT',
}

const periodLength: Record<Exclude<Period, 'decade'>, number> = { year: 4, month: 7, day: 10, hour: 13 }

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** SQLite 3.53, as node:sqlite brings it. */
export class SqliteDialect implements Dialect {
  readonly quote = quote
  readonly toStored = toStored
  readonly fromStored = fromStored
  readonly rowsPerBatch = 5_000
  readonly #writer = new SqliteWriter(quote)

  typeOf(column: Column): string {
    return column.kind === 'decimal' ? `${types.decimal}(${column.scale ?? 0})` : types[column.kind]
  }

  kindOf(stored: string): Pick<Column, 'kind' | 'scale'> | null {
    const decimal = /^DECIMAL_INT\((\d+)\)$/.exec(stored)
    if (decimal) return { kind: 'decimal', scale: Number(decimal[1]) }
    const kind = (Object.keys(types) as ColumnKind[]).find((each) => types[each] === stored)
    return kind === undefined ? null : { kind, scale: null }
  }

  /** A column of whole numbers keeps 5.5 as it is: its type is only an affinity. */
  holds(stored: string, column: Column): boolean {
    return stored === this.typeOf(column) || (stored === types.int && column.kind === 'double')
  }

  /** Types are affinities here: whatever can grow is held already. */
  async widen(): Promise<null> {
    return null
  }

  createTable(name: string, shape: DatasetShape): string[] {
    const key = keyOf(shape)
    const required = new Set([...key, ...systemColumns.map((column) => column.name)])
    const lines = allColumns(shape).map((column) => this.#define(column) + (required.has(column.name) ? ' NOT NULL' : ''))
    const create = `CREATE TABLE ${quote(name)} (${[...lines, `PRIMARY KEY (${key.map(quote).join(', ')})`].join(', ')})`
    const time = shape.columns.find((column) => column.role === 'time' && !key.includes(column.name))
    if (!time) return [create]
    // A name of its own each time: the index of a replaced table keeps the name that it got in the making.
    const index = quote(`${name}__by_${time.name}_${newId().slice(-12)}`)
    return [create, `CREATE INDEX ${index} ON ${quote(name)} (${[time.name, ...key].map(quote).join(', ')})`]
  }

  addColumn(table: string, column: Column): string {
    return `ALTER TABLE ${quote(table)} ADD COLUMN ${this.#define(column)}`
  }

  #define(column: Column): string {
    return `${quote(column.name)} ${this.typeOf(column)}`
  }

  columnsOf(source: Asks, table: string): Promise<StoredColumn[]> {
    return source.query('SELECT name, type, pk AS "key" FROM pragma_table_info(?)', [table])
  }

  async tablesLike(source: Asks, prefix: string): Promise<string[]> {
    const sql = `SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, length(?)) = ?`
    const rows: { name: string }[] = await source.query(sql, [prefix, prefix])
    return rows.map((row) => row.name)
  }

  async swap(manager: EntityManager, from: string, to: string): Promise<void> {
    await manager.query(`DROP TABLE IF EXISTS ${quote(to)}`)
    await manager.query(`ALTER TABLE ${quote(from)} RENAME TO ${quote(to)}`)
  }

  /** Renaming is part of the transaction. */
  async finishSwaps(): Promise<void> {}

  async decidedSwaps(): Promise<string[]> {
    return []
  }

  upsert(manager: EntityManager, table: Table, batch: RowBatch): Promise<{ inserted: number; updated: number }> {
    return this.#writer.upsert(manager, table, batch)
  }

  remove(manager: EntityManager, table: Table, keys: readonly (readonly unknown[])[]): Promise<number> {
    return this.#writer.remove(manager, table, keys)
  }

  unindexed(sql: string): string {
    return `+${sql}`
  }

  orderTerm(sql: string, direction: Direction, mayBeNull: boolean): string {
    if (direction === 'desc') return `${sql} DESC`
    return mayBeNull ? `${sql} ASC NULLS LAST` : `${sql} ASC`
  }

  contains(sql: string, part: string): Fragment {
    const values = caseVariants(part)
    return { sql: `(${values.map(() => `instr(lower(${sql}), ?) > 0`).join(' OR ')})`, values }
  }

  startsWith(sql: string, part: string): Fragment {
    const values = caseVariants(part)
    return { sql: `(${values.map(() => `instr(lower(${sql}), ?) = 1`).join(' OR ')})`, values }
  }

  period(sql: string, period: Period): string {
    return period === 'decade' ? `(substr(${sql}, 1, 3) || '0')` : `substr(${sql}, 1, ${periodLength[period]})`
  }

  stepOf(column: Column, sql: string, step: number): string {
    // A double such as 0.3 may lie a hair below the step that it names.
    const size = Number((step * 10 ** (scaleOf(column) ?? 0)).toPrecision(12))
    const nudge = column.kind === 'double' ? ' + 1e-9' : ''
    return `CAST(floor(${sql} / ${literal(size)}${nudge}) AS BIGINT)`
  }

  measure(fn: MeasureFunction, column: Column, sql: string): string {
    const scale = scaleOf(column)
    return `${fn}(CAST(${sql} AS REAL))${scale === null ? '' : ` / ${literal(10 ** scale)}`}`
  }
}

const scaleOf = (column: Column): number | null => (column.kind === 'decimal' ? (column.scale ?? 0) : null)

/** A number as SQL that is a double also when it is whole, because whole numbers divide without a remainder. */
const literal = (value: number): string => (Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value))
