import { ConfigError } from '@handover/sdk'
import { Cron } from 'croner'
import { isTimeZone } from '../shared/time-zone.ts'

/** When a source loads: every so many seconds, or by a cron line of five fields in a time zone. null = only when a person asks. */
export type Schedule = { readonly every: number } | { readonly cron: string; readonly timeZone: string } | null

/** Shortest interval in seconds: the platform is no stream processor, and sources are other people's machines. */
export const SHORTEST_INTERVAL = 60
/** Longest interval in seconds: a leap year. */
export const LONGEST_INTERVAL = 366 * 24 * 3600

/** Checks a schedule that a person typed; throws a `ConfigError` that says what to write instead. */
export function validateSchedule(schedule: Schedule): void {
  if (schedule === null) return
  if (typeof schedule !== 'object') throw fault('schedule', 'A schedule is an interval in seconds, or a cron line with a time zone.')
  const { every, cron, timeZone, ...other } = schedule as { every?: unknown; cron?: unknown; timeZone?: unknown }
  const extra = Object.keys(other)[0]
  if (extra !== undefined) throw fault(extra, `A schedule has no part called "${extra}".`)
  if (every !== undefined && (cron !== undefined || timeZone !== undefined))
    throw fault('every', 'Give an interval or a cron line, not both.')
  if (every !== undefined) checkInterval(every)
  else checkCron(cron, timeZone)
}

/**
 * The first planned time after `after`; null when there is none. An interval counts on from the time planned last, not from when it ran,
 * so it never drifts, and however many times were missed, one remains.
 */
export function nextRun(schedule: Schedule, after: Date, lastPlanned: Date | null): Date | null {
  if (schedule === null) return null
  if ('cron' in schedule) return cronOf(schedule).nextRun(after)
  return new Date(nextTick(schedule.every * 1000, after.getTime(), (lastPlanned ?? after).getTime()))
}

/** All planned times with `from` ≤ time < `to`, oldest first, at most `most`; an interval counts from `anchor`, any time planned once. */
export function runsBetween(schedule: Schedule, from: Date, to: Date, anchor: Date, most = 400): Date[] {
  const runs: Date[] = []
  let next = nextRun(schedule, new Date(from.getTime() - 1), anchor)
  while (next !== null && next < to && runs.length < most) {
    runs.push(next)
    next = nextRun(schedule, next, anchor)
  }
  return runs
}

/** Smallest `anchor + k * step` after `after`, for any whole k: the anchor may lie in the future too. */
const nextTick = (step: number, after: number, anchor: number): number => anchor + (Math.floor((after - anchor) / step) + 1) * step

/**
 * A time that the change of clocks leaves out runs at the first moment after it, and one that comes twice runs once,
 * except for lines that repeat within the hour: they go by the time that passes.
 */
const cronOf = (schedule: { cron: string; timeZone: string }): Cron =>
  new Cron(schedule.cron.trim(), { timezone: schedule.timeZone, mode: '5-part', fixedTimeRule: 'no-wildcard' })

function checkInterval(every: unknown): void {
  if (Number.isInteger(every) && (every as number) >= SHORTEST_INTERVAL && (every as number) <= LONGEST_INTERVAL) return
  throw fault('every', `The interval must be a whole number of seconds from ${SHORTEST_INTERVAL} to ${LONGEST_INTERVAL} (a year).`)
}

function checkCron(cron: unknown, timeZone: unknown): void {
  if (typeof cron !== 'string' || cron.trim().split(/\s+/).length !== 5) {
    throw fault(
      'cron',
      'A cron line has five fields: minute, hour, day of the month, month, day of the week. "0 6 * * *" is every day at 06:00.',
    )
  }
  if (typeof timeZone !== 'string' || !isTimeZone(timeZone)) {
    throw fault('timeZone', 'Name the time zone as the IANA list does, for example Europe/Stockholm or UTC.')
  }
  let next: Date | null
  try {
    next = cronOf({ cron, timeZone }).nextRun(new Date(0))
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : undefined
    throw fault(
      'cron',
      `"${cron}" is not a cron line that can be read. "0 6 * * *" is every day at 06:00, "*/15 * * * *" every 15 minutes.`,
      detail,
    )
  }
  if (next === null) throw fault('cron', `"${cron}" is never due. Look at its day and month.`)
}

const fault = (name: string, message: string, detail?: string): ConfigError =>
  new ConfigError(message, { fields: [{ name, message }], ...(detail === undefined ? {} : { detail }) })
