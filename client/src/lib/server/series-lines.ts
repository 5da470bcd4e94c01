import { barsOf, groupStart, isPart, type Bar, type Period } from '../model/periods.ts'
import type { SeriesLine } from '../model/tiles.ts'
import type { Column, Dataset, Group } from '../model/types.ts'
import { readGroups } from './rows.ts'

/** What is followed over time: a number, by moments or means of periods, of all rows or of each value of a column. */
export interface Series {
  number: Pick<Column, 'name' | 'title'>
  time: Pick<Column, 'name'>
  by: Pick<Column, 'name' | 'kind'> | null
  /** null = each moment by itself. */
  period: Period | null
  /** The first and the last moment of all. */
  ends: Ends
}

/** Where data begin and end. */
export interface Ends {
  min: string
  max: string
}

/** The API's own limit. */
const MOST_GROUPS = 1000
const FEWEST_BARS = 3
/** Periods count as evenly filled when the fullest has at most this many times the rows of the emptiest. */
const EVEN = 1.25

/** How many rows each period has, in order and without gaps. */
export async function readBars(dataset: Dataset, time: string, period: Period, min: string, max: string): Promise<Bar[]> {
  const { groups } = await readGroups(dataset, { by: [{ column: time, period }], orderBy: 'KEY', direction: 'ASC', first: MOST_GROUPS })
  return barsOf(groups, period, min, max)
}

/** True when every whole period has about as many rows as the others: measured again and again, and not things that happen. */
export function isEven(bars: readonly Bar[]): boolean {
  const counts = bars.flatMap((bar) => (bar.part ? [] : [bar.count]))
  return counts.length >= FEWEST_BARS && Math.max(...counts) <= Math.min(...counts) * EVEN
}

/** The lines with the highest means, of the thousand values that come most often, and how many lines there are besides. */
export async function readLines(dataset: Dataset, series: Series, most: number): Promise<{ lines: SeriesLine[]; others: number }> {
  const { number, time, by } = series
  const where = { [time.name]: { isNull: false }, [number.name]: { isNull: false } }
  const moment = series.period ? { column: time.name, period: series.period } : { column: time.name }
  const measures = [{ fn: 'AVG', column: number.name }] as const
  const inOrder = { measures, orderBy: 'KEY', direction: 'ASC', first: MOST_GROUPS } as const
  if (by === null) {
    const { groups } = await readGroups(dataset, { by: [moment], where, ...inOrder })
    return { lines: groups.length > 0 ? [lineOf(number.title, groups, series)] : [], others: 0 }
  }
  const filled = { ...where, [by.name]: { isNull: false } }
  const found = await readGroups(dataset, { by: [{ column: by.name }], where: filled, measures, first: MOST_GROUPS })
  const top = found.groups.toSorted((a, b) => Number(b.values[0]) - Number(a.values[0])).slice(0, most)
  const names = top.map(({ keys }) => (by.kind === 'int' ? Number(keys[0]) : keys[0]))
  const { groups } = await readGroups(dataset, {
    by: [{ column: by.name }, moment],
    where: { ...where, [by.name]: { in: names } },
    ...inOrder,
  })
  const lines = top.map(({ keys: [key], values: [mean] }) => {
    const own = groups.filter((group) => group.keys[0] === key)
    return { ...lineOf(key || 'empty text', own, series), mean: Number(mean) }
  })
  return { lines, others: found.total - lines.length }
}

/** The moment is the last key of a group. The mean of a part of a period cannot be compared with the others, so such ends are left out. */
function lineOf(label: string, groups: readonly Group[], { period, ends }: Series): SeriesLine {
  const all = groups.map(({ keys, values }) => {
    const at = keys.at(-1) ?? ''
    return { at: period ? groupStart(at) : at, value: Number(values[0]) }
  })
  const whole = period ? all.filter(({ at }) => !isPart(at, period, ends)) : all
  const points = whole.length > 1 ? whole : all
  return { label, mean: points.reduce((sum, point) => sum + point.value, 0) / points.length, points }
}
