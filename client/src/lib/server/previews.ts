import { barsOf, choosePeriod, type Bar, type Period } from '../model/periods.ts'
import type { ColumnFacts, Dataset, TrendPoint } from '../model/types.ts'
import { ask } from './api.ts'
import { readGroups, readUpTo } from './rows.ts'

/** The small picture on a card: where the rows lie, when they happened, or how many there were after each load. */
export type Preview =
  | { kind: 'map'; points: [longitude: number, latitude: number][] }
  | { kind: 'time'; bars: Bar[]; period: Period }
  | { kind: 'trend'; points: TrendPoint[] }

const FEW_POINTS = 600

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
  const column = (role: string) => dataset.columns.find((one) => one.role === role)?.name
  const [latitude, longitude, time] = [column('latitude'), column('longitude'), column('time')]
  if (time && !column('image')) return overTime(dataset, time)
  if (!latitude || !longitude) return null
  const where = { [latitude]: { isNull: false }, [longitude]: { isNull: false } }
  const rows = await readUpTo(dataset, { columns: [latitude, longitude], where }, FEW_POINTS)
  return { kind: 'map', points: rows.map((row) => [Number(row[longitude]), Number(row[latitude])]) }
}

async function overTime(dataset: Dataset, time: string): Promise<Preview | null> {
  const facts = await factsOf(dataset, time)
  if (!facts?.min || !facts.max) return null
  const period = choosePeriod(facts.min, facts.max)
  const { groups } = await readGroups(dataset, { by: [{ column: time, period }], orderBy: 'KEY', direction: 'ASC', first: 1000 })
  return { kind: 'time', period, bars: barsOf(groups, period, facts.min, facts.max) }
}

/** Smallest and largest value of a column, by two rows instead of a count of the whole table. */
async function factsOf(dataset: Dataset, column: string): Promise<Pick<ColumnFacts, 'min' | 'max'> | null> {
  const { type, sourceField, field } = dataset
  const part = (name: string) => `${name}: ${field}(where: $where, orderBy: $${name}, first: 1) { nodes { ${column} } }`
  const document = `query Ends($where: ${type}_Where, $min: [${type}_Order!], $max: [${type}_Order!]) { ${sourceField} { ${part('min')} ${part('max')} } }`
  const data = await ask<Record<string, Record<'min' | 'max', { nodes: Record<string, string>[] }>>>(document, {
    where: { [column]: { isNull: false } },
    min: [{ column, direction: 'ASC' }],
    max: [{ column, direction: 'DESC' }],
  })
  const ends = data[sourceField]
  return ends ? { min: ends.min.nodes[0]?.[column] ?? null, max: ends.max.nodes[0]?.[column] ?? null } : null
}
