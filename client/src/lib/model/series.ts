import type { Format } from './format.ts'
import { periodLabel, type Period } from './periods.ts'
import type { SeriesLine } from './tiles.ts'

/** A point's moment in words: its period in UTC, a calendar date, or an instant in the reader's zone. */
export function momentLabel(at: string, period: Period | null, format: Format, short = false): string {
  if (period) return periodLabel(at, period, format.locale, short)
  if (/^\d{4}-\d{2}-\d{2}$/.test(at)) return short ? periodLabel(at, 'DAY', format.locale, true) : format.date(at)
  return short ? format.clock(at) : format.instant(at)
}

/** The word before a moment: in a month, on a day, in the 1970s. */
export function onMoment(at: string, period: Period | null): 'in' | 'in the' | 'on' {
  if (period === 'DECADE') return 'in the'
  return period === 'YEAR' || period === 'MONTH' ? 'in' : 'on'
}

/** What dates stand for when each is the first of a month or of a year; null when they are plain days. */
export function datesStandFor(dates: readonly string[]): Period | null {
  if (dates.length === 0) return null
  if (dates.every((date) => /^\d{4}-01-01$/.test(date))) return 'YEAR'
  return dates.every((date) => /^\d{4}-\d{2}-01$/.test(date)) ? 'MONTH' : null
}

/** The scale of a line's values. From zero unless that would press the line flat. */
export function reach(values: readonly number[]): [from: number, to: number] {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (least === most) return least === 0 ? [0, 1] : [Math.min(0, least), Math.max(0, most)]
  if (least >= 0 && least < most * 0.6) return [0, most]
  return [least, most]
}

const ALIKE = 12

/** One scale for all lines where they are of one size, so that they can be compared; null when each needs its own. */
export function sharedReach(lines: readonly SeriesLine[]): [from: number, to: number] | null {
  const tops = lines.map((line) => Math.max(...line.points.map((point) => Math.abs(point.value)))).filter((top) => top > 0)
  if (tops.length > 0 && Math.max(...tops) > Math.min(...tops) * ALIKE) return null
  return reach(lines.flatMap((line) => line.points.map((point) => point.value)))
}
