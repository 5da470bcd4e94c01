import type { Column } from '@handover/sdk'
import { RequestError } from '../shared/errors.ts'
import { checkFirst } from '../shared/paging.ts'
import { askedValue } from './asked-value.ts'
import type { Database } from './database.ts'
import type { Dialect, Fragment } from './dialect.ts'
import { afterRow, completeOrder, cursorOf, orderBy, valuesOfCursor, type Naming, type Order, type Term } from './order.ts'
import { allColumns, columnOf, keyOf, type Table } from './table.ts'
import { always, compileWhere, type Where } from './where.ts'

/** One row by the names of its columns, values as the contract says them. */
export type Row = Record<string, unknown>

/** Which rows, which columns of them, and in which order. */
export interface RowQuery {
  /** Names of the columns that are wanted, system columns included. */
  readonly columns: readonly string[]
  readonly where: Where | null
  /** The key closes the order, so it is always complete. Empty values come last. */
  readonly orderBy: readonly Order[]
}

/** One page of a table. */
export interface PageQuery extends RowQuery {
  /** 1 to 1,000. */
  readonly first: number
  /** `endCursor` of the page before; null for the first page. */
  readonly after: string | null
}

export interface Page {
  readonly rows: Row[]
  readonly hasNextPage: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
}

const rowsPerChunk = 1000

/** Answers questions about the rows of a table over the reading connection. */
export class Reader {
  readonly #db: Database
  readonly #dialect: Dialect

  constructor(db: Database, dialect: Dialect) {
    this.#db = db
    this.#dialect = dialect
  }

  async page(table: Table, query: PageQuery): Promise<Page> {
    const first = checkFirst(query.first)
    const terms = completeOrder(table, query.orderBy)
    const asked = columnsOf(table, query.columns)
    const after = query.after === null ? null : valuesOfCursor(this.#dialect, table, terms, query.after)
    const { sql, values } = this.#select(table, [...asked, ...terms.map((term) => term.column)], query.where, terms, after)
    const stored: Row[] = await this.#db.read.query(`${sql} LIMIT ${first + 1}`, [...values])
    const shown = stored.slice(0, first)
    const cursor = (row: Row | undefined): string | null => (row ? cursorOf(table, terms, this.#termValues(terms, row)) : null)
    return {
      rows: shown.map((row) => this.#decode(asked, row)),
      hasNextPage: stored.length > first,
      startCursor: cursor(shown[0]),
      endCursor: cursor(shown.at(-1)),
    }
  }

  async count(table: Table, where: Where | null): Promise<number> {
    const condition = compileWhere(this.#dialect, table.shape, where)
    const sql = `SELECT count(*) AS "rows" FROM ${this.#dialect.quote(table.name)} WHERE ${condition.sql}`
    const [row] = await this.#db.read.query(sql, [...condition.values])
    return Number(row.rows)
  }

  /** All rows in chunks, as they are at one moment. */
  async *scan(table: Table, query: RowQuery, signal?: AbortSignal): AsyncGenerator<Row[]> {
    const asked = columnsOf(table, query.columns)
    const { sql, values } = this.#select(table, asked, query.where, completeOrder(table, query.orderBy), null)
    for await (const chunk of this.#db.stream(sql, values, rowsPerChunk, signal)) yield chunk.map((row) => this.#decode(asked, row))
  }

  /** The row with this key, every column of it; null when there is none. */
  async row(table: Table, key: Row): Promise<Row | null> {
    const columns = keyOf(table.shape).map((name) => columnOf(table.shape, name))
    const missing = columns.find((column) => key[column.name] === undefined || key[column.name] === null)
    if (missing) throw new RequestError(`The key of dataset "${table.shape.name}" needs a value for "${missing.name}".`)
    const condition = columns.map((column) => `${this.#dialect.quote(column.name)} = ?`).join(' AND ')
    const values = columns.map((column) => this.#dialect.toStored(column, askedValue(column, key[column.name])))
    const all = allColumns(table.shape)
    const sql = `SELECT ${this.#names(all)} FROM ${this.#dialect.quote(table.name)} WHERE ${condition}`
    const [row] = await this.#db.read.query(sql, values)
    return row ? this.#decode(all, row) : null
  }

  #select(table: Table, columns: readonly Column[], where: Where | null, terms: readonly Term[], after: unknown[] | null): Fragment {
    const condition = compileWhere(this.#dialect, table.shape, where)
    // The first matches in the order of an index can lie far apart; reading the table once and sorting the matches has no bad case.
    const nameOf: Naming = condition.sql === always.sql ? this.#dialect.quote : (name) => this.#dialect.unindexed(this.#dialect.quote(name))
    const beyond = after ? afterRow(this.#dialect, terms, after, nameOf) : always
    const from = `SELECT ${this.#names(columns)} FROM ${this.#dialect.quote(table.name)}`
    const sql = `${from} WHERE ${condition.sql} AND ${beyond.sql} ORDER BY ${orderBy(this.#dialect, terms, nameOf)}`
    return { sql, values: [...condition.values, ...beyond.values] }
  }

  #names(columns: readonly Column[]): string {
    return [...new Set(columns.map((column) => column.name))].map((name) => this.#dialect.quote(name)).join(', ')
  }

  #decode(columns: readonly Column[], row: Row): Row {
    return Object.fromEntries(columns.map((column) => [column.name, this.#dialect.fromStored(column, row[column.name])]))
  }

  #termValues(terms: readonly Term[], row: Row): unknown[] {
    return terms.map((term) => this.#dialect.fromStored(term.column, row[term.column.name]))
  }
}

const columnsOf = (table: Table, names: readonly string[]): Column[] => names.map((name) => columnOf(table.shape, name))
