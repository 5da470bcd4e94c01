import { DataSource, type EntityManager } from 'typeorm'
import { StartError } from '../../shared/errors.ts'
import type { Database, DatabaseFacts, DatabaseOptions, Snapshot } from '../database.ts'
import { migrate } from '../migrate.ts'
import { SqliteConnection } from './connection.ts'
import { SqliteDialect } from './dialect.ts'
import { faultOf } from './faults.ts'
import { lockFolder, type FolderLock } from './lock.ts'
import { serialise } from './serialise.ts'
import { withSnapshot } from './snapshot.ts'
import { streamRows } from './stream.ts'

/** Opens the embedded database: node:sqlite behind TypeORM, WAL, one writer and one reader, pending migrations run. */
export async function openSqlite(options: DatabaseOptions): Promise<Database> {
  if (options.readOnly) return openToRead(options)
  const lock = lockFolder(options.file)
  const opened: DataSource[] = []
  try {
    const write = serialise(connection(options, false), options.patience ?? 30_000)
    opened.push(await write.initialize())
    await migrate(write, new SqliteDialect())
    const read = connection(options, true)
    opened.push(await read.initialize())
    return new SqliteDatabase(options.file, write, read, lock)
  } catch (error) {
    for (const dataSource of opened) await dataSource.destroy()
    lock.release()
    throw startErrorOf(error, options.file)
  }
}

async function openToRead(options: DatabaseOptions): Promise<Database> {
  try {
    const read = await connection(options, true).initialize()
    return new SqliteDatabase(options.file, read, read, null)
  } catch (error) {
    throw startErrorOf(error, options.file)
  }
}

class SqliteDatabase implements Database {
  readonly write: DataSource
  readonly read: DataSource
  readonly dialect = new SqliteDialect()
  readonly facts: DatabaseFacts
  readonly #file: string
  readonly #lock: FolderLock | null

  constructor(file: string, write: DataSource, read: DataSource, lock: FolderLock | null) {
    this.#file = file
    this.facts = { name: `SQLite ${process.versions['sqlite']} in ${file}`, shared: false, clockAhead: 0 }
    this.write = write
    this.read = read
    this.#lock = lock
  }

  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.write.transaction(work)
    } catch (error) {
      throw faultOf(error)
    }
  }

  /** The folder is locked for this process. */
  exclusively<T>(_name: string, work: () => Promise<T>): Promise<T> {
    return work()
  }

  moment(ms: number): string {
    return `strftime('%Y-%m-%d %H:%M:%f', 'now', '${ms / 1000} seconds')`
  }

  stream(sql: string, parameters: readonly unknown[], chunk: number, signal?: AbortSignal): AsyncIterable<Record<string, unknown>[]> {
    return streamRows(this.#file, sql, parameters, chunk, signal)
  }

  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return withSnapshot(this.#file, this.dialect.quote, work)
  }

  connections(): readonly [] {
    return []
  }

  async close(): Promise<void> {
    if (!this.write.isInitialized) return
    await this.read.destroy()
    if (this.write !== this.read) await this.write.destroy()
    this.#lock?.release()
  }
}

function connection(options: DatabaseOptions, readonly: boolean): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    driver: SqliteConnection,
    database: options.file,
    readonly,
    entities: [...options.entities],
    migrations: [...options.migrations],
    migrationsTableName: 'handover_migration',
    prepareDatabase: (db: SqliteConnection) => {
      if (!readonly) for (const pragma of writerPragmas) db.pragma(pragma)
    },
  })
}

/** WAL lets readers go on while a load writes; NORMAL loses nothing to a kill and at most the last transactions to a power cut. */
const writerPragmas = [
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'journal_size_limit = 67108864',
  'cache_size = -16000',
  'wal_autocheckpoint = 4000',
]

/** What a person is told when the file cannot be opened or read; any other error is given back as it is. */
export function startErrorOf(error: unknown, file: string): unknown {
  const code = (error as { code?: unknown }).code
  if (code !== 'ERR_SQLITE_ERROR') return error
  const detail = (error as Error).message
  return new StartError(
    `Handover cannot open its database ${file}. Check the disk and the rights of the data folder, or restore a backup.`,
    {
      cause: error,
      detail,
    },
  )
}
