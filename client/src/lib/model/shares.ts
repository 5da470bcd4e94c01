import type { Bar } from './periods.ts'
import type { Group } from './types.ts'

/** Below this share of all rows even the most frequent value is one of many. */
const LEAST = 0.01

/** Whether counting rows by value says something: there is more than one value, and the most frequent one stands out of the crowd. */
export function isTelling(groups: readonly Group[], rows: number): boolean {
  const most = Number(groups[0]?.count ?? 0)
  return groups.length > 1 && most > 1 && most >= rows * LEAST
}

/** Fewer moments than this make no line. */
const FEWEST_BARS = 3

/** Whether counting rows over time says something: they lie in at least three different periods. */
export function isSpread(bars: readonly Bar[]): boolean {
  return bars.filter((bar) => bar.count > 0).length >= FEWEST_BARS
}
