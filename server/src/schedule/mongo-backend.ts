import { MongoError } from 'mongodb'
import { HandoverError, ScheduleError } from '../shared/errors.ts'
import { MongoConnection } from './mongo-connection.ts'
import { JOBS_COLLECTION, MongoJobs } from './mongo-jobs.ts'
import type { ScheduleBackend } from './schedule-backend.ts'

/** Agenda on MongoDB, shared by any number of processes. Agenda polls: change streams would need a replica set. */
export class MongoBackend implements ScheduleBackend {
  readonly name = 'MongoDB'
  readonly ownsConnection = false
  readonly repository: MongoJobs
  readonly #connection: MongoConnection

  private constructor(connection: MongoConnection) {
    this.#connection = connection
    this.repository = new MongoJobs(connection)
  }

  /** Connects and makes the index. Throws a `StartError` when MongoDB cannot be used as the address says. */
  static async open(url: string, patienceMs?: number): Promise<MongoBackend> {
    const connection = await MongoConnection.open(url, patienceMs)
    const backend = new MongoBackend(connection)
    await connection.whileStarting(() => backend.repository.connect())
    return backend
  }

  get isReachable(): boolean {
    return this.#connection.isReachable
  }

  /** Nothing to do: Agenda does not handle a connection that fails here, so it is made before Agenda is. */
  async connect(): Promise<void> {}

  async disconnect(): Promise<void> {
    await this.#connection.close()
  }

  stopClaiming(): void {
    this.repository.claims.close()
  }

  release(owner: string): Promise<void> {
    return this.repository.release(owner)
  }

  outage(error: unknown): ScheduleError | null {
    return error instanceof MongoError ? this.#unavailable(error.message, error) : null
  }

  onReachable(listener: (outage: ScheduleError | null) => void): void {
    this.#connection.onReachable((reason) => listener(reason === null ? null : this.#unavailable(reason)))
  }

  #unavailable(detail: string, cause?: Error): ScheduleError {
    const message = `MongoDB at ${this.#connection.place}, which keeps the schedule, does not answer. What was changed is kept, and counts as soon as it answers again.`
    return new ScheduleError(message, { detail, ...(cause && { cause }) })
  }
}

/** What a check of MongoDB came to. */
export interface MongoCheck {
  readonly ok: boolean
  /** One sentence for a person; names host and port, never a user or a password. */
  readonly message: string
  /** Of the server; left out when it did not answer. */
  readonly version?: string
}

/** Tries a `MONGODB_URL` without changing anything there: address, network, TLS, user and the right to read. Never throws for what a person can mend. */
export async function checkMongo(url: string, patienceMs?: number): Promise<MongoCheck> {
  try {
    const connection = await MongoConnection.open(url, patienceMs)
    const version = await connection.whileStarting(async () => {
      await connection.db.collection(JOBS_COLLECTION).findOne({})
      return connection.version()
    })
    await connection.close()
    return { ok: true, message: `MongoDB ${version} answers at ${connection.place}.`, version }
  } catch (error) {
    if (!(error instanceof HandoverError)) throw error
    return { ok: false, message: error.message }
  }
}
