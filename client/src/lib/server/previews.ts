import { niceStep } from '../model/nice-step.ts'
import { binsOf, type Bin } from '../model/bins.ts'
import { choosePeriod, type Bar, type Period } from '../model/periods.ts'
import { isMeasure } from '../model/measure.ts'
import { isSpread, isTelling } from '../model/shares.ts'
import type { SeriesLine } from '../model/tiles.ts'
import type { Column, ColumnFacts, Dataset, TrendPoint } from '../model/types.ts'
import { inWeekOrder } from '../model/weekdays.ts'
import { ask } from './api.ts'
import { readGroups, readRows, readUpTo } from './rows.ts'
import { isEven, readBars, readLines, type Ends } from './series-lines.ts'

/** The small picture on a card, by what the columns mean; how many rows there were after each load when nothing else can be drawn. */
export type Preview =
  | { kind: 'map'; points: [longitude: number, latitude: number][] }
  | { kind: 'time'; bars: Bar[]; period: Period }
  | { kind: 'line'; lines: SeriesLine[]; period: Period | null; column: string; unit: string | null }
  | { kind: 'shares'; shares: { key: string; label: string; value: number }[]; column: string; unit: string | null }
  | { kind: 'histogram'; bins: Bin[]; column: string; unit: string | null }
  | { kind: 'names'; names: string[] }
  | { kind: 'trend'; points: TrendPoint[] }

const FEW_POINTS = 600
const FEW_LINES = 5
const FEW_NAMES = 6
const FEW_SHARES = 5
const WEEK = 7
const FEW_BINS = 12
const HOUR = 3_600_000
/** Up to here a line shows each moment by itself, and up to there each hour: finer than columns, which need to be told apart. */
const SHORT = 4 * HOUR
const DAYS = 8 * 24 * HOUR

/** The picture of one dataset. A card without picture is better than no page, so a fault here is no fault of the page. */
export async function previewOf(dataset: Dataset & { trend: TrendPoint[] }): Promise<Preview> {
  const trend: Preview = { kind: 'trend', points: dataset.trend }
  try {
    return (Number(dataset.rows) > 0 ? await drawn(dataset) : null) ?? trend
  } catch {
    return trend
  }
}

async function drawn(dataset: Dataset): Promise<Preview | null> {
  const of = (role: string) => dataset.columns.find((one) => one.role === role)
  const [latitude, longitude, time, category] = [of('latitude'), of('longitude'), of('time'), of('category')]
  const dated = time && !of('image') ? await overTime(dataset, time) : null
  if (dated) return dated
  if (latitude && longitude) return onMap(dataset, latitude.name, longitude.name)
  const number = dataset.columns.find(isMeasure)
  return (category && (await shared(dataset, category))) ?? (number && (await spread(dataset, number))) ?? names(dataset)
}

async function onMap(dataset: Dataset, latitude: string, longitude: string): Promise<Preview> {
  const where = { [latitude]: { isNull: false }, [longitude]: { isNull: false } }
  const rows = await readUpTo(dataset, { columns: [latitude, longitude], where }, FEW_POINTS)
  return { kind: 'map', points: rows.map((row) => [Number(row[longitude]), Number(row[latitude])]) }
}

/** Means of a number where the dataset is a series, else how many rows there were when. */
async function overTime(dataset: Dataset, time: Column): Promise<Preview | null> {
  const { min, max } = await endsOf(dataset, time.name)
  if (!min || !max) return null
  const chosen = choosePeriod(min, max)
  const period = time.kind === 'date' && chosen === 'HOUR' ? 'DAY' : chosen
  const bars = await readBars(dataset, time.name, period, min, max)
  const number = dataset.columns.find(isMeasure)
  const isSeries = time.key || dataset.load === 'append' || isEven(bars)
  const lines = number && isSeries ? await overMoments(dataset, number, time, { min, max }, period) : null
  if (lines) return lines
  const dated = bars.reduce((sum, bar) => sum + bar.count, 0)
  return isSpread(bars) && dated >= Number(dataset.rows) / 2 ? { kind: 'time', period, bars } : null
}

async function overMoments(dataset: Dataset, number: Column, time: Column, ends: Ends, whole: Period): Promise<Preview | null> {
  const length = Date.parse(ends.max) - Date.parse(ends.min)
  const period = length < SHORT ? null : length < DAYS && time.kind === 'instant' ? 'HOUR' : whole
  const { title: column, unit } = number
  const text = (one: Column) => one.kind === 'text' && one !== time
  const by =
    dataset.columns.find((one) => one.role === 'label' && text(one)) ??
    dataset.columns.find((one) => one.key && text(one)) ??
    dataset.columns.find((one) => one.role === 'category' && text(one)) ??
    null
  const { lines } = await readLines(dataset, { number, time, by, period, ends }, FEW_LINES)
  const moments = new Set(lines.flatMap((line) => line.points.map((point) => point.at)))
  if (moments.size > 1) return lines.every((line) => line.points.length > 1) ? { kind: 'line', lines, period, column, unit } : null
  if (by === null) return null
  return { kind: 'shares', shares: lines.map(({ label, mean }) => ({ key: label, label, value: mean })), column, unit }
}

async function shared(dataset: Dataset, { name, title }: Column): Promise<Preview | null> {
  const { groups } = await readGroups(dataset, { by: [{ column: name }], where: { [name]: { isNull: false } }, first: WEEK })
  if (!isTelling(groups, Number(dataset.rows))) return null
  const shares = groups.map(({ keys, count }) => ({ key: keys[0] ?? '', label: keys[0] || 'empty text', value: Number(count) }))
  return { kind: 'shares', shares: inWeekOrder(shares) ?? shares.slice(0, FEW_SHARES), column: title, unit: null }
}

async function spread(dataset: Dataset, { name, title, unit, kind }: Column): Promise<Preview | null> {
  const ends = await endsOf(dataset, name)
  const [min, max] = [Number(ends.min), Number(ends.max)]
  if (ends.min === null || max <= min) return null
  const step = niceStep((max - min) / FEW_BINS, kind === 'int')
  const { groups } = await readGroups(dataset, { by: [{ column: name, step }], orderBy: 'KEY', direction: 'ASC', first: 1000 })
  return { kind: 'histogram', bins: binsOf(groups, step, min, max), column: title, unit }
}

async function names(dataset: Dataset): Promise<Preview | null> {
  const text = (one: Column) => one.kind === 'text' && one.role !== 'url'
  const column = dataset.columns.find((one) => one.role === 'label' && text(one)) ?? dataset.columns.find(text)
  if (!column) return null
  const orderBy = [{ column: '_loadedAt', direction: 'DESC' }] as const
  const { nodes } = await readRows(dataset, {
    columns: [column.name],
    where: { [column.name]: { isNull: false } },
    orderBy,
    first: FEW_NAMES,
  })
  return nodes.length > 0 ? { kind: 'names', names: nodes.map((row) => String(row[column.name])) } : null
}

/** Smallest and largest value of a column, by two rows instead of a count of the whole table. */
async function endsOf(dataset: Dataset, column: string): Promise<Pick<ColumnFacts, 'min' | 'max'>> {
  const { type, sourceField, field } = dataset
  const part = (name: string) => `${name}: ${field}(where: $where, orderBy: $${name}, first: 1) { nodes { ${column} } }`
  const document = `query Ends($where: ${type}_Where, $min: [${type}_Order!], $max: [${type}_Order!]) { ${sourceField} { ${part('min')} ${part('max')} } }`
  const data = await ask<Record<string, Record<'min' | 'max', { nodes: Record<string, string>[] }>>>(document, {
    where: { [column]: { isNull: false } },
    min: [{ column, direction: 'ASC' }],
    max: [{ column, direction: 'DESC' }],
  })
  const ends = data[sourceField]
  return { min: ends?.min.nodes[0]?.[column] ?? null, max: ends?.max.nodes[0]?.[column] ?? null }
}
