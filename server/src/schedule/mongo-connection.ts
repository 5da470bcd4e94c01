import { MongoClient, type Db, type TopologyDescription } from 'mongodb'
import { StartError } from '../shared/errors.ts'
import { startFault, UNREADABLE_URL } from './mongo-faults.ts'

/** The database where the address names none. */
const DATABASE = 'handover'
const ANSWER_MS = 5000
/** A server that hangs in the middle of an answer. */
const SILENCE_MS = 10_000
/** Servers that do not stream their state (none of a replica set does) are asked this often. */
const HEARTBEAT_MS = 2000

/** The one connection to MongoDB. It reconnects by itself; until then calls fail. */
export class MongoConnection {
  readonly db: Db
  /** Hosts and ports for people, never a user or a password. */
  readonly place: string
  readonly #client: MongoClient
  #isReachable = true
  #listener: (reason: string | null) => void = () => {}

  private constructor(client: MongoClient, db: Db) {
    this.#client = client
    this.db = db
    this.place = client.options.srvHost ?? client.options.hosts.map(String).join(', ')
  }

  /**
   * Connects, and makes sure of user and password, for `patienceMs` at most. Throws a `StartError` with one sentence that says what to mend.
   */
  static async open(url: string, patienceMs = ANSWER_MS): Promise<MongoConnection> {
    const connection = MongoConnection.#of(url, patienceMs)
    await connection.whileStarting(async () => {
      await connection.#client.connect()
      await connection.db.command({ ping: 1 })
    })
    connection.#watch()
    return connection
  }

  /** Connects to nothing yet. The options here go before those in the address. */
  static #of(url: string, patienceMs: number): MongoConnection {
    try {
      const client = new MongoClient(url, {
        appName: 'handover',
        serverSelectionTimeoutMS: patienceMs,
        connectTimeoutMS: patienceMs,
        socketTimeoutMS: SILENCE_MS,
        heartbeatFrequencyMS: HEARTBEAT_MS,
      })
      return new MongoConnection(client, client.db(databaseOf(url), { readPreference: 'primary' }))
    } catch {
      // What the driver says may repeat a part of the password, so neither its words nor its error go on.
      throw new StartError(UNREADABLE_URL)
    }
  }

  get isReachable(): boolean {
    return this.#isReachable
  }

  /**
   * Tells each time no server can be written to any more, with the reason. Tells with null each time one can be again, and whenever a poll
   * was answered: an outage may be over before the driver looks for it.
   */
  onReachable(listener: (reason: string | null) => void): void {
    this.#listener = listener
  }

  /** To be called when a poll was answered. */
  answered(): void {
    this.#listener(null)
  }

  /** Makes a `StartError` of what fails, and closes the connection then. */
  async whileStarting<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      await this.close()
      throw startFault(error, this.place, this.db.databaseName)
    }
  }

  /** What the server calls its version. */
  async version(): Promise<string> {
    const { version } = await this.db.admin().buildInfo()
    return String(version)
  }

  /** Ends it; calls under way fail. */
  async close(): Promise<void> {
    this.#listener = () => {}
    await this.#client.close()
  }

  #watch(): void {
    this.#client.on('topologyDescriptionChanged', ({ newDescription }) => {
      const isReachable = [...newDescription.servers.values()].some((server) => server.isWritable)
      if (isReachable === this.#isReachable) return
      this.#isReachable = isReachable
      this.#listener(isReachable ? null : reasonIn(newDescription))
    })
  }
}

const reasonIn = ({ servers }: TopologyDescription): string =>
  [...servers.values()].find((server) => server.error !== null)?.error?.message ?? 'No server can be written to.'

/** The driver would take "test" where the address names none. */
function databaseOf(url: string): string | undefined {
  const path = /^[^/]*\/\/[^/?]*\/?([^?]*)/.exec(url)?.[1]
  return path ? undefined : DATABASE
}
