import { counted } from './words.ts'
import type { LoadMark, LoadState, SourceState } from './types.ts'

/** A place on the day line; `from` and `to` are shares of the day between 0 and 1. */
export interface Mark {
  /** done, live, failed, held, stopped, due: one load. band: many. gap: loads that did not come. due-band: many to come. */
  kind: 'done' | 'live' | 'failed' | 'held' | 'stopped' | 'due' | 'band' | 'gap' | 'due-band'
  from: number
  to: number
}

/** What the line of one source is drawn from. All instants are ISO strings. */
export interface DayInput {
  start: Date
  end: Date
  now: Date
  state: SourceState
  /** When the state began: for a late source the load that did not come. */
  since: string
  /** Seconds between two loads, when the schedule is an interval. */
  every: number | null
  createdAt: string
  loads: readonly LoadMark[]
  /** Planned times of today, already past. */
  past: readonly string[]
  /** Planned times of today, still to come. */
  due: readonly string[]
}

/** Marks nearer than this share of a day (17 minutes) become one band; on a phone they would touch. */
const TOUCHING = 0.012
/** The API names no more planned times than this at once. */
const MOST_DUE = 400

const KINDS: Readonly<Record<LoadState, Mark['kind']>> = {
  QUEUED: 'live',
  RUNNING: 'live',
  SUCCEEDED: 'done',
  FAILED: 'failed',
  CANCELLED: 'stopped',
  HELD: 'held',
}

/** The marks of one source, in drawing order: gaps and bands first, single marks on top. */
export function dayMarks(input: DayInput): Mark[] {
  const place = placing(input)
  const loads = input.loads.map((load) => ({
    kind: load.state === 'HELD' && !load.waits ? ('stopped' as const) : KINDS[load.state],
    at: place(load.startedAt ?? load.queuedAt),
  }))
  const done = loads.filter((load) => load.kind === 'done').map((load) => load.at)
  const rest = loads.filter((load) => load.kind !== 'done').map(({ kind, at }) => ({ kind, from: at, to: at }))
  return [...gaps(input), ...merged(done, 'done', 'band'), ...coming(input, place), ...rest]
}

/** What is still due; the API names at most 400 times, and an interval goes on until the day ends. */
function coming(input: DayInput, place: (at: string) => number): Mark[] {
  const marks = merged(input.due.map(place), 'due', 'due-band')
  const last = marks.at(-1)
  if (last && input.every && input.due.length >= MOST_DUE) last.to = 1
  return marks
}

/** Where an instant lies in the day, held inside it. */
export function placing(day: { start: Date; end: Date }): (at: string | Date) => number {
  const length = day.end.getTime() - day.start.getTime()
  return (at) => Math.min(1, Math.max(0, (new Date(at).getTime() - day.start.getTime()) / length))
}

function merged(places: readonly number[], one: Mark['kind'], many: Mark['kind']): Mark[] {
  const marks: Mark[] = []
  for (const at of places.toSorted((a, b) => a - b)) {
    const last = marks.at(-1)
    if (last && at - last.to <= TOUCHING) {
      last.to = at
      last.kind = many
    } else marks.push({ kind: one, from: at, to: at })
  }
  return marks
}

/** The stretches in which a load was planned and none began. */
function gaps(input: DayInput): Mark[] {
  const place = placing(input)
  const begun = input.loads.map((load) => Date.parse(load.startedAt ?? load.queuedAt)).toSorted((a, b) => a - b)
  const found = input.every ? breaks(input, begun, input.every * 1000) : missed(input, begun)
  if (input.state === 'LATE') found.push([Date.parse(input.since), input.now.getTime()])
  return joined(found.map(([from, to]) => ({ kind: 'gap', from: place(new Date(from)), to: place(new Date(to)) })))
}

/** With an interval, a silence of more than two of its lengths is a gap. */
function breaks(input: DayInput, begun: readonly number[], every: number): [number, number][] {
  const first = Math.max(input.start.getTime(), Date.parse(input.createdAt))
  const found: [number, number][] = []
  begun.forEach((at, index) => {
    const before = begun[index - 1] ?? first
    if (at - before > 2 * every + 60_000) found.push([index === 0 ? first : before + every, at])
  })
  return found
}

/** With fixed times, a planned time after which nothing began before the next one is a gap. */
function missed(input: DayInput, begun: readonly number[]): [number, number][] {
  const created = Date.parse(input.createdAt)
  const planned = input.past.map((at) => Date.parse(at)).filter((at) => at >= created)
  const found: [number, number][] = []
  planned.forEach((at, index) => {
    const next = planned[index + 1]
    const kept = begun.some((time) => time >= at - 60_000 && (next === undefined || time < next))
    if (!kept && next !== undefined) found.push([at, next])
  })
  return found
}

function joined(marks: Mark[]): Mark[] {
  const out: Mark[] = []
  for (const mark of marks.filter((one) => one.to > one.from).toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1)
    if (last && mark.from <= last.to) last.to = Math.max(last.to, mark.to)
    else out.push({ ...mark })
  }
  return out
}

/** One line in words for those who do not see the marks. */
export function dayWords(marks: readonly Mark[], loads: readonly LoadMark[], due: number): string {
  const of = (...states: LoadState[]) => loads.filter((load) => states.includes(load.state)).length
  const waiting = loads.filter((load) => load.waits).length
  const parts = [
    counted(of('SUCCEEDED'), 'load done today', 'loads done today'),
    of('FAILED') ? `${of('FAILED')} failed` : '',
    of('RUNNING', 'QUEUED') ? 'one running' : '',
    waiting ? `${waiting} waiting for you` : '',
    marks.some((mark) => mark.kind === 'gap') ? 'some missing' : '',
    due ? `${due} still to come` : '',
  ]
  return parts.filter(Boolean).join(', ')
}
