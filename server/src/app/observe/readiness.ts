import type { Logger } from 'pino'
import type { ScheduleService } from '../../schedule/schedule.service.ts'
import type { Database } from '../../warehouse/warehouse.service.ts'
import { within } from './within.ts'

/** Whether a process can do its work, and how each part of it is in plain words. Names no host, user or password. */
export interface ReadyReport {
  readonly status: 'ready' | 'starting or stopping' | 'not ready'
  readonly parts: { readonly process: string; readonly database: string; readonly schedule: string }
}

/** What can be reached at the moment. */
export interface Reachable {
  readonly database: boolean
  readonly schedule: boolean
}

/** What readiness is judged by. */
export interface ReadinessDeps {
  readonly db: Database
  readonly schedule: Pick<ScheduleService, 'isReachable'>
  readonly logger: Logger
  /** Milliseconds that never go back. */
  now(): number
}

/** An answer of the database holds for so long, so that any number of probes costs one small question. */
const FRESH_MS = 1_000
/** A database that takes longer for the smallest question there is does not answer. */
const PATIENCE_MS = 2_000

const NO_ANSWER = 'does not answer; it is asked again by itself'
const NO_SCHEDULE = 'cannot be reached; loads that run go on, none begins on time until it is back'

/**
 * Judges whether this process can do its work. It listens only once the tables are as this version needs them, so what is left is whether
 * it has started, is not stopping, and reaches its database. A schedule that is out of reach is told and does not make it unready: pages,
 * API, running loads and loads that a person asks for go on without it.
 */
export class Readiness {
  readonly #deps: ReadinessDeps
  #isOpen = false
  #asking: Promise<boolean> | null = null
  #known = { answers: true, at: -Infinity }

  constructor(deps: ReadinessDeps) {
    this.#deps = deps
  }

  /** To be called when loads and schedule run. */
  open(): void {
    this.#isOpen = true
  }

  /** To be called before anything is stopped. */
  close(): void {
    this.#isOpen = false
  }

  /** How it is now. Never throws, and takes two seconds at most. */
  async report(): Promise<ReadyReport & { readonly isReachable: Reachable }> {
    const isReachable = { database: await this.#databaseAnswers(), schedule: this.#deps.schedule.isReachable }
    const status = !this.#isOpen ? 'starting or stopping' : isReachable.database ? 'ready' : 'not ready'
    const parts = {
      process: this.#isOpen ? 'runs' : 'starting or stopping',
      database: isReachable.database ? 'answers' : NO_ANSWER,
      schedule: isReachable.schedule ? 'answers' : NO_SCHEDULE,
    }
    return { status, parts, isReachable }
  }

  /** At most one question is under way, and a fresh answer is given again. */
  async #databaseAnswers(): Promise<boolean> {
    if (this.#deps.now() - this.#known.at < FRESH_MS) return this.#known.answers
    this.#asking ??= this.#ask().finally(() => void (this.#asking = null))
    return this.#asking
  }

  async #ask(): Promise<boolean> {
    const { db, logger, now } = this.#deps
    const fault = await within(PATIENCE_MS, db.read.query('SELECT 1')).then(
      () => null,
      (err: unknown) => err,
    )
    if (fault !== null && this.#known.answers) logger.warn({ err: fault }, 'The database does not answer: this process is not ready')
    if (fault === null && !this.#known.answers) logger.info('The database answers again')
    this.#known = { answers: fault === null, at: now() }
    return this.#known.answers
  }
}
