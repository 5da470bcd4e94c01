import { isHttpError } from '@sveltejs/kit'
import { binsOf } from '../model/bins.ts'
import { choosePeriod, type Period } from '../model/periods.ts'
import { niceStep } from '../model/nice-step.ts'
import { measured } from '../model/number-words.ts'
import { isSpread, isTelling } from '../model/shares.ts'
import { chosenTiles } from '../model/tile-choice.ts'
import type { BrokenTile, HistogramTile, MapTile, SharesTile, Tile, TimeTile } from '../model/tiles.ts'
import type { Dataset } from '../model/types.ts'
import { inWeekOrder } from '../model/weekdays.ts'
import { cardsTile } from './cards-tile.ts'
import { mainNumber, timeColumns, type Known } from './known-columns.ts'
import { numbersTile } from './numbers-tile.ts'
import { countRows, readGroups, readUpTo } from './rows.ts'
import { readBars } from './series-lines.ts'
import { seriesTile } from './series-tile.ts'

/** Above this number of rows a map shows groups. */
export const MOST_POINTS = 2000
const SHARES_SHOWN = 9
const MOST_VALUES = 400
const BINS = 14

/** The charts that the declared roles and kinds of columns allow, in the order of the page. */
export async function tilesOf(
  dataset: Dataset,
  columns: readonly Known[],
  wanted: readonly Tile['kind'][],
): Promise<(Tile | BrokenTile)[]> {
  if (Number(dataset.rows) === 0) return []
  const makers: Record<Tile['kind'], () => Promise<Tile | null>> = {
    map: () => mapTile(dataset, columns),
    series: () => seriesTile(dataset, columns),
    shares: () => sharesTile(dataset, columns),
    time: () => timeTile(dataset, columns),
    histogram: () => histogramTile(dataset, columns),
    numbers: () => numbersTile(dataset, columns),
    cards: () => cardsTile(dataset, columns),
  }
  const tiles = await Promise.all(wanted.map((kind) => makers[kind]().catch((fault: unknown) => broken(kind, fault))))
  return chosenTiles(tiles.filter((tile) => tile !== null))
}

/** One chart that fails takes no other part of the page with it. */
function broken(of: Tile['kind'], fault: unknown): BrokenTile {
  return { kind: 'broken', of, message: isHttpError(fault) ? fault.body.message : 'The reason is in the log of the server.' }
}

async function timeTile(dataset: Dataset, columns: readonly Known[]): Promise<TimeTile | null> {
  for (const column of timeColumns(dataset, columns)) {
    const tile = await barsTile(dataset, column)
    if (tile !== null && isSpread(tile.bars)) return tile
  }
  return null
}

async function barsTile(dataset: Dataset, column: Known): Promise<TimeTile | null> {
  const { min, max, empty } = column.facts
  if (min === null || max === null) return null
  const period: Period = column.kind === 'date' && choosePeriod(min, max) === 'HOUR' ? 'DAY' : choosePeriod(min, max)
  const bars = await readBars(dataset, column.name, period, min, max)
  const because = `Shown because the column ${column.title} ${column.role === 'time' ? 'says when each row happened' : 'holds dates'}.`
  return {
    kind: 'time',
    column: column.title,
    name: column.name,
    dated: column.kind === 'date',
    period,
    bars,
    empty: Number(empty),
    because,
  }
}

async function sharesTile(dataset: Dataset, columns: readonly Known[]): Promise<SharesTile | null> {
  const rows = Number(dataset.rows)
  const column = sharedColumn(rows, columns)
  if (!column) return null
  const filled = { [column.name]: { isNull: false } }
  const { groups, total } = await readGroups(dataset, { by: [{ column: column.name }], where: filled, first: SHARES_SHOWN })
  if (!isTelling(groups, rows)) return null
  const shares = groups.map((group) => ({
    key: group.keys[0] ?? '',
    label: labelOf(column, group.keys[0] ?? ''),
    value: Number(group.count),
  }))
  const counted = rows - Number(column.facts.empty)
  const others = { values: total - shares.length, rows: counted - shares.reduce((sum, share) => sum + share.value, 0) }
  const because =
    total > MOST_VALUES
      ? `Shown because the column ${column.title} is a category; the most frequent of its ${total} values.`
      : `Shown because the column ${column.title} has only ${total} different values.`
  return {
    kind: 'shares',
    column: column.title,
    name: column.name,
    boolean: column.kind === 'boolean',
    shares: inWeekOrder(shares) ?? shares,
    others,
    rows: counted,
    because,
  }
}

/** What rows are best counted by: a declared category with few values, else one with many, else any text or answer with few. */
function sharedColumn(rows: number, columns: readonly Known[]): Known | null {
  const distinct = ({ facts }: Known) => (facts.distinct === null ? null : Number(facts.distinct))
  const few = (column: Known, most: number) => distinct(column) !== null && distinct(column)! > 1 && distinct(column)! <= most
  const category = (column: Known) => column.role === 'category'
  const plain = (column: Known) => column.kind === 'text' && !column.key && column.role === null && few(column, Math.min(60, rows / 3))
  return (
    columns.find((column) => category(column) && few(column, MOST_VALUES)) ??
    columns.find((column) => column.values !== null && few(column, MOST_VALUES)) ??
    columns.find((column) => category(column) && column.facts.min !== null && distinct(column) !== 1) ??
    columns.find(plain) ??
    columns.find((column) => column.kind === 'boolean' && few(column, 2)) ??
    null
  )
}

function labelOf(column: Known, key: string): string {
  if (column.kind === 'boolean') return `${column.title}: ${key === 'true' || key === '1' ? 'yes' : 'no'}`
  return key || 'empty text'
}

async function histogramTile(dataset: Dataset, columns: readonly Known[]): Promise<HistogramTile | null> {
  const column = mainNumber(dataset, columns)
  if (!column) return null
  const [min, max] = [Number(column.facts.min), Number(column.facts.max)]
  const step = niceStep((max - min) / BINS, column.kind === 'int')
  const { groups } = await readGroups(dataset, { by: [{ column: column.name, step }], orderBy: 'KEY', direction: 'ASC', first: 1000 })
  const bins = binsOf(groups, step, min, max)
  const because = `Shown because the column ${column.title} holds numbers.`
  return {
    kind: 'histogram',
    name: column.name,
    exact: column.kind === 'decimal',
    ...measured(column),
    step,
    bins,
    empty: Number(column.facts.empty),
    because,
  }
}

async function mapTile(dataset: Dataset, columns: readonly Known[]): Promise<MapTile | null> {
  const of = (role: string) => columns.find((column) => column.role === role)
  const [latitude, longitude, label] = [of('latitude'), of('longitude'), of('label')]
  if (!latitude || !longitude) return null
  const where = { [latitude.name]: { isNull: false }, [longitude.name]: { isNull: false } }
  const total = await countRows(dataset, where)
  if (total === 0) return null
  const empty = Number(dataset.rows) - total
  const because = 'Shown because each row has a latitude and a longitude.'
  if (total > MOST_POINTS) {
    const { points, step } = await groupedPoints(dataset, latitude.name, longitude.name)
    const places = { latitude: latitude.name, longitude: longitude.name, step }
    return { kind: 'map', size: null, grouped: true, points, places, key: null, empty, because }
  }
  const number = mainNumber(dataset, columns)
  const key = dataset.key.length === 1 ? dataset.key[0] : undefined
  const names = [latitude.name, longitude.name, ...[label?.name, number?.name, key].filter((name) => name !== undefined)]
  const rows = await readUpTo(
    dataset,
    { columns: [...new Set(names)], where, orderBy: label ? [{ column: label.name, direction: 'ASC' }] : [] },
    MOST_POINTS,
  )
  return {
    kind: 'map',
    size: number ? { ...measured(number), min: Number(number.facts.min), max: Number(number.facts.max) } : null,
    grouped: false,
    places: { latitude: latitude.name, longitude: longitude.name, step: 0 },
    key: key ?? null,
    empty,
    because,
    points: rows.map((row, index) => ({
      id: key ? String(row[key]) : String(index),
      title: label ? String(row[label.name] ?? '') : '',
      longitude: Number(row[longitude.name]),
      latitude: Number(row[latitude.name]),
      value: number && row[number.name] !== null ? Number(row[number.name]) : null,
    })),
  }
}

/** Rows gathered by squares of some degrees, as fine as the map can show. */
async function groupedPoints(dataset: Dataset, latitude: string, longitude: string): Promise<{ points: MapTile['points']; step: number }> {
  for (const step of [2, 5, 10]) {
    const by = [
      { column: latitude, step },
      { column: longitude, step },
    ]
    const { groups, total } = await readGroups(dataset, {
      by,
      where: { [latitude]: { isNull: false }, [longitude]: { isNull: false } },
      first: 1000,
    })
    if (total > groups.length && step !== 10) continue
    const points = groups.map((group) => ({
      id: group.keys.join('/'),
      title: '',
      latitude: Number(group.keys[0]) + step / 2,
      longitude: Number(group.keys[1]) + step / 2,
      value: Number(group.count),
    }))
    return { points, step }
  }
  return { points: [], step: 10 }
}
