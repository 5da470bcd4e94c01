import { choosePeriod, type Period } from '../model/periods.ts'
import { measured } from '../model/number-words.ts'
import { datesStandFor } from '../model/series.ts'
import type { SeriesTile } from '../model/tiles.ts'
import type { Dataset } from '../model/types.ts'
import { mainNumber, timeColumn, type Known } from './known-columns.ts'
import { readGroups } from './rows.ts'
import { isEven, readBars, readLines } from './series-lines.ts'

const MOST_LINES = 8
/** Of all lines together; the API gives at most 1,000 groups. */
const MOST_POINTS = 1000
const MOST_OF_ONE = 400

/**
 * A number over time, for a dataset that is a series: the time is part of its key, or it takes a snapshot with every load, or its rows are
 * spread evenly. Null for everything else, where the number of rows says more: a list of things that happened.
 */
export async function seriesTile(dataset: Dataset, columns: readonly Known[]): Promise<SeriesTile | null> {
  const [time, number] = [timeColumn(dataset, columns), mainNumber(dataset, columns)]
  if (!time?.facts.min || !time.facts.max || !number) return null
  const split = await splitColumn(dataset, columns, time)
  const by = split?.column ?? null
  const declared = time.key || (dataset.load === 'append' && by !== null)
  const { min, max } = time.facts
  if (!declared && !isEven(await readBars(dataset, time.name, periodOf(time, min, max), min, max))) return null
  const room = Math.min(MOST_OF_ONE, Math.floor(MOST_POINTS / Math.min(MOST_LINES, split?.count ?? 1)))
  const few = time.facts.distinct !== null && Number(time.facts.distinct) <= room
  const period = few ? null : periodOf(time, min, max)
  const { lines, others } = await readLines(dataset, { number, time, by, period, ends: { min, max } }, MOST_LINES)
  if (lines.length === 0 || (by === null && lines[0]!.points.length < 2)) return null
  const dates = time.kind === 'date' ? lines.flatMap((line) => line.points.map((point) => point.at)) : []
  return {
    kind: 'series',
    ...measured(number),
    dated: time.kind === 'date',
    period: period ?? datesStandFor(dates),
    by: by?.title ?? null,
    name: number.name,
    time: time.name,
    byName: by?.name ?? null,
    means: period,
    lines,
    others,
    because: `Shown because the column ${time.title} says when each number was taken.`,
  }
}

/** A period that makes a readable number of points; a date has no hours. */
function periodOf({ kind }: Known, min: string, max: string): Period {
  const period = choosePeriod(min, max)
  return kind === 'date' && period === 'HOUR' ? 'DAY' : period
}

/** The column whose values are followed one by one: a name or category that comes again and again, else another part of the key. */
async function splitColumn(dataset: Dataset, columns: readonly Known[], time: Known): Promise<{ column: Known; count: number } | null> {
  const rows = Number(dataset.rows)
  const most = Number(time.facts.distinct) === 1 ? rows : rows / 2
  const candidates = columns.filter((column) => {
    const names = column.role === 'label' || column.role === 'category' || (column.key && time.key)
    return names && column !== time && (column.kind === 'text' || (column.key && column.kind === 'int'))
  })
  const counts = await Promise.all(candidates.map((column) => distinctOf(dataset, column)))
  const followed = candidates.flatMap((column, index) =>
    counts[index]! > 1 && counts[index]! <= most ? [{ column, count: counts[index]! }] : [],
  )
  const of = (role: string) => followed.find(({ column }) => column.role === role)
  const key = followed.filter(({ column }) => column.key).toSorted((a, b) => b.count - a.count)[0]
  return of('label') ?? key ?? of('category') ?? null
}

/** Different values of a column; asked for where the table is too large to have them counted beforehand. */
async function distinctOf(dataset: Dataset, { name, facts }: Known): Promise<number> {
  return facts.distinct !== null ? Number(facts.distinct) : (await readGroups(dataset, { by: [{ column: name }], first: 1 })).total
}
