import { isDeepStrictEqual } from 'node:util'
import type { Agenda, JobRepository, JobWithState } from 'agenda'
import type { Clock } from '../shared/clock.ts'
import { nextRun, type Schedule } from './schedule-rule.ts'
import { arrange, byPlan, doublesOf, isOf, toTrigger, type Trigger, type TriggerData } from './trigger.ts'

/** The name that all triggers have as jobs of Agenda. */
export const JOB = 'load'
/** A trigger that takes longer is taken for dead and runs again. Agenda keeps a timer of half of it after each run. */
export const LOCK_MS = 10_000
/** Changes of one source that may come between the looks of one `settle`; what is still wrong then, the next comparison mends. */
const TRIES = 5

/** What plans are made with. */
export interface PlansDeps {
  readonly agenda: Agenda
  readonly jobs: JobRepository
  readonly clock: Clock
  wanted(): Promise<ReadonlyMap<string, Schedule>>
}

/** A trigger that runs in this process. */
type Own = TriggerData & { readonly id: string }

/**
 * Keeps one waiting job per source, of the schedule that is wanted. Any number of processes do this on the same jobs without locks: each
 * writes, then looks again until there is nothing to do, and all choose the same job to stay. So whatever one of them does meanwhile is
 * either seen here, or that one looks after this one wrote.
 */
export class Plans {
  readonly #deps: PlansDeps
  /** Tail of the queue in which plans are changed one after another. */
  #changes: Promise<unknown> = Promise.resolve()

  constructor(deps: PlansDeps) {
    this.#deps = deps
  }

  /** Every trigger there is, or those of one source; disabled ones too. */
  async triggers(sourceId?: string): Promise<Trigger[]> {
    const ofSource = sourceId === undefined ? {} : { data: { sourceId } }
    const { jobs } = await this.#deps.jobs.queryJobs({ name: JOB, ...ofSource })
    return (jobs as JobWithState<TriggerData>[]).map(toTrigger)
  }

  /** False for a trigger that nobody wants any more, and for all but the first of several that stand for the same run; the others go. */
  async mayReport({ id, sourceId }: Own): Promise<boolean> {
    const schedule = await this.#wanted(sourceId)
    const triggers = await this.triggers(sourceId)
    const own = triggers.find((trigger) => trigger.id === id)
    if (own === undefined || !isOf(own, schedule)) return false
    const doubles = doublesOf(own, triggers)
    if (doubles.some((double) => byPlan(double, own) < 0)) return false
    await this.#discard(doubles)
    return true
  }

  /** Makes the plan of a source what is wanted now. `own` is the trigger that runs here: its successor counts on from its time. */
  settle(sourceId: string, own?: Own): Promise<void> {
    return this.#exclusively(async () => {
      for (let tries = 0; tries < TRIES; tries++) {
        const schedule = await this.#wanted(sourceId)
        const others = (await this.triggers(sourceId)).filter(({ id }) => id !== own?.id)
        const { waiting, isRunning, extra } = arrange(others, schedule, lockDeadline())
        await this.#discard(extra)
        // A trigger that runs elsewhere may count on this one to plan, as this one would on that: so both do.
        const isPlanned = waiting !== null || (isRunning && own === undefined)
        const hasPlanned = schedule !== null && !isPlanned && (await this.#plan(sourceId, schedule, own))
        if (!hasPlanned && extra.length === 0) return
      }
    })
  }

  /** Settles every source whose plan is not what is wanted, be it that one is gone, or that a process died before it could plan. */
  async settleAll(): Promise<void> {
    const wanted = await this.#deps.wanted()
    const triggers = await this.triggers()
    for (const sourceId of new Set([...wanted.keys(), ...triggers.map((trigger) => trigger.sourceId)])) {
      const schedule = wanted.get(sourceId) ?? null
      const ofSource = triggers.filter((trigger) => trigger.sourceId === sourceId)
      const { waiting, isRunning, extra } = arrange(ofSource, schedule, lockDeadline())
      if (extra.length > 0 || (schedule !== null && waiting === null && !isRunning)) await this.settle(sourceId)
    }
  }

  /** Resolves when no change is under way. */
  async idle(): Promise<void> {
    await this.#changes
  }

  async #wanted(sourceId: string): Promise<Schedule> {
    return (await this.#deps.wanted()).get(sourceId) ?? null
  }

  /** False when the schedule is never due again. */
  async #plan(sourceId: string, schedule: NonNullable<Schedule>, own: Own | undefined): Promise<boolean> {
    const last = own !== undefined && isDeepStrictEqual(own.schedule, schedule) ? new Date(own.plannedAt) : null
    const now = this.#deps.clock.now()
    // A clock that was put back must not bring back a time that has been reported.
    const at = nextRun(schedule, last !== null && last > now ? last : now, last)
    if (at === null) return false
    const data: TriggerData = { sourceId, plannedAt: at.toISOString(), schedule }
    await this.#deps.agenda.create<TriggerData>(JOB, data).schedule(at).save()
    return true
  }

  /** A job that Agenda holds cannot be deleted under its feet: it is disabled, and removes itself when its turn comes. */
  async #discard(triggers: readonly Trigger[]): Promise<void> {
    if (triggers.length === 0) return
    const ids = triggers.map(({ id }) => id)
    await this.#deps.jobs.disableJobs({ ids })
    const { jobs } = await this.#deps.jobs.queryJobs({ ids })
    const free = jobs.filter(({ lockedAt }) => !lockedAt || lockedAt <= lockDeadline())
    if (free.length > 0) await this.#deps.jobs.removeJobs({ ids: free.map(({ _id }) => _id) })
  }

  #exclusively(change: () => Promise<void>): Promise<void> {
    const result = this.#changes.then(change)
    this.#changes = result.catch(() => undefined)
    return result
  }
}

/** Agenda takes a lock from before this for one of a process that died. By its clock, not by ours. */
const lockDeadline = (): Date => new Date(Date.now() - LOCK_MS)
