import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

type Row = Record<string, unknown>

/** Statements that only read may run again; everything else must run exactly once. */
const readsOnly = /^\s*(select|pragma|explain|values)\b/i

/** A BIGINT as TypeORM knows it from its other drivers: a number where that is exact, else its digits. */
const plain = (value: unknown): unknown =>
  typeof value !== 'bigint' ? value : value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)

/** One prepared statement with the face that TypeORM's `better-sqlite3` driver expects. */
class Statement {
  /** True when the statement answers rows, which tells the driver to call `all`. */
  readonly reader: boolean
  readonly #statement: StatementSync
  readonly #repeatable: boolean
  #bigInts: boolean

  constructor(statement: StatementSync, sql: string) {
    this.#statement = statement
    this.reader = statement.columns().length > 0
    this.#repeatable = readsOnly.test(sql)
    this.#bigInts = this.reader && !this.#repeatable
    if (this.#bigInts) statement.setReadBigInts(true)
  }

  /** All rows. Integers beyond 2^53 come as digits; once one was met, the statement reads exactly from the start. */
  all(...parameters: SQLInputValue[]): Row[] {
    try {
      const rows = this.#statement.all(...parameters)
      return this.#bigInts ? rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]))) : rows
    } catch (error) {
      if (this.#bigInts || !this.#repeatable || (error as NodeJS.ErrnoException).code !== 'ERR_OUT_OF_RANGE') throw error
      this.#bigInts = true
      this.#statement.setReadBigInts(true)
      return this.all(...parameters)
    }
  }

  run(...parameters: SQLInputValue[]) {
    return this.#statement.run(...parameters)
  }
}

/**
 * node:sqlite behind TypeORM's `better-sqlite3` driver (its `driver` option): no native build, and exact 64-bit integers.
 * Keeps prepared statements by their text, because every query runner of TypeORM starts with an empty cache of its own.
 */
export class SqliteConnection {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, Statement>()

  constructor(file: string, options: { readonly?: boolean; timeout?: number } = {}) {
    this.#db = new DatabaseSync(file, { readOnly: options.readonly ?? false, timeout: options.timeout ?? 5000 })
  }

  prepare(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known) this.#statements.delete(sql)
    const statement = known ?? new Statement(this.#db.prepare(sql), sql)
    this.#statements.set(sql, statement)
    if (this.#statements.size > 200) this.#statements.delete(this.#statements.keys().next().value!)
    return statement
  }

  /** True between BEGIN and COMMIT, and false again when SQLite has rolled back by itself. */
  get inTransaction(): boolean {
    return this.#db.isTransaction
  }

  exec(sql: string): void {
    this.#db.exec(sql)
  }

  pragma(sql: string): Row[] {
    return this.#db.prepare(`PRAGMA ${sql}`).all()
  }

  close(): void {
    this.#statements.clear()
    this.#db.close()
  }
}
