import { describeSchedule, nextRun, type Schedule } from '../schedule/schedule.service.ts'
import type { Load } from './load.entity.ts'

/** How a source is, in one word. */
export type SourceStateName = 'ON_TIME' | 'LOADING' | 'LATE' | 'FAILED' | 'HELD' | 'PAUSED' | 'SET_ASIDE' | 'NEVER_LOADED'

/** How a source is: the word, since when, and one or two sentences that say what is so and what to do. */
export interface SourceState {
  readonly state: SourceStateName
  readonly since: Date
  readonly text: string
}

/** What the state of a source is made from. */
export interface SourceFacts {
  readonly title: string
  readonly schedule: Schedule
  readonly paused: boolean
  readonly createdAt: Date
  readonly updatedAt: Date
  /** The load that is queued or running. */
  readonly active: Load | null
  /** The last load that ended by itself, which leaves out cancelled ones. */
  readonly lastEnded: Load | null
  readonly lastSuccess: Load | null
  /** The next planned time; in the past while it waits for its turn. */
  readonly nextAt: Date | null
  /** What was set aside and nobody has dealt with. */
  readonly setAside: number
  /** When the oldest of it was set aside; null when there is none. */
  readonly setAsideSince: Date | null
  readonly now: Date
}

const leastDelay = 60_000
const delayShare = 0.1

/** Says how a source is. Pure; what needs a person goes before what does not. */
export function sourceState(facts: SourceFacts): SourceState {
  return (
    loading(facts) ?? held(facts) ?? failed(facts) ?? paused(facts) ?? neverLoaded(facts) ?? late(facts) ?? setAside(facts) ?? onTime(facts)
  )
}

function loading({ active, title }: SourceFacts): SourceState | null {
  if (!active) return null
  const text = active.state === 'running' ? `${title} is loading now.` : `${title} is about to load.`
  return { state: 'LOADING', since: active.startedAt ?? active.queuedAt, text }
}

function held({ lastEnded, title }: SourceFacts): SourceState | null {
  if (lastEnded?.state !== 'held' || lastEnded.answer) return null
  return { state: 'HELD', since: endOf(lastEnded), text: `${title} waits for you. ${lastEnded.errorMessage ?? ''}`.trim() }
}

function failed({ lastEnded, title, paused, nextAt, now }: SourceFacts): SourceState | null {
  if (lastEnded?.state !== 'failed') return null
  const retryAt = paused ? null : (lastEnded.retryAt ?? null)
  const next = retryAt
    ? `Handover tries again by itself ${inWords(retryAt, now)}. There is nothing for you to do.`
    : afterFailure(paused ? null : nextAt, now)
  return {
    state: 'FAILED',
    since: endOf(lastEnded),
    text: `${title} could not be loaded. ${lastEnded.errorMessage ?? ''} ${next}`.replaceAll('  ', ' '),
  }
}

const afterFailure = (nextAt: Date | null, now: Date): string =>
  nextAt ? `The rows of before are still here. The next load starts ${inWords(nextAt, now)}.` : 'The rows of before are still here.'

function paused({ paused, title, updatedAt }: SourceFacts): SourceState | null {
  return paused ? { state: 'PAUSED', since: updatedAt, text: `${title} is paused. It loads only when somebody asks for it.` } : null
}

function neverLoaded({ lastSuccess, title, createdAt, nextAt, now }: SourceFacts): SourceState | null {
  if (lastSuccess) return null
  const next = nextAt ? `Its first load starts ${inWords(nextAt, now)}.` : 'It loads when somebody asks for it.'
  return { state: 'NEVER_LOADED', since: createdAt, text: `${title} has not been loaded yet. ${next}` }
}

/** Late: a planned time has passed by more than a minute, and by more than a tenth of the interval, without a success since. */
function late({ schedule, nextAt, lastEnded, lastSuccess, title, now }: SourceFacts): SourceState | null {
  // What a person has answered is not missing any more.
  const missed = [lastEnded?.answer ? null : lastEnded?.plannedAt, nextAt].filter(
    (at) => at instanceof Date && at > endOf(lastSuccess!) && isOver(schedule, at, now),
  ) as Date[]
  const since = missed[0]
  if (!since) return null
  const text = `${title} is late: it was due ${agoWords(since, now)}. Handover loads it as soon as it can. There is nothing for you to do.`
  return { state: 'LATE', since, text }
}

function isOver(schedule: Schedule, planned: Date, now: Date): boolean {
  const following = nextRun(schedule, planned, planned)
  const interval = following ? following.getTime() - planned.getTime() : 0
  return now.getTime() - planned.getTime() > Math.max(leastDelay, interval * delayShare)
}

function setAside({ setAside, setAsideSince, lastSuccess, title }: SourceFacts): SourceState | null {
  if (setAside === 0) return null
  const what = setAside === 1 ? '1 row is set aside because it does' : `${setAside.toLocaleString('en')} rows are set aside because they do`
  const text = `${title} is loaded, and ${what} not fit the rules. All other rows are there. Have a look at what is set aside.`
  return { state: 'SET_ASIDE', since: setAsideSince ?? endOf(lastSuccess!), text }
}

function onTime({ lastSuccess, title, schedule, nextAt, now }: SourceFacts): SourceState {
  const loaded = `Loaded ${agoWords(endOf(lastSuccess!), now)}`
  const text = nextAt
    ? `${title} is on time. ${loaded}, next ${inWords(nextAt, now)}.`
    : `${title} is as asked. ${loaded}. ${describeSchedule(schedule)}.`
  return { state: 'ON_TIME', since: endOf(lastSuccess!), text }
}

const endOf = (load: Load): Date => load.finishedAt ?? load.queuedAt

const units: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
]

/** A length of time in one unit: "2 hours"; null for less than a minute. */
function length(ms: number): string | null {
  const unit = units.find(([size]) => ms >= size)
  if (!unit) return null
  const count = Math.floor(ms / unit[0])
  return count === 1 ? `1 ${unit[1]}` : `${count} ${unit[1]}s`
}

function agoWords(at: Date, now: Date): string {
  const past = length(now.getTime() - at.getTime())
  return past ? `${past} ago` : 'just now'
}

function inWords(at: Date, now: Date): string {
  const left = length(at.getTime() - now.getTime())
  return left ? `in ${left}` : 'within a minute'
}
