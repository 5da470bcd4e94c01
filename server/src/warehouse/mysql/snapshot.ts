import type { Connection } from 'mysql2/promise'
import type { Snapshot } from '../database.ts'
import type { MysqlAddress } from './address.ts'
import { connectOnce } from './connect.ts'
import { faultOf } from './faults.ts'
import { session } from './runner.ts'
import { chunksOf } from './stream.ts'

/** Reads one moment of a MySQL database on a connection of its own. Rows may be written meanwhile. */
export async function withSnapshot<T>(
  address: MysqlAddress,
  quote: (name: string) => string,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const connection = await connectOnce(address).catch((error: unknown) => {
    throw faultOf(error, address)
  })
  try {
    const snapshot = new MysqlSnapshot(connection, address, quote)
    for (const statement of [
      session,
      // Whoever reads writes it to a disk or a network, which may be slow.
      `SET SESSION transaction_isolation = 'REPEATABLE-READ', net_write_timeout = 600, wait_timeout = 28800`,
      'START TRANSACTION READ ONLY',
    ])
      await snapshot.query(statement)
    return await work(snapshot)
  } finally {
    connection.destroy()
  }
}

/** Makes faults of its own errors alone: those of whoever reads are none of the database. */
class MysqlSnapshot implements Snapshot {
  readonly #connection: Connection
  readonly #address: MysqlAddress
  readonly #quote: (name: string) => string
  /** The savepoint that was set before a table was touched: going back to it lets go of the table, and of those that were touched later. */
  readonly #held = new Map<string, string>()

  constructor(connection: Connection, address: MysqlAddress, quote: (name: string) => string) {
    this.#connection = connection
    this.#address = address
    this.#quote = quote
  }

  async query(sql: string, parameters: unknown[] = []): Promise<unknown> {
    try {
      return (await this.#connection.query(sql, parameters))[0]
    } catch (error) {
      throw faultOf(error, this.#address)
    }
  }

  /**
   * MySQL keeps a table as it is for as long as a transaction has touched it. Touched from the last to the first, they can be let go from the first to the last.
   * `LIMIT 0` touches and does not read, so that the moment comes when all of them are held: a table that was replaced after it would else be taken for the one of then.
   */
  async hold(tables: readonly string[]): Promise<boolean> {
    try {
      for (const table of tables.toReversed()) {
        const savepoint = `held_${this.#held.size}`
        await this.query(`SAVEPOINT ${savepoint}`)
        this.#held.set(table, savepoint)
        await this.query(`SELECT 1 FROM ${this.#quote(table)} LIMIT 0`)
      }
      return true
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ER_NO_SUCH_TABLE') return false
      throw error
    }
  }

  async *rows(table: string, columns: readonly string[], size: number): AsyncGenerator<Record<string, unknown>[]> {
    const sql = `SELECT ${columns.map(this.#quote).join(', ')} FROM ${this.#quote(table)}`
    try {
      yield* chunksOf(this.#connection, { sql, parameters: [], size })
    } catch (error) {
      throw faultOf(error, this.#address)
    }
    const savepoint = this.#held.get(table)
    if (savepoint !== undefined) await this.query(`ROLLBACK TO SAVEPOINT ${savepoint}`)
    this.#held.delete(table)
  }
}
