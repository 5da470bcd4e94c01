import { Agenda, type Job } from 'agenda'
import type { Logger } from 'pino'
import type { Clock } from '../shared/clock.ts'
import { ScheduleError } from '../shared/errors.ts'
import { newId } from '../shared/ids.ts'
import { EmbeddedBackend } from './agenda-backend.ts'
import type { JobStore } from './agenda-repository.ts'
import { MongoBackend } from './mongo-backend.ts'
import { JOB, LOCK_MS, Plans } from './plans.ts'
import type { ScheduleBackend } from './schedule-backend.ts'
import { validateSchedule, type Schedule } from './schedule-rule.ts'
import { earliest, type TriggerData } from './trigger.ts'

export { checkMongo, type MongoCheck } from './mongo-backend.ts'
export type { ScheduleBackend } from './schedule-backend.ts'
export { LONGEST_INTERVAL, nextRun, runsBetween, SHORTEST_INTERVAL, validateSchedule, type Schedule } from './schedule-rule.ts'
export { describeSchedule } from './schedule-words.ts'
export { keepPlans, readPlans, type PlannedTime } from './planned-times.ts'

/**
 * Called once per planned time, and again with the same time when a process died before the next one was planned, or hung so long that
 * another took over: who is called must know a planned time again that it has had. Should be short.
 */
export type OnDue = (sourceId: string, plannedAt: Date) => Promise<void>

/** What the schedule is made with. */
export interface ScheduleDeps {
  /** Ended by `stop`. */
  readonly backend: ScheduleBackend
  readonly clock: Clock
  readonly logger: Logger
  readonly onDue: OnDue
  /** Milliseconds between two looks for due jobs; a second when left out. */
  readonly pollMs?: number
  /** The schedule of every source that has one and is not paused, by its id. Asked each time, because other processes change it too. */
  wanted(): Promise<ReadonlyMap<string, Schedule>>
}

const POLL_MS = 1000
const LONGEST_RETRY_MS = 60_000
const DRAIN_MS = 2000
/** How often plans are compared with what is wanted: a process may die between the change of a source and its plan. */
const COMPARE_MS = 60_000
/** The same fault is not said again for so long. */
const SILENCE_MS = 600_000

/** Opens the place where jobs are kept: MongoDB when there is an address, else the database. Throws a `StartError` when it cannot be used. */
export async function openScheduleBackend(mongodbUrl: string | null, store: JobStore): Promise<ScheduleBackend> {
  return mongodbUrl === null ? new EmbeddedBackend(store) : MongoBackend.open(mongodbUrl)
}

/**
 * Says when sources load, and nothing else: one waiting one-shot job per source. Its handler reports the planned time, then plans the next,
 * so a crash between the two repeats a report instead of losing the schedule. Any number of processes may share a backend; one that only
 * plans and answers when the next time is never calls `start`.
 */
export class ScheduleService {
  readonly #deps: ScheduleDeps
  readonly #agenda: Agenda
  readonly #plans: Plans
  readonly #name = newId()
  /** Triggers that Agenda has begun and not ended. */
  #running = 0
  #comparing: NodeJS.Timeout | undefined
  #isOut = false
  #lastFault = { message: '', at: 0 }
  #stopped: Promise<void> | undefined

  constructor(deps: ScheduleDeps) {
    const { backend, clock, pollMs = POLL_MS } = deps
    this.#deps = deps
    this.#agenda = new Agenda({ backend, name: this.#name, processEvery: pollMs, defaultLockLifetime: LOCK_MS, removeOnComplete: true })
    this.#plans = new Plans({ agenda: this.#agenda, jobs: backend.repository, clock, wanted: () => deps.wanted() })
    this.#agenda.on('start', () => this.#running++)
    this.#agenda.on('complete', () => this.#running--)
    this.#agenda.on('error', (error) => this.#report(error))
    this.#agenda.on('fail', (error) => this.#report(error))
    const backoff = ({ attempt }: { attempt: number }) => Math.min(pollMs * 2 ** attempt, LONGEST_RETRY_MS)
    this.#agenda.define<TriggerData>(JOB, (job) => this.#run(job), { backoff })
    backend.onReachable((outage) => (outage === null ? this.#noteAnswer() : this.#noteOutage(outage)))
  }

  /** False while it is known that the place where jobs are kept does not answer: then no source is loaded on time. */
  get isReachable(): boolean {
    return this.#deps.backend.isReachable && !this.#isOut
  }

  /** Begins to report due times; what was missed while no process ran is reported once per source. */
  async start(): Promise<void> {
    await this.compare()
    await this.#agenda.start()
    this.#comparing = setInterval(() => this.#compareAgain(), COMPARE_MS)
    this.#comparing.unref()
  }

  /** Lets running triggers end, for two seconds at most, gives back the others and ends the backend. Nothing is reported afterwards. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#end())
  }

  /**
   * Makes the plan of a source what is wanted now; a schedule that is already planned keeps its next time, also a missed one. Throws a
   * `ConfigError` for a wrong schedule, and a `ScheduleError` when the backend does not answer: then the plan follows by itself later.
   */
  async set(sourceId: string, schedule: Schedule, _paused: boolean): Promise<void> {
    validateSchedule(schedule)
    await this.#ask(() => this.#plans.settle(sourceId))
  }

  /** Forgets what was planned for a source that is not wanted any more. Throws a `ScheduleError` like `set`. */
  remove(sourceId: string): Promise<void> {
    return this.#ask(() => this.#plans.settle(sourceId))
  }

  /** Makes all plans what is wanted now. Done by itself at the start, once a minute, and when the backend answers again. */
  compare(): Promise<void> {
    return this.#ask(() => this.#plans.settleAll())
  }

  /** The next planned time of a source; null when there is none, or nobody can say. In the past while it waits for its turn. */
  async next(sourceId: string): Promise<Date | null> {
    return (await this.nextAll()).get(sourceId) ?? null
  }

  /** The next planned time of every source that has one, by its id; nothing while the backend does not answer. */
  async nextAll(): Promise<Map<string, Date>> {
    if (!this.#deps.backend.isReachable) return new Map()
    try {
      return earliest(await this.#ask(() => this.#plans.triggers()), this.#deps.clock.now())
    } catch (error) {
      if (error instanceof ScheduleError) return new Map()
      throw error
    }
  }

  async #run(job: Job<TriggerData>): Promise<void> {
    const own = { id: String(job.attrs._id), ...job.attrs.data }
    if (await this.#plans.mayReport(own)) await this.#deps.onDue(own.sourceId, new Date(own.plannedAt))
    await this.#plans.settle(own.sourceId, own)
  }

  async #end(): Promise<void> {
    const { backend } = this.#deps
    clearInterval(this.#comparing)
    backend.stopClaiming()
    await this.#drain()
    if (backend.isReachable) await this.#giveBack()
    await backend.disconnect()
    await this.#plans.idle()
  }

  /** Agenda's own drain waits for its time-out when it has to remove the job that ran last, so it is told when all have ended. */
  async #drain(): Promise<void> {
    const ended = new AbortController()
    this.#agenda.on('complete', () => this.#running === 0 && ended.abort())
    await this.#agenda.drain({ timeout: DRAIN_MS, signal: ended.signal })
  }

  async #giveBack(): Promise<void> {
    await this.#plans.idle()
    try {
      await this.#ask(() => this.#deps.backend.release(this.#name))
    } catch (error) {
      // They come back by themselves when their locks run out.
      if (!(error instanceof ScheduleError)) throw error
    }
  }

  /** Makes a `ScheduleError` of what fails because the backend does not answer. */
  async #ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      const answer = await call()
      this.#noteAnswer()
      return answer
    } catch (error) {
      const outage = this.#deps.backend.outage(error)
      if (outage === null) throw error
      this.#noteOutage(outage)
      throw outage
    }
  }

  #compareAgain(): void {
    if (!this.#stopped && this.#deps.backend.isReachable) this.compare().catch((error: unknown) => this.#report(error))
  }

  /** An outage is said once, however many calls and polls it makes fail. */
  #noteOutage({ message, detail }: ScheduleError): void {
    if (this.#isOut || this.#stopped) return
    this.#isOut = true
    this.#deps.logger.warn({ reason: message, detail }, 'The schedule cannot be reached: no source is loaded on time until it is back')
  }

  #noteAnswer(): void {
    if (!this.#isOut || this.#stopped) return
    this.#isOut = false
    this.#deps.logger.info('The schedule can be reached again')
    if (this.#comparing !== undefined) this.#compareAgain()
  }

  #report(error: unknown): void {
    if (this.#stopped || error instanceof ScheduleError) return
    const outage = this.#deps.backend.outage(error)
    if (outage !== null) return this.#noteOutage(outage)
    const message = error instanceof Error ? error.message : String(error)
    const at = this.#deps.clock.now().getTime()
    if (message === this.#lastFault.message && at - this.#lastFault.at < SILENCE_MS) return
    this.#lastFault = { message, at }
    this.#deps.logger.warn({ err: error }, 'A trigger of the schedule failed and will run again')
  }
}
