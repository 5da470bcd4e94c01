import { isDeepStrictEqual } from 'node:util'
import type { JobWithState } from 'agenda'
import { nextRun, type Schedule } from './schedule-rule.ts'

/** What a job holds: no settings, because Agenda prints it when somebody debugs. */
export interface TriggerData {
  readonly sourceId: string
  /** ISO 8601. Agenda clears `nextRunAt` of a running job, so the planned time is kept here. */
  readonly plannedAt: string
  readonly schedule: NonNullable<Schedule>
}

/** One job of Agenda as the schedule sees it. */
export interface Trigger {
  readonly id: string
  readonly sourceId: string
  readonly plannedAt: Date
  readonly schedule: NonNullable<Schedule>
  /** When it fires: the planned time, or later after a failure. null while it runs, and for what a killed process left of one that ran. */
  readonly nextRunAt: Date | null
  readonly lockedAt: Date | null
  readonly isDisabled: boolean
}

/** How the triggers of one source stand to the schedule it has. */
export interface Arrangement {
  /** The one that is to stay; null when one must be planned. */
  readonly waiting: Trigger | null
  /** One of that schedule runs, and will plan the next. */
  readonly isRunning: boolean
  /** Those that are in the way: of another schedule, doubles, and what killed processes left. */
  readonly extra: readonly Trigger[]
}

/** A job of Agenda as a trigger. */
export const toTrigger = ({ _id, data, nextRunAt, lockedAt, disabled }: JobWithState<TriggerData>): Trigger => ({
  id: String(_id),
  sourceId: data.sourceId,
  plannedAt: new Date(data.plannedAt),
  schedule: data.schedule,
  nextRunAt: nextRunAt ?? null,
  lockedAt: lockedAt ?? null,
  isDisabled: disabled === true,
})

/**
 * Sorts the triggers of one source. Which one stays depends on nothing but the triggers, so that processes that do this at the same time
 * choose the same one. A lock from before `heldSince` is of a process that died.
 */
export function arrange(triggers: readonly Trigger[], schedule: Schedule, heldSince: Date): Arrangement {
  const fitting = triggers.filter((trigger) => isOf(trigger, schedule))
  const waiting = fitting.filter(({ nextRunAt }) => nextRunAt !== null).toSorted(byPlan)[0] ?? null
  const running = fitting.filter(({ nextRunAt, lockedAt }) => nextRunAt === null && lockedAt !== null)
  const isLeaving = ({ isDisabled, lockedAt }: Trigger) => isDisabled && lockedAt !== null && lockedAt > heldSince
  const extra = triggers.filter((trigger) => trigger !== waiting && !running.includes(trigger) && !isLeaving(trigger))
  return { waiting, isRunning: running.length > 0, extra }
}

/** True for a trigger that counts and is of that very schedule. */
export const isOf = (trigger: Trigger, schedule: Schedule): boolean => !trigger.isDisabled && isDeepStrictEqual(trigger.schedule, schedule)

/**
 * Triggers that stand for the same run as `trigger`, though their times may differ: two processes planned the first run of a source, and one
 * died before it saw the other's. They are less than one interval apart.
 */
export function doublesOf(trigger: Trigger, triggers: readonly Trigger[]): Trigger[] {
  const isLive = ({ nextRunAt, lockedAt }: Trigger) => nextRunAt !== null || lockedAt !== null
  return triggers.filter((other) => other.id !== trigger.id && isLive(other) && isOf(other, trigger.schedule) && !areApart(trigger, other))
}

/** Earlier plan first; the id decides between equal ones. */
export const byPlan = (a: Trigger, b: Trigger): number => a.plannedAt.getTime() - b.plannedAt.getTime() || (a.id < b.id ? -1 : 1)

/** The earliest time at which each source fires, by its id; for one that runs, the time that will be planned. */
export function earliest(triggers: readonly Trigger[], now: Date): Map<string, Date> {
  const times = new Map<string, Date>()
  for (const { sourceId, nextRunAt, lockedAt, schedule, plannedAt, isDisabled } of triggers) {
    const at = nextRunAt ?? (lockedAt && nextRun(schedule, now, plannedAt))
    const known = times.get(sourceId)
    if (!isDisabled && at !== null && (known === undefined || at < known)) times.set(sourceId, at)
  }
  return times
}

function areApart(a: Trigger, b: Trigger): boolean {
  const [first, second] = [a, b].toSorted(byPlan) as [Trigger, Trigger]
  const following = nextRun(first.schedule, first.plannedAt, first.plannedAt)
  return following !== null && second.plannedAt >= following
}
