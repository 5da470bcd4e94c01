import { isDeepStrictEqual } from 'node:util'
import { Agenda, type Job, type JobWithState } from 'agenda'
import type { Logger } from 'pino'
import type { Clock } from '../shared/clock.ts'
import { newId } from '../shared/ids.ts'
import { EmbeddedBackend } from './agenda-backend.ts'
import type { AgendaRepository, JobStore } from './agenda-repository.ts'
import { nextRun, validateSchedule, type Schedule } from './schedule-rule.ts'

export { LONGEST_INTERVAL, nextRun, runsBetween, SHORTEST_INTERVAL, validateSchedule, type Schedule } from './schedule-rule.ts'
export { describeSchedule } from './schedule-words.ts'

/** Called once per planned time, and again with the same time when the process died before the next one was planned. Should be short. */
export type OnDue = (sourceId: string, plannedAt: Date) => Promise<void>

/** What a job holds: no settings, because Agenda prints it when somebody debugs. */
interface Trigger {
  readonly sourceId: string
  /** ISO 8601. Agenda clears `nextRunAt` of a running job, so the planned time is kept here. */
  readonly plannedAt: string
  readonly schedule: NonNullable<Schedule>
}

const JOB = 'load'
const POLL_MS = 1000
/** A trigger that takes longer is taken for dead and runs again. Agenda keeps a timer of half of it after each run. */
const LOCK_MS = 10_000
const LONGEST_RETRY_MS = 60_000
const DRAIN_MS = 2000

/**
 * Says when sources load, and nothing else: one waiting one-shot job per source. Its handler reports the planned time, then plans the next,
 * so a crash between the two repeats a report instead of losing the schedule.
 */
export class ScheduleService {
  readonly #agenda: Agenda
  readonly #jobs: AgendaRepository
  readonly #clock: Clock
  readonly #onDue: OnDue
  readonly #name = newId()
  /** Sources that `set` was called for: jobs of all others are what a crash left of a removed source. */
  readonly #known = new Set<string>()
  /** Tail of the queue in which plans are changed one after another. */
  #changes: Promise<unknown> = Promise.resolve()
  #stopping = false

  /** `pollMs` is how often due jobs are looked for. */
  constructor(store: JobStore, clock: Clock, logger: Logger, onDue: OnDue, { pollMs = POLL_MS } = {}) {
    const backend = new EmbeddedBackend(store)
    this.#jobs = backend.repository
    this.#clock = clock
    this.#onDue = onDue
    this.#agenda = new Agenda({ backend, name: this.#name, processEvery: pollMs, defaultLockLifetime: LOCK_MS, removeOnComplete: true })
    const report = (err: Error) => {
      if (!this.#stopping) logger.warn({ err }, 'A trigger of the schedule failed and will run again')
    }
    this.#agenda.on('error', report)
    this.#agenda.on('fail', report)
    const backoff = ({ attempt }: { attempt: number }) => Math.min(pollMs * 2 ** attempt, LONGEST_RETRY_MS)
    this.#agenda.define<Trigger>(JOB, (job) => this.#run(job), { backoff })
  }

  /**
   * Begins to report due times; what was missed while the process was down is reported once per source. Call `set` for every source before:
   * a source that nobody set is forgotten.
   */
  async start(): Promise<void> {
    await this.#jobs.release()
    for (const sourceId of (await this.nextAll()).keys()) if (!this.#known.has(sourceId)) await this.remove(sourceId)
    await this.#agenda.start()
  }

  /** Lets running triggers end, for two seconds at most, and gives back the others. Nothing is reported afterwards. */
  async stop(): Promise<void> {
    this.#stopping = true
    this.#jobs.close()
    await this.#agenda.drain(DRAIN_MS)
    await this.#changes
    await this.#jobs.release(this.#name)
  }

  /** Plans a source; a schedule that is already planned keeps its next time, also a missed one. Throws a `ConfigError` for a wrong schedule. */
  async set(sourceId: string, schedule: Schedule, paused: boolean): Promise<void> {
    validateSchedule(schedule)
    this.#known.add(sourceId)
    if (schedule === null || paused) return this.remove(sourceId)
    await this.#exclusively(async () => {
      const waiting = await this.#waiting(sourceId)
      if (waiting.length > 0 && waiting.every((job) => isDeepStrictEqual(job.data.schedule, schedule))) return
      await this.#clear(sourceId)
      await this.#plan(sourceId, schedule, null)
    })
  }

  /** Forgets what was planned for a source. */
  remove(sourceId: string): Promise<void> {
    return this.#exclusively(() => this.#clear(sourceId))
  }

  /** The next planned time of a source; null when there is none. In the past while it waits for its turn. */
  async next(sourceId: string): Promise<Date | null> {
    return this.#earliest(await this.#waiting(sourceId)).get(sourceId) ?? null
  }

  /** The next planned time of every source that has one, by its id. */
  async nextAll(): Promise<Map<string, Date>> {
    return this.#earliest(await this.#waiting())
  }

  async #run(job: Job<Trigger>): Promise<void> {
    const { sourceId, plannedAt, schedule } = job.attrs.data
    const id = String(job.attrs._id)
    if (!(await this.#isWanted(id))) return
    await this.#onDue(sourceId, new Date(plannedAt))
    await this.#exclusively(async () => {
      const others = (await this.#waiting(sourceId)).filter((other) => other._id !== id)
      if (others.length === 0 && (await this.#isWanted(id))) await this.#plan(sourceId, schedule, new Date(plannedAt))
    })
  }

  async #isWanted(id: string): Promise<boolean> {
    const job = await this.#jobs.getJobById(id)
    return job !== null && job.disabled !== true
  }

  async #plan(sourceId: string, schedule: NonNullable<Schedule>, lastPlanned: Date | null): Promise<void> {
    const at = nextRun(schedule, this.#clock.now(), lastPlanned)
    if (at === null) return
    const trigger: Trigger = { sourceId, plannedAt: at.toISOString(), schedule }
    await this.#agenda.create<Trigger>(JOB, trigger).schedule(at).save()
  }

  /** A job that Agenda holds cannot be deleted under its feet: it is disabled, and removes itself when its turn comes. */
  async #clear(sourceId: string): Promise<void> {
    await this.#jobs.disableJobs({ name: JOB, data: { sourceId } })
    const { jobs } = await this.#jobs.queryJobs({ name: JOB, data: { sourceId } })
    await this.#jobs.removeJobs({ ids: jobs.filter((job) => !job.lockedAt).map((job) => job._id) })
  }

  async #waiting(sourceId?: string): Promise<JobWithState<Trigger>[]> {
    const ofSource = sourceId === undefined ? {} : { data: { sourceId } }
    const { jobs } = await this.#jobs.queryJobs({ name: JOB, includeDisabled: false, ...ofSource })
    return jobs as JobWithState<Trigger>[]
  }

  #earliest(jobs: readonly JobWithState<Trigger>[]): Map<string, Date> {
    const earliest = new Map<string, Date>()
    for (const { nextRunAt, data } of jobs) {
      const at = nextRunAt ?? nextRun(data.schedule, this.#clock.now(), new Date(data.plannedAt))
      const known = earliest.get(data.sourceId)
      if (at !== null && (known === undefined || at < known)) earliest.set(data.sourceId, at)
    }
    return earliest
  }

  #exclusively<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#changes.then(change)
    this.#changes = result.catch(() => undefined)
    return result
  }
}
