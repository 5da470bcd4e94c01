import { setTimeout } from 'node:timers/promises'
import type { PoolConnection } from 'mysql2'
import { QueryResult, type DataSource } from 'typeorm'
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js'
import { MysqlQueryRunner } from 'typeorm/driver/mysql/MysqlQueryRunner.js'
import { HandoverError, WarehouseError } from '../../shared/errors.ts'
import type { MysqlAddress } from './address.ts'
import { faultOf } from './faults.ts'

/**
 * What every connection is told first: times are UTC, messages are English (counts are read out of them), nothing is cut or rounded silently, a transaction sees what is committed (fewer locks
 * between workers than MySQL's default), and nobody waits for a lock longer than ten seconds.
 */
export const session =
  `SET SESSION time_zone = '+00:00', lc_messages = 'en_US', transaction_isolation = 'READ-COMMITTED', lock_wait_timeout = 10, innodb_lock_wait_timeout = 10, ` +
  `sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`

/** How TypeORM's query runners behave on one MySQL server. */
export interface RunnerOptions {
  readonly address: MysqlAddress
  /** Milliseconds to wait for a free connection. */
  readonly patience: number
}

/** Makes a MySQL DataSource hand out runners of ours. Call it before `initialize()`. */
export function withRunner(dataSource: DataSource, options: RunnerOptions): DataSource {
  const driver = dataSource.driver as MysqlDriver
  const told = new WeakSet<object>()
  driver.createQueryRunner = (mode) => new Runner(driver, mode, options, told)
  return dataSource
}

/**
 * TypeORM's runner with four differences: the session is set up once for each connection, waiting for a connection has an end, errors say in plain
 * words what a person can do, and an UPDATE counts the rows that it matched, as on SQLite. Connections do not ask MySQL for that
 * themselves (FOUND_ROWS), because then a merge could not tell new rows from unchanged ones.
 */
class Runner extends MysqlQueryRunner {
  readonly #options: RunnerOptions
  readonly #told: WeakSet<object>

  constructor(driver: MysqlDriver, mode: 'master' | 'slave', options: RunnerOptions, told: WeakSet<object>) {
    super(driver, mode)
    this.#options = options
    this.#told = told
  }

  override async connect(): Promise<PoolConnection> {
    const connection = await this.#connection()
    if (this.#told.has(connection)) return connection
    try {
      await connection.promise().query(session)
    } catch (error) {
      throw faultOf(error, this.#options.address)
    }
    this.#told.add(connection)
    return connection
  }

  override async query(sql: string, parameters?: unknown[], structured = false): ReturnType<MysqlQueryRunner['query']> {
    let result: QueryResult
    try {
      result = (await super.query(sql, parameters, true)) as QueryResult
    } catch (error) {
      throw faultOf(error, this.#options.address)
    }
    const matched = /^Rows matched: (\d+)/.exec((result.raw as { info?: string } | null)?.info ?? '')
    if (matched) result.affected = result.raw.affectedRows = Number(matched[1])
    return structured ? result : result.raw
  }

  /** A connection that comes too late goes back to the pool. */
  async #connection(): Promise<PoolConnection> {
    const late = new AbortController()
    const coming = super.connect() as Promise<PoolConnection>
    try {
      const connection = await Promise.race([coming, setTimeout(this.#options.patience, null, { signal: late.signal, ref: false })])
      if (connection !== null) return connection
    } catch (error) {
      throw faultOf(error, this.#options.address)
    } finally {
      late.abort()
    }
    // Over for this runner: else its ROLLBACK would wait for the same connection, and two would be handed one.
    this.isReleased = true
    coming.then(
      (connection) => connection.release(),
      () => undefined,
    )
    throw new WarehouseError('DATABASE_BUSY', 'The database was busy for too long. Try again; restart Handover if it goes on.', {
      detail: `No connection was free within ${this.#options.patience} ms.`,
    })
  }
}

/** Runs one statement with options of the driver, in the transaction of the runner. Errors say in plain words what a person can do. */
export async function rawQuery<Result>(
  runner: { connect(): Promise<unknown> },
  address: MysqlAddress,
  options: Record<string, unknown> & { readonly sql: string },
): Promise<Result> {
  const connection = (await runner.connect()) as PoolConnection
  try {
    const [result] = await connection.promise().query(options as never)
    return result as Result
  } catch (error) {
    if (error instanceof HandoverError) throw error
    throw faultOf(error, address)
  }
}
