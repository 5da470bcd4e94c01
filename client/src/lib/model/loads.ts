import type { Format } from './format.ts'
import type { Balance, Int64, Load, LoadState } from './types.ts'
import { capital, count, counted } from './words.ts'

/** What a load waits for, while all its steps go on page by page. */
export type LoadStage = 'WAITING' | 'EXTRACT' | 'CHECK' | 'FINISH' | 'ENDED'

/** Parts of a load that change while it runs; asked by the page and by its stream. */
export const LOAD_LIVE = `
  id trigger state plannedAt queuedAt startedAt finishedAt retryAt attempt pages records bytes checked stage waits answer answeredAt
  error { code message detail }
  balance { dataset read transformed filtered quarantinedRecords made inserted updated unchanged superseded quarantinedRows removed
    rowsAfter rowsBefore rowsOffered balances }`

/** A load with how far it is. */
export interface LiveLoad extends Load {
  checked: Int64
  stage: LoadStage
  answeredAt: string | null
}

/** A line of a load's log. */
export interface LogLine {
  at: string
  level: string
  message: string
  fields: Record<string, unknown> | null
}

/** One load as its page shows it. */
export interface LoadDetail extends LiveLoad {
  sourceSlug: string
  source: {
    slug: string
    title: string
    paused: boolean
    scheduleText: string
    nextLoadAt: string | null
    datasets: { name: string; title: string; load: string; quarantined: number }[]
  } | null
  log: LogLine[]
  /** What it changed, in sentences. */
  changes: string[]
  previous: { id: string } | null
  next: { id: string } | null
}

/** One line of the list of loads. */
export interface LoadRow extends Load {
  sourceSlug: string
  source: { title: string } | null
}

/** Why a load began, as a part of a sentence. */
export const TRIGGERS: Readonly<Record<Load['trigger'], string>> = {
  SCHEDULE: 'by the clock',
  REPLAY: 'to run again what was set aside',
  PERSON: 'by a person',
  FIRST: 'as the first load',
  RETRY: 'again, after a failure',
}

/** True for a load that has not ended. */
export const isActive = ({ state }: { state: LoadState }): boolean => state === 'QUEUED' || state === 'RUNNING'

/** How a load looks: its state, and what a held one says once a person has answered it, or later loads have. */
export function badgeOf({ state, waits, answer }: Pick<Load, 'state' | 'waits' | 'answer'>): {
  state: LoadState | 'PASSED'
  word?: string
} {
  if (state !== 'HELD' || waits) return { state }
  if (answer === null) return { state: 'PASSED' }
  return { state, word: answer === 'KEPT' ? 'Rows kept' : 'List taken' }
}

/** `71 seconds`, from the start to the end or to now; empty before the start. */
export function took({ startedAt, finishedAt }: Pick<Load, 'startedAt' | 'finishedAt'>, format: Format, now?: Date): string {
  const end = finishedAt ? Date.parse(finishedAt) : now?.getTime()
  if (!startedAt || end === undefined) return ''
  const milliseconds = end - Date.parse(startedAt)
  return milliseconds < 1000 ? 'less than a second' : format.duration(milliseconds)
}

/** The same for a column of a table: `0.4 secs`, `71 secs`, `4.1 mins`; a dash for a load that has not ended. */
export function tookShort({ startedAt, finishedAt }: Pick<Load, 'startedAt' | 'finishedAt'>, format: Format): string {
  if (!startedAt || !finishedAt) return '–'
  const seconds = Math.max(0.1, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)
  const [value, unit] = seconds < 90 ? [seconds, 'second'] : seconds < 5400 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour']
  const digits = value < 10 ? 1 : 0
  return format.number(value, { style: 'unit', unit, unitDisplay: 'short', minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** `12 minutes ago`; `just now` within a minute. */
export function ago(at: string, format: Format, now: Date): string {
  const milliseconds = now.getTime() - Date.parse(at)
  return milliseconds < 60_000 ? 'just now' : `${format.duration(milliseconds)} ago`
}

const sum = (balances: readonly Balance[], ...parts: (keyof Balance)[]): number =>
  balances.reduce((total, balance) => total + parts.reduce((part, name) => part + Number(balance[name]), 0), 0)

/** Rows that a load added, changed or removed, over all datasets. */
export const rowsChanged = ({ balance }: Pick<Load, 'balance'>): number => sum(balance, 'inserted', 'updated', 'removed')

/** Records and rows that a load set aside. */
export const setAside = ({ balance }: Pick<Load, 'balance'>): number => sum(balance, 'quarantinedRecords', 'quarantinedRows')

/** Datasets that a load had something to do with; once it has ended, a balance of nothing but zeros says nothing. */
export const toldBalances = (load: LiveLoad): Balance[] =>
  balancesSoFar(load).filter(
    (balance) =>
      load.state === 'SUCCEEDED' || isActive(load) || balance.rowsOffered !== null || sum([balance], 'read', 'made', 'removed') > 0,
  )

/** One sum over all datasets. */
export const total = ({ balance }: Pick<Load, 'balance'>, part: 'filtered' | 'transformed' | 'unchanged'): number => sum(balance, part)

/** Records a second since the load began; null before it has run for two seconds, when the number would say nothing. */
export function rate({ startedAt, finishedAt, records }: Load, now: Date): number | null {
  const milliseconds = startedAt ? Date.parse(finishedAt ?? now.toISOString()) - Date.parse(startedAt) : 0
  return milliseconds < 2000 || Number(records) === 0 ? null : Math.round((Number(records) * 1000) / milliseconds)
}

/** A line of the log for an engineer: the sentence, then what stands beside it. */
export function exactLine({ level, message, fields }: LogLine): string {
  const beside = Object.entries(fields ?? {}).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [level === 'info' ? '' : `[${level}]`, message, ...beside].filter((part) => part !== '').join(' ')
}

/**
 * The balances while a load runs: what has been fetched and is not in them yet counts as read, so that the sum shows it as "still in the
 * checks". It belongs to the dataset that is being loaded; several of one stream read the same records.
 */
export function balancesSoFar(load: LiveLoad): Balance[] {
  const open = Math.max(0, Number(load.records) - Number(load.checked))
  if (!isActive(load) || open === 0) return load.balance
  return load.balance.map((balance) => (balance.rowsAfter === null ? { ...balance, read: Number(balance.read) + open } : balance))
}

/** The answer of a load's page, as its heading. */
export function heading(load: LiveLoad, title: string, format: Format): string {
  switch (load.state) {
    case 'QUEUED':
      return `${title} is about to load`
    case 'RUNNING':
      return `${title} is loading`
    case 'SUCCEEDED':
      return `${title} was loaded in ${took(load, format)}`
    case 'FAILED':
      return `${title} could not be loaded`
    case 'CANCELLED':
      return `This load of ${title} was stopped`
    case 'HELD':
      if (load.answer === 'ACCEPTED') return `You took the new list of ${title}`
      if (load.answer === 'KEPT') return `You kept the rows of ${title}`
      return load.waits ? `A load of ${title} waits for you` : `This load of ${title} was held, and later ones took its place`
  }
}

/** What is safe when a load failed, and what to try. `later`: a load of the source has been asked for since. */
export function afterFailure({ retryAt }: Pick<Load, 'retryAt'>, later: boolean, format: Format, now: Date): string {
  const safe = 'Everything that was written before is safe and still shown.'
  if (later) return `${safe} Another load has begun since; look at that one first.`
  if (retryAt && Date.parse(retryAt) > now.getTime())
    return `${safe} Handover tries again by itself ${format.when(retryAt, now)}; there is nothing for you to do.`
  return `${safe} Run it again; if it fails again, show this page to your engineer.`
}

/** How the loads stand, as the one sentence that heads their list. */
export function listHeading({
  waiting,
  active,
  failedToday,
  today,
}: Record<'waiting' | 'active' | 'failedToday' | 'today', number>): string {
  const say = (value: number, one: string, many: string) => `${counted(value, 'load', 'loads', count(value))} ${value === 1 ? one : many}`
  const now = [
    waiting > 0 ? say(waiting, 'waits for you', 'wait for you') : '',
    active > 0 ? say(active, 'is running', 'are running') : '',
  ].filter((part) => part !== '')
  if (now.length > 0) return capital(now.join(', and '))
  if (failedToday > 0) return capital(say(failedToday, 'failed today', 'failed today'))
  return today > 0 ? 'Every load of today went well' : 'No load has run today'
}
