import { createHash } from 'node:crypto'
import type { Connection } from 'mysql2/promise'
import { DataSource, type EntityManager } from 'typeorm'
import { StartError, WarehouseError } from '../../shared/errors.ts'
import type { Database, DatabaseFacts, DatabaseOptions, PoolUse, Snapshot } from '../database.ts'
import { migrate } from '../migrate.ts'
import { readAddress, type MysqlAddress } from './address.ts'
import { connectOnce, connectTimeout, exactly } from './connect.ts'
import { MysqlDialect } from './dialect.ts'
import { faultOf, isConflict, startFaultOf } from './faults.ts'
import { poolUse } from './pool-use.ts'
import { withRunner } from './runner.ts'
import { withSnapshot } from './snapshot.ts'
import { streamRows } from './stream.ts'

/** The oldest server that is known to do everything. */
const oldest = [8, 4]
const connections = 10
/** Statements that may wait for a connection; more than that is a flood that waiting does not cure. */
const queueLimit = 500
const lockSeconds = 60
const tries = 5

/** What a server says of itself. */
export interface ServerFacts {
  readonly version: string
  readonly localInfile: boolean
  /** Bytes that one statement may have. */
  readonly packet: number
  readonly statementLength: number
  /** Milliseconds that the clock of the database is ahead of ours. */
  readonly clockAhead: number
}

/** Opens a MySQL database: one pool that writes, one that reads, pending migrations run by one process at a time. */
export async function openMysql(options: DatabaseOptions, url: string): Promise<Database> {
  const address = readAddress(url)
  const opened: DataSource[] = []
  try {
    const facts = await askFacts(address)
    for (const readonly of [false, true]) opened.push(await connect(options, address, readonly).initialize())
    const database = new MysqlDatabase(address, facts, opened[0]!, opened[1]!)
    if (!options.readOnly) await database.exclusively('tables', () => migrate(opened[0]!, database.dialect))
    return database
  } catch (error) {
    for (const dataSource of opened) await dataSource.destroy()
    throw startFaultOf(error, address)
  }
}

class MysqlDatabase implements Database {
  readonly write: DataSource
  readonly read: DataSource
  readonly dialect: MysqlDialect
  readonly #address: MysqlAddress
  readonly #facts: ServerFacts

  constructor(address: MysqlAddress, facts: ServerFacts, write: DataSource, read: DataSource) {
    this.#address = address
    this.#facts = facts
    this.write = write
    this.read = read
    this.dialect = new MysqlDialect({ address, localInfile: facts.localInfile, statementLength: facts.statementLength })
  }

  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.write.transaction(work)
      } catch (error) {
        const again = attempt < tries && isConflict((error as Error).cause ?? error)
        if (!again) throw faultOf(error, this.#address)
      }
    }
  }

  /** The lock is held by a connection outside of the pools, so that those who wait for it take none from those who work; it goes with it. */
  async exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const lock = `handover-${createHash('sha256').update(`${this.#address.database}/${name}`).digest('hex').slice(0, 20)}`
    const connection = await this.#asking(() => connectOnce(this.#address))
    try {
      const [rows] = await this.#asking(() => connection.query(`SELECT GET_LOCK('${lock}', ${lockSeconds}) AS taken`))
      if (Number((rows as [{ taken: unknown }])[0].taken) !== 1)
        throw new WarehouseError(
          'DATABASE_BUSY',
          `Another Handover has been busy with the ${name} for over a minute. Try again when it is done.`,
        )
      return await work()
    } finally {
      connection.destroy()
    }
  }

  async #asking<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question()
    } catch (error) {
      throw faultOf(error, this.#address)
    }
  }

  moment(ms: number): string {
    return `TIMESTAMPADD(MICROSECOND, ${Math.round(ms * 1000)}, UTC_TIMESTAMP(3))`
  }

  stream(sql: string, parameters: readonly unknown[], chunk: number, signal?: AbortSignal): AsyncIterable<Record<string, unknown>[]> {
    return streamRows(this.#address, { sql, parameters, size: chunk, ...(signal && { signal }) })
  }

  snapshot<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return withSnapshot(this.#address, this.dialect.quote, work)
  }

  get facts(): DatabaseFacts {
    const { version, clockAhead } = this.#facts
    return { name: `MySQL ${version} at ${this.#address.name}`, shared: true, clockAhead }
  }

  connections(): readonly PoolUse[] {
    return [poolUse('write', this.write), poolUse('read', this.read)]
  }

  async close(): Promise<void> {
    for (const dataSource of [this.read, this.write]) if (dataSource.isInitialized) await dataSource.destroy()
  }
}

async function askFacts(address: MysqlAddress): Promise<ServerFacts> {
  const connection = await connectOnce(address)
  try {
    return await probe(connection, address)
  } finally {
    connection.destroy()
  }
}

/** Asks the server what it is, and refuses one that cannot do what is needed. */
export async function probe(connection: Connection, address: MysqlAddress): Promise<ServerFacts> {
  const before = Date.now()
  const sql = 'SELECT VERSION() AS version, @@local_infile AS files, @@max_allowed_packet AS packet, UNIX_TIMESTAMP(NOW(3)) * 1000 AS now'
  const [rows] = await connection.query({ sql, timeout: connectTimeout })
  const [{ version, files, packet, now }] = rows as [{ version: string; files: number; packet: number; now: string }]
  refuseOther(version, address)
  return {
    version: /^[\d.]+/.exec(version)![0],
    localInfile: Number(files) === 1,
    packet: Number(packet),
    // Characters take up to four bytes, and the statement stays below half of what is allowed.
    statementLength: Math.min(Math.floor(Number(packet) / 8), 1_000_000),
    clockAhead: Math.round(Number(now) - (before + Date.now()) / 2),
  }
}

function refuseOther(version: string, { name }: MysqlAddress): void {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  if (/mariadb/i.test(version)) {
    const why = 'MariaDB has no collation utf8mb4_0900_bin, by which texts are told apart byte for byte'
    throw new StartError(`The database at ${name} is MariaDB (${version}). Handover needs MySQL 8.4 or newer: ${why}.`)
  }
  if (major < oldest[0]! || (major === oldest[0] && minor < oldest[1]!))
    throw new StartError(`The database at ${name} is MySQL ${version}, which is too old. Handover needs MySQL 8.4 or newer.`)
}

function connect(options: DatabaseOptions, address: MysqlAddress, readonly: boolean): DataSource {
  const { host, port, user: username, password, database, ssl } = address
  const dataSource = new DataSource({
    type: 'mysql',
    ...{ host, port, username, password, database, connectTimeout },
    ...(ssl && { ssl }),
    entities: [...options.entities],
    migrations: readonly ? [] : [...options.migrations],
    migrationsTableName: 'handover_migration',
    ...exactly,
    poolSize: connections,
    flags: ['-FOUND_ROWS'],
    extra: { queueLimit, enableKeepAlive: true },
  })
  return withRunner(dataSource, { address, patience: options.patience ?? 30_000 })
}
