import type { EntityManager } from 'typeorm'
import type { Clock } from '../shared/clock.ts'
import { columnAges, type ColumnAge } from './column-ages.ts'
import type { Database } from './database.ts'
import type { Dialect } from './dialect.ts'
import { columnFacts, type ColumnFacts } from './facts.ts'
import { groups, type Group, type GroupsQuery, type Measure } from './groups.ts'
import { stagingName, tableName } from './names.ts'
import { Reader, type Page, type PageQuery, type Row, type RowQuery } from './reader.ts'
import { Schema } from './schema.ts'
import { singleValue, type SingleValue } from './single.ts'
import type { Batch, Table, WriteCounts } from './table.ts'
import type { Where } from './where.ts'
import { writeBatch } from './writer.ts'

export { checkDatabase } from './check.ts'
export type { ColumnAge } from './column-ages.ts'
export { insertCopied, insertRows, storedTable, valuesOf } from './copy.ts'
export { openDatabase, type Database, type DatabaseFacts, type DatabaseOptions, type Snapshot } from './database.ts'
export { noteVersion } from './migrate.ts'
export type { ColumnFacts } from './facts.ts'
export type { Direction, MeasureFunction, Period } from './dialect.ts'
export type { Group, GroupBy, GroupsQuery, Measure } from './groups.ts'
export type { Order } from './order.ts'
export type { Page, PageQuery, Row, RowQuery } from './reader.ts'
export type { SingleValue } from './single.ts'
export { allColumns, keyOf, systemColumns } from './table.ts'
export type { Batch, Op, Place, Table, WriteCounts } from './table.ts'
export type { Comparison, Where } from './where.ts'

/** The tables of datasets: making them, writing them, reading them. Nobody else knows SQL of datasets. */
export class WarehouseService {
  readonly #db: Database
  readonly #dialect: Dialect
  readonly #schema: Schema
  readonly #reader: Reader

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#dialect = db.dialect
    this.#schema = new Schema(db, this.#dialect, clock)
    this.#reader = new Reader(db, this.#dialect)
  }

  /** Name of the table of a dataset: `web-shop` and `orders` make `web_shop__orders`. */
  static tableName(slug: string, dataset: string): string {
    return tableName(slug, dataset)
  }

  /**
   * Makes the table fit its shape by additions only, each a logged step outside of transactions; gives the statements that it ran. Added columns
   * are empty in old rows; columns that left the shape stay and are empty in new rows. A `ConfigError` when a kind or the key changed.
   */
  prepare(table: Table): Promise<string[]> {
    return this.#schema.prepare(table)
  }

  /** Writes a batch inside the caller's transaction. The last op on a key counts; the event loop gets its turns in between. */
  write(manager: EntityManager, table: Table, batch: Batch): Promise<WriteCounts> {
    return writeBatch(this.#dialect, manager, table, batch)
  }

  /** An empty table to be filled by `write`, beside the one that is shown. Drops what earlier epochs left. */
  startReplace(table: Table, epoch: number): Promise<Table> {
    return this.#schema.startReplace(table, epoch)
  }

  /** How many rows one transaction writes best. */
  get rowsPerBatch(): number {
    return this.#dialect.rowsPerBatch
  }

  /** Decides, inside the caller's transaction, that the filled table takes the place of the shown one. Call `showReplaced` after it. */
  finishReplace(manager: EntityManager, table: Table, epoch: number): Promise<void> {
    return this.#dialect.swap(manager, stagingName(table.name, epoch), table.name)
  }

  /** Shows the filled tables of a committed `finishReplace`, all at once. What a crash left undone, the next `prepare` of the table does. */
  showReplaced(tables: readonly Table[]): Promise<void> {
    return this.#dialect.finishSwaps(
      this.#db.write,
      tables.map(({ name }) => name),
    )
  }

  /** Drops the tables that replaces left half filled, of all epochs or up to that one. One that is decided to be shown stays. */
  dropStaging(table: Table, upTo?: number): Promise<void> {
    return this.#schema.dropStaging(table, upTo)
  }

  /** Removes the table with all its rows. */
  drop(table: Table): Promise<void> {
    return this.#schema.drop(table)
  }

  rowCount(table: Table): Promise<number> {
    return this.#reader.count(table, null)
  }

  page(table: Table, query: PageQuery): Promise<Page> {
    return this.#reader.page(table, query)
  }

  count(table: Table, where: Where | null): Promise<number> {
    return this.#reader.count(table, where)
  }

  groups(table: Table, query: GroupsQuery): Promise<{ groups: Group[]; total: number }> {
    return groups(this.#db, this.#dialect, table, query)
  }

  /** One number, with the statement that gave it: the count of rows, or a measure of a column. */
  single(table: Table, where: Where | null, measure: Measure | null): Promise<SingleValue> {
    return singleValue(this.#db, this.#dialect, table, where, measure)
  }

  /** All rows in chunks of 1,000, as they are at one moment, for exports. */
  scan(table: Table, query: RowQuery, signal?: AbortSignal): AsyncIterable<Row[]> {
    return this.#reader.scan(table, query, signal)
  }

  /** The row with this key (the raw place where rows are only added), system columns included; null when there is none. */
  row(table: Table, key: Row): Promise<Row | null> {
    return this.#reader.row(table, key)
  }

  /** What is known about the values of every column; computed when asked. */
  columnFacts(table: Table): Promise<ColumnFacts[]> {
    return columnFacts(this.#db, this.#dialect, table)
  }

  /** Since when the table has each declared column; nothing for one whose making was not noted. */
  columnAges(table: Table): Promise<ColumnAge[]> {
    return columnAges(
      this.#db,
      table.name,
      table.shape.columns.map(({ name }) => name),
    )
  }
}
