import type { Group } from './types.ts'

/** One column of a histogram: how many rows have a number from here on, up to the next. */
export interface Bin {
  from: number
  count: number
}

const MOST_BINS = 200

/** The columns of a histogram from groups by steps: in order, with zeros where nothing was. */
export function binsOf(groups: readonly Group[], step: number, min: number, max: number): Bin[] {
  const counts = new Map(
    groups.filter((group) => group.keys[0] !== null).map((group) => [Math.round(Number(group.keys[0]) / step), Number(group.count)]),
  )
  // A little is added because a step such as 0.1 is a little less than it says.
  const [first, last] = [Math.floor(min / step + 1e-9), Math.floor(max / step + 1e-9)]
  return Array.from({ length: Math.min(MOST_BINS, last - first + 1) }, (_, index) => ({
    from: Number(((first + index) * step).toPrecision(12)),
    count: counts.get(first + index) ?? 0,
  }))
}
