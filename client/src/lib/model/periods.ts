import type { Group } from './types.ts'

/** The stretch of time one column of a chart covers; always in UTC, as the API groups. */
export type Period = 'DECADE' | 'YEAR' | 'MONTH' | 'DAY' | 'HOUR'

/** One column of a chart over time. */
export interface Bar {
  /** Begin of the period. */
  at: string
  count: number
  /** True when the data begin or end inside this period, so that it cannot be compared with the others. */
  part: boolean
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** A period counts as whole when at most this share of it lies outside the data. */
const TOLERANCE = 0.1
const MOST_BARS = 400

/** The period that cuts a stretch of time into a number of columns that can be read: about 7 to 60. */
export function choosePeriod(min: string, max: string): Period {
  const length = Date.parse(max) - Date.parse(min)
  if (length <= 2.5 * DAY) return 'HOUR'
  if (length <= 92 * DAY) return 'DAY'
  if (length <= 5 * 366 * DAY) return 'MONTH'
  if (length <= 40 * 366 * DAY) return 'YEAR'
  return 'DECADE'
}

/** Begin of the period that holds an instant or a date. */
export function periodStart(value: string, period: Period): Date {
  const at = new Date(/^\d{4}(-\d{2}){0,2}$/.test(value) ? `${value}-01-01`.slice(0, 10) : value)
  const [year, month, day, hour] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours()]
  if (period === 'DECADE') return utc(Math.floor(year / 10) * 10)
  if (period === 'YEAR') return utc(year)
  if (period === 'MONTH') return utc(year, month)
  return period === 'DAY' ? utc(year, month, day) : utc(year, month, day, hour)
}

/** Begin of the period after this one. */
export function nextPeriod(start: Date, period: Period): Date {
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth()]
  if (period === 'DECADE') return utc(year + 10)
  if (period === 'YEAR') return utc(year + 1)
  if (period === 'MONTH') return utc(year, month + 1)
  return new Date(start.getTime() + (period === 'DAY' ? DAY : HOUR))
}

/** The columns of a chart from groups: in order, with zeros where nothing was, the first and last marked when incomplete. */
export function barsOf(groups: readonly Group[], period: Period, min: string, max: string): Bar[] {
  const counts = new Map<number, number>()
  for (const group of groups) {
    const key = group.keys[0]
    if (key === null || key === undefined) continue
    const at = periodStart(groupStart(key), period).getTime()
    counts.set(at, (counts.get(at) ?? 0) + Number(group.count))
  }
  const bars: Bar[] = []
  const last = periodStart(max, period)
  for (let at = periodStart(min, period); at <= last && bars.length < MOST_BARS; at = nextPeriod(at, period)) {
    bars.push({ at: at.toISOString(), count: counts.get(at.getTime()) ?? 0, part: false })
  }
  return bars.map((bar) => ({ ...bar, part: isPart(bar.at, period, { min, max }) }))
}

/** True when the data begin or end inside the period, so that it cannot be compared with the others. Decades are too few to leave any out. */
export function isPart(at: string, period: Period, { min, max }: { min: string; max: string }): boolean {
  if (period === 'DECADE') return false
  const start = Date.parse(at)
  const length = nextPeriod(new Date(start), period).getTime() - start
  // A date stands for its whole day.
  const end = Date.parse(max) + (max.length === 10 ? DAY - 1 : 0)
  const [first, last] = [(Date.parse(min) - start) / length, (end - start) / length]
  return (first > TOLERANCE && first < 1) || (last >= 0 && last < 1 - TOLERANCE)
}

/** Begin of the period that a group is named by, as an instant. Keys come as `1970`, `2025-06`, `2025-06-05` or `2025-06-05T05`. */
export function groupStart(key: string): string {
  const found = /^(\d{4})(?:s)?(?:-(\d{2}))?(?:-(\d{2}))?(?:[T ](\d{2}))?/.exec(key)
  if (!found) return key
  const [, year, month = '01', day = '01', hour = '00'] = found
  return `${year}-${month}-${day}T${hour}:00:00Z`
}

function utc(year: number, month = 0, day = 1, hour = 0): Date {
  return new Date(Date.UTC(year, month, day, hour))
}

const WORDS: Readonly<Record<Period, { one: string; many: string }>> = {
  DECADE: { one: 'decade', many: 'decades' },
  YEAR: { one: 'year', many: 'years' },
  MONTH: { one: 'month', many: 'months' },
  DAY: { one: 'day', many: 'days' },
  HOUR: { one: 'hour', many: 'hours' },
}

/** The period as a word. */
export function periodWord(period: Period, many = false): string {
  return WORDS[period][many ? 'many' : 'one']
}

/** A column's name on the axis and in a sentence, in the reader's language: `1970s`, `June 2025`, `5 June`, `5 June, 14:00`. */
export function periodLabel(at: string, period: Period, locale: string, short = false): string {
  const day = new Date(at)
  if (period === 'DECADE') return `${day.getUTCFullYear()}s`
  const month = short ? 'short' : 'long'
  const options: Record<Exclude<Period, 'DECADE'>, Intl.DateTimeFormatOptions> = {
    YEAR: { year: 'numeric' },
    MONTH: { month, year: 'numeric' },
    DAY: { day: 'numeric', month },
    HOUR: short ? { hour: '2-digit', minute: '2-digit' } : { day: 'numeric', month, hour: '2-digit', minute: '2-digit' },
  }
  return new Intl.DateTimeFormat(locale, { ...options[period], timeZone: 'UTC' }).format(day)
}
