import type { DataSource, EntityManager, EntitySchema, MigrationInterface } from 'typeorm'
import { openSqlite } from './sqlite/open.ts'

/** The platform's database: one connection that writes, one that only reads and so never waits behind a load. */
export interface Database {
  /** For writes, and for reads that decide about one. Inside a transaction use only the manager handed to it. */
  readonly write: DataSource
  /** For everything that is shown: sees what is committed. */
  readonly read: DataSource
  /** Runs `work` in one write transaction; others wait until it ends. Keep it short and never wait for the network in it. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>
  /** Rows of one statement in chunks, all of the same moment, while others write. Ends with the loop or the signal. */
  stream(sql: string, parameters: readonly unknown[], chunk: number, signal?: AbortSignal): AsyncIterable<Record<string, unknown>[]>
  close(): Promise<void>
}

/** What a database is opened with. */
export interface DatabaseOptions {
  /** Absolute path of the SQLite file; its folder is made, and locked for this process. */
  readonly file: string
  readonly entities: readonly (Function | EntitySchema)[]
  /** Pending ones are run, in order, before the database is handed out. */
  readonly migrations: readonly (new () => MigrationInterface)[]
  /** Milliseconds after which waiting for the write connection is taken for a fault. */
  readonly patience?: number
}

/** Opens the database for this process alone. Throws a `StartError` when the folder is taken or cannot be written. */
export const openDatabase = (options: DatabaseOptions): Promise<Database> => openSqlite(options)
