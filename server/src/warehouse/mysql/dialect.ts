import type { Column, DatasetShape } from '@handover/sdk'
import type { DataSource, EntityManager } from 'typeorm'
import type { Asks } from '../database.ts'
import type { Dialect, Direction, Fragment, MeasureFunction, Period, StoredColumn } from '../dialect.ts'
import { allColumns, keyOf, systemColumns, type RowBatch, type Table } from '../table.ts'
import { finishSwaps, planSwap, plannedSwaps } from './swap.ts'
import { kindOf, sqlType } from './types.ts'
import { fromStored, toStored } from './values.ts'
import { MysqlWriter, type BulkOptions } from './writer.ts'

const periodFormats: Record<Exclude<Period, 'decade'>, string> = { year: '%Y', month: '%Y-%m', day: '%Y-%m-%d', hour: '%Y-%m-%dT%H' }

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** MySQL 8.4 and later. Texts compare byte by byte (`utf8mb4_0900_bin`): anything else takes texts for equal that are not. */
export class MysqlDialect implements Dialect {
  readonly quote = quote
  readonly toStored = toStored
  readonly fromStored = fromStored
  readonly kindOf = kindOf
  readonly rowsPerBatch = 20_000
  readonly #writer: MysqlWriter

  constructor(options: BulkOptions) {
    this.#writer = new MysqlWriter(quote, sqlType, options)
  }

  /** The kind stands beside the type, as the comment of the column: texts, JSON and pictures are kept alike. */
  typeOf(column: Column): string {
    return `${sqlType(column).toLowerCase()} ${column.kind}`
  }

  holds(stored: string, column: Column): boolean {
    const wanted = this.typeOf(column)
    if (stored === wanted || stored === `longtext ${column.kind}`) return true
    return column.kind === 'text' && lengthOf(stored) >= lengthOf(wanted)
  }

  async widen(source: DataSource, table: string, stored: StoredColumn, column: Column): Promise<string | null> {
    const longer = column.kind === 'text' && lengthOf(stored.type) >= 0
    const decimals = column.kind === 'double' && stored.type === 'bigint int' && !(await hasLongNumbers(source, table, stored.name))
    if (!longer && !decimals) return null
    return `ALTER TABLE ${quote(table)} MODIFY COLUMN ${this.#define(column, stored.key > 0 ? 'NOT NULL' : 'NULL')}`
  }

  createTable(name: string, shape: DatasetShape): string[] {
    const key = keyOf(shape)
    const required = new Set([...key, ...systemColumns.map((column) => column.name)])
    const lines = allColumns(shape).map((column) => this.#define(column, required.has(column.name) ? 'NOT NULL' : 'NULL'))
    lines.push(`PRIMARY KEY (${key.map(quote).join(', ')})`)
    const time = shape.columns.find((column) => column.role === 'time' && !key.includes(column.name))
    if (time) lines.push(`KEY ${quote(`by_${time.name}`.slice(0, 64))} (${[time.name, ...key].map(quote).join(', ')})`)
    return [
      `CREATE TABLE IF NOT EXISTS ${quote(name)} (${lines.join(', ')}) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_bin`,
    ]
  }

  addColumn(table: string, column: Column): string {
    return `ALTER TABLE ${quote(table)} ADD COLUMN ${this.#define(column, 'NULL')}`
  }

  #define(column: Column, nulls: 'NULL' | 'NOT NULL'): string {
    return `${quote(column.name)} ${sqlType(column)} ${nulls} COMMENT '${column.kind}'`
  }

  async columnsOf(source: Asks, table: string): Promise<StoredColumn[]> {
    const rows: { name: string; type: string; key: number }[] = await source.query(
      `SELECT c.COLUMN_NAME AS name, CONCAT(c.COLUMN_TYPE, ' ', c.COLUMN_COMMENT) AS type, COALESCE(s.SEQ_IN_INDEX, 0) AS \`key\`
       FROM information_schema.COLUMNS c LEFT JOIN information_schema.STATISTICS s ON s.TABLE_SCHEMA = c.TABLE_SCHEMA
         AND s.TABLE_NAME = c.TABLE_NAME AND s.COLUMN_NAME = c.COLUMN_NAME AND s.INDEX_NAME = 'PRIMARY'
       WHERE c.TABLE_SCHEMA = DATABASE() AND c.TABLE_NAME = ? ORDER BY c.ORDINAL_POSITION`,
      [table],
    )
    return rows.map(({ name, type, key }) => ({ name, type, key: Number(key) }))
  }

  async tablesLike(source: Asks, prefix: string): Promise<string[]> {
    const rows: { name: string }[] = await source.query(
      `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND LEFT(TABLE_NAME, CHAR_LENGTH(?)) = ?`,
      [prefix, prefix],
    )
    return rows.map((row) => row.name)
  }

  swap(manager: EntityManager, from: string, to: string): Promise<void> {
    return planSwap(manager, quote, from, to)
  }

  async decidedSwaps(source: DataSource, tables: readonly string[]): Promise<string[]> {
    return (await plannedSwaps(source, tables)).map(({ staging }) => staging)
  }

  finishSwaps(source: DataSource, tables: readonly string[]): Promise<void> {
    return finishSwaps(source, quote, tables)
  }

  upsert(manager: EntityManager, table: Table, batch: RowBatch): Promise<{ inserted: number; updated: number }> {
    return this.#writer.upsert(manager, table, batch)
  }

  remove(manager: EntityManager, table: Table, keys: readonly (readonly unknown[])[]): Promise<number> {
    return this.#writer.remove(manager, table, keys)
  }

  /** MySQL weighs its indexes itself. */
  unindexed(sql: string): string {
    return sql
  }

  orderTerm(sql: string, direction: Direction, mayBeNull: boolean): string {
    if (direction === 'desc') return `${sql} DESC`
    return mayBeNull ? `${sql} IS NULL, ${sql} ASC` : `${sql} ASC`
  }

  contains(sql: string, part: string): Fragment {
    return { sql: `LOCATE(LOWER(?), LOWER(${sql})) > 0`, values: [part] }
  }

  startsWith(sql: string, part: string): Fragment {
    return { sql: `LOCATE(LOWER(?), LOWER(${sql})) = 1`, values: [part] }
  }

  period(sql: string, period: Period): string {
    if (period === 'decade') return `CONCAT(LEFT(DATE_FORMAT(${sql}, '%Y'), 3), '0')`
    return `DATE_FORMAT(${sql}, '${periodFormats[period]}')`
  }

  stepOf(column: Column, sql: string, step: number): string {
    // Decimals are divided as whole numbers of their smallest unit; a double such as 0.3 may lie a hair below the step that it names.
    const units = column.kind === 'decimal' ? 10 ** (column.scale ?? 0) : 1
    const size = String(Number((step * units).toPrecision(12)))
    const nudge = column.kind === 'double' ? ' + 1e-9' : ''
    return `CAST(FLOOR(CAST(${sql} * ${units} AS DOUBLE) / ${size.includes('e') ? size : `${size}e0`}${nudge}) AS SIGNED)`
  }

  /** Sums of decimals and whole numbers are exact before they become a double. */
  measure(fn: MeasureFunction, column: Column, sql: string): string {
    if (column.kind === 'double') return `${fn}(${sql})`
    return fn === 'avg' ? `(CAST(sum(${sql}) AS DOUBLE) / count(${sql}))` : `CAST(${fn}(${sql}) AS DOUBLE)`
  }
}

/** Characters that a text column holds: of `varchar(20) text`, 20. */
const lengthOf = (type: string): number =>
  type.startsWith('longtext') ? Infinity : Number(/^varchar\((\d+)\) text$/.exec(type)?.[1] ?? -1)

/** True when a whole number of the column has more digits than a number with decimals can hold. */
async function hasLongNumbers(source: DataSource, table: string, column: string): Promise<boolean> {
  const sql = `SELECT 1 FROM ${quote(table)} WHERE ${quote(column)} NOT BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER} LIMIT 1`
  return ((await source.query(sql)) as unknown[]).length > 0
}
