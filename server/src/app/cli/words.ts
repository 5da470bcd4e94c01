import { count, type Whole } from '../../shared/words.ts'
import type { Tone } from './terminal.ts'

export { count, number, type Whole } from '../../shared/words.ts'

/** A size in the unit that fits: "1.2 MB". */
export function bytes(value: Whole): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let size = Number(value)
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return unit === 0 ? count(Math.round(size), 'byte') : `${size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`
}

const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
]

/** A length of time in its largest unit: "3 minutes". */
export function lengthOfTime(ms: number): string {
  const unit = UNITS.find(([size]) => ms >= size)
  return unit ? count(Math.floor(ms / unit[0]), unit[1]) : 'under a second'
}

/** How far a moment is from now: "3 minutes ago", "in 2 hours", "now"; "–" for none. */
export function fromNow(at: string | null, now: Date): string {
  if (at === null) return '–'
  const ms = new Date(at).getTime() - now.getTime()
  if (Math.abs(ms) < 1000) return 'now'
  return ms > 0 ? `in ${lengthOfTime(ms)}` : `${lengthOfTime(-ms)} ago`
}

/** A moment to the second: "2026-03-01 09:30:00 UTC". */
export const moment = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`

/** How a source is, in words, and whether it needs somebody. */
export const SOURCE_STATES: Readonly<Record<string, readonly [words: string, tone: Tone]>> = {
  ON_TIME: ['on time', 'good'],
  LOADING: ['loading', 'strong'],
  LATE: ['late', 'careful'],
  FAILED: ['failed', 'bad'],
  HELD: ['waits for you', 'careful'],
  PAUSED: ['paused', 'quiet'],
  SET_ASIDE: ['rows set aside', 'careful'],
  NEVER_LOADED: ['not loaded yet', 'quiet'],
}

/** How far a load is, in words. */
export const LOAD_STATES: Readonly<Record<string, readonly [words: string, tone: Tone]>> = {
  QUEUED: ['queued', 'quiet'],
  RUNNING: ['running', 'strong'],
  SUCCEEDED: ['succeeded', 'good'],
  FAILED: ['failed', 'bad'],
  CANCELLED: ['cancelled', 'careful'],
  HELD: ['held', 'careful'],
}

/** A state as a cell; one that a newer server has is shown as it calls it. */
export function stateCell(states: typeof LOAD_STATES, state: string): { text: string; tone: Tone } {
  const [text, tone] = states[state] ?? [state.toLowerCase().replaceAll('_', ' '), 'strong']
  return { text, tone }
}

const TRIGGERS: Readonly<Record<string, string>> = {
  SCHEDULE: 'its schedule',
  PERSON: 'somebody asked',
  FIRST: 'first load',
  RETRY: 'tried again',
  REPLAY: 'what was set aside',
}

/** Why a load was asked for, in words. */
export const triggerText = (trigger: string): string => TRIGGERS[trigger] ?? trigger.toLowerCase().replaceAll('_', ' ')
