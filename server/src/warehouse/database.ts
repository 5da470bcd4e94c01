import type { DataSource, EntityManager, EntitySchema, MigrationInterface } from 'typeorm'
import type { Dialect } from './dialect.ts'
import { openMysql } from './mysql/open.ts'
import { openSqlite } from './sqlite/open.ts'

/** What a person is told about a database. */
export interface DatabaseFacts {
  /** For example "MySQL 9.7.0 at db.example.org:3306". Never holds a password. */
  readonly name: string
  /** True when other processes may work on it too. */
  readonly shared: boolean
  /** Milliseconds that its clock was ahead of ours when it was opened. */
  readonly clockAhead: number
}

/** What a question to one moment of the database is put with. */
export interface Asks {
  /** Rows of one statement. */
  // As TypeORM's own: whoever asks knows what comes.
  // oxlint-disable-next-line typescript/no-explicit-any
  query(sql: string, parameters?: unknown[]): Promise<any>
}

/** One moment of the database: whatever is written meanwhile, all that is read is of then. One question at a time. */
export interface Snapshot extends Asks {
  /**
   * Keeps others from changing or replacing these tables until each was read by `rows`, which must be done in this order. Must come before anything is read:
   * the moment is that of the first read. False when one of them is not there.
   */
  hold(tables: readonly string[]): Promise<boolean>
  /** All rows of a table in chunks of so many, and lets go of the table afterwards. Long numbers come as digits or BigInt, times as text or Date. */
  rows(table: string, columns: readonly string[], chunk: number): AsyncIterable<Record<string, unknown>[]>
}

/** How busy a pool of connections is. */
export interface PoolUse {
  readonly pool: 'write' | 'read'
  readonly used: number
  readonly free: number
  /** Questions that wait for a connection. */
  readonly waiting: number
}

/** The platform's database: one side that writes, one that only reads and so never waits behind a load. */
export interface Database {
  /** For writes, and for reads that decide about one. Inside a transaction use only the manager handed to it. */
  readonly write: DataSource
  /** For everything that is shown: sees what is committed. */
  readonly read: DataSource
  /** What differs from database to database; for the warehouse alone. */
  readonly dialect: Dialect
  readonly facts: DatabaseFacts
  /**
   * Runs `work` in one write transaction. Keep it short and never wait for the network in it. After a deadlock it is run again from its beginning, so
   * it must change nothing outside of the database that it cannot change twice.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>
  /**
   * Runs `work` while no other process runs some under the same name: for changes of tables, which cannot be part of a transaction. Inside
   * of it another name may be taken, never the same one again.
   */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>
  /** SQL of the moment that lies `ms` after now, by the clock of the database, which all processes share. */
  moment(ms: number): string
  /** Rows of one statement in chunks, all of the same moment, while others write. Ends with the loop or the signal. */
  stream(sql: string, parameters: readonly unknown[], chunk: number, signal?: AbortSignal): AsyncIterable<Record<string, unknown>[]>
  /** Runs `work` with what the database holds at the first read of it, in a transaction that only reads. */
  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T>
  /** The pools as they are at this moment; none for a database within this process. */
  connections(): readonly PoolUse[]
  close(): Promise<void>
}

/** What a database is opened with. */
export interface DatabaseOptions {
  /** `mysql://…`; null or left out for the embedded database in `file`. */
  readonly url?: string | null
  /** Absolute path of the SQLite file; its folder is made, and locked for this process. */
  readonly file: string
  readonly entities: readonly (Function | EntitySchema)[]
  /** True for one who only looks: nothing is made or changed, and an embedded database may be in use by another process meanwhile. */
  readonly readOnly?: boolean
  /** Pending ones are run, in order, before the database is handed out. */
  readonly migrations: readonly (new () => MigrationInterface)[]
  /** Milliseconds after which waiting for a connection is taken for a fault. */
  readonly patience?: number
}

/** Opens the database: a MySQL server, or a SQLite file for this process alone. Throws a `StartError` for what a person must mend. */
export const openDatabase = (options: DatabaseOptions): Promise<Database> =>
  options.url ? openMysql(options, options.url) : openSqlite(options)
