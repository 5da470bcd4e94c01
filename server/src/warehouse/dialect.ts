import type { Column, DatasetShape } from '@handover/sdk'
import type { DataSource, EntityManager } from 'typeorm'
import type { Asks } from './database.ts'
import type { RowBatch, Table } from './table.ts'

/** A piece of SQL and the values of its parameters, in order. */
export interface Fragment {
  readonly sql: string
  readonly values: readonly unknown[]
}

export type Direction = 'asc' | 'desc'
export type Period = 'decade' | 'year' | 'month' | 'day' | 'hour'
export type MeasureFunction = 'sum' | 'avg' | 'min' | 'max'

/** A column as the database has it. */
export interface StoredColumn {
  readonly name: string
  /** Declared type, in the words of `Dialect.typeOf`. */
  readonly type: string
  /** Place in the primary key, from 1; 0 when it is not part of it. */
  readonly key: number
}

/** What differs from database to database. Names given to it are known columns and tables, never what a user typed. */
export interface Dialect {
  /** Rows that one transaction writes best. */
  readonly rowsPerBatch: number
  quote(name: string): string
  /** Declared type of a column; different for every kind, so that a changed kind shows. */
  typeOf(column: Column): string
  /** True when a column that was made with that type takes the values of this one as they are: the same kind, or whole numbers that now have decimals. */
  holds(stored: string, column: Column): boolean
  /** The statement that lets a column take more than it does now without changing a value; null when there is none. */
  widen(source: DataSource, table: string, stored: StoredColumn, column: Column): Promise<string | null>
  /** Statements that make the table, and an index for the order that people ask for most: newest first. */
  createTable(name: string, shape: DatasetShape): string[]
  addColumn(table: string, column: Column): string
  /** Kind of the values that a column of that declared type was made for; null for a column that was not made here. */
  kindOf(stored: string): Pick<Column, 'kind' | 'scale'> | null
  /** Columns of a table; empty when it does not exist. */
  columnsOf(source: Asks, table: string): Promise<StoredColumn[]>
  /** Tables whose names begin so. */
  tablesLike(source: Asks, prefix: string): Promise<string[]>
  /** Puts the table `from` in the place of `to`; where a transaction cannot do that, it decides it, and `finishSwaps` does it. */
  swap(manager: EntityManager, from: string, to: string): Promise<void>
  /** Filled tables that are decided to take the place of these, and do not yet. */
  decidedSwaps(source: DataSource, tables: readonly string[]): Promise<string[]>
  /** Does what was decided for these tables, all at once. Doing it again does nothing. */
  finishSwaps(source: DataSource, tables: readonly string[]): Promise<void>

  /** A row's value as it is bound to a statement. Values have been validated before. */
  toStored(column: Column, value: unknown): unknown
  /** A stored value as the contract says values look. */
  fromStored(column: Column, value: unknown): unknown
  /** Inserts or updates rows; those that are the same already are left alone. */
  upsert(manager: EntityManager, table: Table, batch: RowBatch): Promise<{ inserted: number; updated: number }>
  /** Removes rows by their stored keys and says how many there were. */
  remove(manager: EntityManager, table: Table, keys: readonly (readonly unknown[])[]): Promise<number>

  /** The same value in a form that no index is used for. */
  unindexed(sql: string): string
  /** One term of ORDER BY, empty values last in both directions. */
  orderTerm(sql: string, direction: Direction, mayBeNull: boolean): string
  /** True where the text holds `part`, whatever the case of its letters. */
  contains(sql: string, part: string): Fragment
  /** True where the text begins with `part`, whatever the case of its letters. */
  startsWith(sql: string, part: string): Fragment
  /** The beginning of a date or instant that names its period: `2026`, `2026-01`, `2026-01-31`, `2026-01-31T12`; a decade is `2020`. */
  period(sql: string, period: Period): string
  /** Number (from 0, below 0 for negative ones) of the step that the value lies in. */
  stepOf(column: Column, sql: string, step: number): string
  /** The measure as a double. */
  measure(fn: MeasureFunction, column: Column, sql: string): string
}
