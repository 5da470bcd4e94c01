import { MongoJobRepository } from '@agendajs/mongo-backend'
import type { JobParameters, JobRepositoryOptions } from 'agenda'
import { Claims } from './claims.ts'
import type { MongoConnection } from './mongo-connection.ts'

/** The collection that holds the jobs. */
export const JOBS_COLLECTION = 'handover_jobs'

/** Agenda's jobs in MongoDB, as Agenda's own backend keeps them, quiet while the server does not answer. */
export class MongoJobs extends MongoJobRepository {
  readonly claims = new Claims()
  readonly #connection: MongoConnection

  constructor(connection: MongoConnection) {
    super({ mongo: connection.db, db: { collection: JOBS_COLLECTION } })
    this.#connection = connection
  }

  /** While nobody answers, or one poll still waits, nothing is due: Agenda polls again, and does not wait for its last poll by itself. */
  override async getNextJobToRun(
    name: string,
    nextScanAt: Date,
    lockDeadline: Date,
    now: Date | undefined,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters | undefined> {
    if (!this.#connection.isReachable || this.claims.isBusy) return undefined
    const job = await this.claims.run(() => super.getNextJobToRun(name, nextScanAt, lockDeadline, now, options))
    this.#connection.answered()
    return job
  }

  /** Agenda does not wait for this, so a failure would end the process. The lock runs out by itself. */
  override async unlockJob(job: JobParameters): Promise<void> {
    await super.unlockJob(job).catch(() => undefined)
  }

  /** See `ScheduleBackend.release`. One job at a time, and only as long as nobody else has taken it. */
  async release(owner: string): Promise<void> {
    await this.claims.settled()
    const held = await this.collection.find({ lastModifiedBy: owner, lockedAt: { $ne: null } }).toArray()
    for (const { _id, lockedAt, nextRunAt, lastRunAt } of held) {
      const due = nextRunAt ?? lastRunAt ?? lockedAt!
      await this.collection.updateOne({ _id, lastModifiedBy: owner, lockedAt }, { $set: { lockedAt: null, nextRunAt: due } })
    }
  }
}
