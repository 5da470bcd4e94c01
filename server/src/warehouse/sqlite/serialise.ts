import { QueryFailedError, type DataSource, type QueryRunner } from 'typeorm'
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js'
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js'
import { Turnstile, type Free } from './turnstile.ts'

type Isolation = Parameters<QueryRunner['startTransaction']>[0]

/**
 * Makes a SQLite DataSource safe to share. TypeORM gives every flow of a process the same query runner on it, so one flow's rollback takes
 * rows with it that another flow believes committed. Here a transaction owns the connection, and everything else waits for its end.
 * Call it before `initialize()`. `patience` is in milliseconds.
 */
export function serialise(dataSource: DataSource, patience: number): DataSource {
  const turnstile = new Turnstile(patience)
  const driver = dataSource.driver as BetterSqlite3Driver
  driver.createQueryRunner = () => new SerialRunner(driver, turnstile)
  return dataSource
}

/** TypeORM's runner, which waits for its turn. */
export class SerialRunner extends BetterSqlite3QueryRunner {
  readonly #turnstile: Turnstile
  #free: Free | undefined

  constructor(driver: BetterSqlite3Driver, turnstile: Turnstile) {
    super(driver)
    this.#turnstile = turnstile
  }

  override async startTransaction(isolation?: Isolation): Promise<void> {
    this.#free ??= await this.#turnstile.enter()
    try {
      await super.startTransaction(isolation)
    } catch (error) {
      if (this.transactionDepth === 0) this.#end()
      throw error
    }
  }

  override async commitTransaction(): Promise<void> {
    await super.commitTransaction()
    if (!this.isTransactionActive) this.#end()
  }

  override async rollbackTransaction(): Promise<void> {
    if (!this.isTransactionActive) return
    try {
      await super.rollbackTransaction()
    } catch (error) {
      // After a full disk or an I/O error SQLite has rolled back by itself, and then refuses a second time.
      if (this.transactionDepth > 1 || !(error instanceof QueryFailedError)) throw error
      this.isTransactionActive = false
      this.transactionDepth = 0
    } finally {
      if (!this.isTransactionActive) this.#end()
    }
  }

  override async release(): Promise<void> {
    if (this.isTransactionActive) await this.rollbackTransaction()
    await super.release()
  }

  override async query(sql: string, parameters?: unknown[], structured?: boolean): ReturnType<BetterSqlite3QueryRunner['query']> {
    // Taking the write lock at once means that it can never be refused halfway through a transaction.
    const statement = sql === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : sql
    if (this.#free) {
      if (statement !== 'ROLLBACK') this.#checkTransaction()
      return super.query(statement, parameters, structured)
    }
    const free = await this.#turnstile.enter()
    try {
      return await super.query(statement, parameters, structured)
    } finally {
      free()
    }
  }

  /**
   * Runs one of the many statements of a bulk write in the transaction of this runner, and gives the number of rows it changed. TypeORM does more
   * around each statement than SQLite does with a hundred rows.
   */
  change(sql: string, parameters: readonly unknown[]): number {
    if (!this.#free) throw new Error('A bulk write needs a transaction of its own.')
    this.#checkTransaction()
    try {
      return Number(this.driver.databaseConnection.prepare(sql).run(...parameters).changes)
    } catch (error) {
      throw new QueryFailedError(sql, [], error as Error)
    }
  }

  /** Without this, statements after SQLite's own rollback would commit one by one. */
  #checkTransaction(): void {
    if (this.transactionDepth > 0 && !this.driver.databaseConnection.inTransaction) throw lostTransaction()
  }

  /** Lets the next one in. */
  #end(): void {
    this.isTransactionActive = false
    this.#free?.()
    this.#free = undefined
  }
}

const lostTransaction = (): Error =>
  new Error('SQLite has rolled this transaction back after an earlier error; nothing more can be written in it.')
