import { isHttpError } from '@sveltejs/kit'
import { barsOf, choosePeriod, type Period } from '../model/periods.ts'
import { niceStep } from '../model/nice-step.ts'
import type { BrokenTile, HistogramTile, MapTile, SharesTile, Tile, TimeTile } from '../model/tiles.ts'
import type { Column, ColumnFacts, Dataset } from '../model/types.ts'
import { ask } from './api.ts'
import { countRows, readGroups, readUpTo } from './rows.ts'

/** Above this number of rows a map shows groups. */
export const MOST_POINTS = 2000
const SHARES_SHOWN = 9
const MOST_VALUES = 400
const BINS = 14
const SPARSE = 0.5

type Known = Column & { facts: ColumnFacts }

/** The columns of a dataset with what the whole table holds in them. */
export async function columnsWithFacts(dataset: Dataset): Promise<Known[]> {
  const { dataset: found } = await ask<{ dataset: { columns: { name: string; facts: ColumnFacts | null }[] } }>(
    `query Facts($source: String!, $name: String!) { dataset(source: $source, name: $name) { columns { name facts { empty distinct min max } } } }`,
    { source: dataset.sourceSlug, name: dataset.name },
  )
  const facts = new Map(found.columns.map((column) => [column.name, column.facts]))
  return dataset.columns.map((column) => ({
    ...column,
    facts: facts.get(column.name) ?? { empty: 0, distinct: null, min: null, max: null },
  }))
}

/** The charts that the declared roles and kinds of columns allow, in the order of the page. */
export async function tilesOf(
  dataset: Dataset,
  columns: readonly Known[],
  wanted: readonly Tile['kind'][],
): Promise<(Tile | BrokenTile)[]> {
  if (Number(dataset.rows) === 0) return []
  const makers: Record<Tile['kind'], () => Promise<Tile | null>> = {
    map: () => mapTile(dataset, columns),
    shares: () => sharesTile(dataset, columns),
    time: () => timeTile(dataset, columns),
    histogram: () => histogramTile(dataset, columns),
  }
  const tiles = await Promise.all(wanted.map((kind) => makers[kind]().catch((fault: unknown) => broken(kind, fault))))
  return tiles.filter((tile) => tile !== null)
}

/** One chart that fails takes no other part of the page with it. */
function broken(of: Tile['kind'], fault: unknown): BrokenTile {
  return { kind: 'broken', of, message: isHttpError(fault) ? fault.body.message : 'The reason is in the log of the server.' }
}

async function timeTile(dataset: Dataset, columns: readonly Known[]): Promise<TimeTile | null> {
  const dated = (column: Known) => (column.kind === 'instant' || column.kind === 'date') && column.facts.min !== null
  const column = columns.find((one) => one.role === 'time' && dated(one)) ?? columns.find(dated)
  if (!column?.facts.min || !column.facts.max) return null
  const { min, max } = column.facts
  const period: Period = column.kind === 'date' && choosePeriod(min, max) === 'HOUR' ? 'DAY' : choosePeriod(min, max)
  const { groups } = await readGroups(dataset, { by: [{ column: column.name, period }], orderBy: 'KEY', direction: 'ASC', first: 1000 })
  const because =
    column.role === 'time'
      ? `Shown because ${column.title.toLowerCase()} says when each row happened.`
      : `Shown because ${column.title.toLowerCase()} is a date.`
  return { kind: 'time', column: column.title, period, bars: barsOf(groups, period, min, max), empty: Number(column.facts.empty), because }
}

async function sharesTile(dataset: Dataset, columns: readonly Known[]): Promise<SharesTile | null> {
  const rows = Number(dataset.rows)
  const repeats = (column: Known) =>
    column.facts.distinct !== null && Number(column.facts.distinct) > 1 && Number(column.facts.distinct) <= MOST_VALUES
  const plain = (column: Known) =>
    column.kind === 'text' && !column.key && column.role === null && Number(column.facts.distinct) <= Math.min(60, rows / 3)
  const column =
    columns.find((one) => one.role === 'category' && repeats(one)) ??
    columns.find((one) => one.values !== null && repeats(one)) ??
    columns.find((one) => plain(one) && repeats(one))
  if (!column) return null
  const filled = { [column.name]: { isNull: false } }
  const { groups, total } = await readGroups(dataset, { by: [{ column: column.name }], where: filled, first: SHARES_SHOWN })
  const shares = groups.map((group) => ({ key: group.keys[0] ?? '', label: group.keys[0] || 'empty text', value: Number(group.count) }))
  const counted = rows - Number(column.facts.empty)
  const others = { values: total - shares.length, rows: counted - shares.reduce((sum, share) => sum + share.value, 0) }
  const because = `Shown because ${column.title.toLowerCase()} has only ${total} different values.`
  return { kind: 'shares', column: column.title, shares, others, rows: counted, because }
}

async function histogramTile(dataset: Dataset, columns: readonly Known[]): Promise<HistogramTile | null> {
  const column = mainNumber(dataset, columns)
  if (!column) return null
  const [min, max] = [Number(column.facts.min), Number(column.facts.max)]
  const step = niceStep((max - min) / BINS, column.kind === 'int')
  const { groups } = await readGroups(dataset, { by: [{ column: column.name, step }], orderBy: 'KEY', direction: 'ASC', first: 1000 })
  const counts = new Map(
    groups.filter((group) => group.keys[0] !== null).map((group) => [Math.round(Number(group.keys[0]) / step), Number(group.count)]),
  )
  const [first, last] = [Math.floor(min / step + 1e-9), Math.floor(max / step + 1e-9)]
  const bins = Array.from({ length: Math.min(200, last - first + 1) }, (_, index) => ({
    from: Number(((first + index) * step).toPrecision(12)),
    count: counts.get(first + index) ?? 0,
  }))
  const because = `Shown because ${column.title.toLowerCase()} is a number.`
  return { kind: 'histogram', column: column.title, unit: column.unit, step, bins, empty: Number(column.facts.empty), because }
}

/** The number a reader would ask for first: the first declared one that is no key and no position, and seldom empty. */
function mainNumber(dataset: Dataset, columns: readonly Known[]): Known | null {
  const numeric = (column: Known) => ['int', 'double', 'decimal'].includes(column.kind)
  const told = (column: Known) => column.facts.min !== null && Number(column.facts.max) > Number(column.facts.min)
  const filled = (column: Known) => Number(column.facts.empty) <= Number(dataset.rows) * SPARSE
  return columns.find((column) => numeric(column) && !column.key && column.role === null && told(column) && filled(column)) ?? null
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
    const points = await groupedPoints(dataset, latitude.name, longitude.name)
    return { kind: 'map', size: null, grouped: true, points, empty, because }
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
    size: number ? { column: number.title, min: Number(number.facts.min), max: Number(number.facts.max) } : null,
    grouped: false,
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
async function groupedPoints(dataset: Dataset, latitude: string, longitude: string): Promise<MapTile['points']> {
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
    return groups.map((group) => ({
      id: group.keys.join('/'),
      title: '',
      latitude: Number(group.keys[0]) + step / 2,
      longitude: Number(group.keys[1]) + step / 2,
      value: Number(group.count),
    }))
  }
  return []
}
