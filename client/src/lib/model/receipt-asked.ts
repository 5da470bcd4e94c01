import { nextPeriod } from './periods.ts'
import type { HistogramTile, MapTile, NumbersTile, SeriesTile, SharesTile, TimeTile } from './tiles.ts'

/** A condition on rows, in the API's own form. */
type Where = Record<string, unknown>

/** Which number somebody wants the receipt of: the count of rows, or a measure of a column of them. */
export interface ReceiptAsked {
  source: string
  dataset: string
  where: Where | null
  measure: { fn: 'AVG' | 'MIN' | 'MAX'; column: string } | null
}

/** The part of it that a chart knows; the page knows the dataset. */
export type Picked = Pick<ReceiptAsked, 'where' | 'measure'>

const counted = (where: Where): Picked => ({ where, measure: null })
const exact = (value: number) => Number(value.toPrecision(12))

/** The rows of one period; a date has no time of day. */
export function ofPeriod(column: string, at: string, period: NonNullable<SeriesTile['period']>, dated: boolean): Where {
  const written = (moment: Date) => (dated ? moment.toISOString().slice(0, 10) : moment.toISOString())
  const start = new Date(at)
  return { [column]: { gte: written(start), lt: written(nextPeriod(start, period)) } }
}

/** What a column of a chart over time counts. */
export const ofBar = (tile: TimeTile, index: number): Picked => counted(ofPeriod(tile.name, tile.bars[index]!.at, tile.period, tile.dated))

/** What a column of a histogram counts. */
export function ofBin({ name, step, bins, kind: _kind, ...tile }: HistogramTile, index: number): Picked {
  const { from } = bins[index]!
  const written = (value: number) => (tile.exact ? String(value) : value)
  return counted({ [name]: { gte: written(from), lt: written(exact(from + step)) } })
}

/** What one value counts. */
export function ofShare({ name, boolean, shares }: SharesTile, index: number): Picked {
  const { key } = shares[index]!
  return counted({ [name]: { eq: boolean ? key === 'true' || key === '1' : key } })
}

/** The lowest, mean or highest of a number. */
export const ofNumber = ({ name }: NumbersTile['numbers'][number], fn: 'MIN' | 'AVG' | 'MAX'): Picked => ({
  where: null,
  measure: { fn, column: name },
})

/** What a point of a line is the mean of. */
export function ofPoint({ name, time, byName, dated, means }: SeriesTile, line: string, at: string): Picked {
  const when = means === null ? { [time]: { eq: dated ? at.slice(0, 10) : at } } : ofPeriod(time, at, means, dated)
  return { where: { ...when, ...(byName === null ? {} : { [byName]: { eq: line } }) }, measure: { fn: 'AVG', column: name } }
}

/** The row, or the rows near each other, that a point of a map stands for; null where the row cannot be named. */
export function ofMapPoint({ grouped, places, key }: MapTile, id: string): Picked | null {
  if (!grouped) return key === null ? null : counted({ [key]: { eq: id } })
  const [latitude = 0, longitude = 0] = id.split('/').map(Number)
  const square = (from: number) => ({ gte: from, lt: from + places.step })
  return counted({ [places.latitude]: square(latitude), [places.longitude]: square(longitude) })
}

/** The address that answers with the receipt. */
export function receiptHref({ source, dataset, where, measure }: ReceiptAsked): string {
  const params = new URLSearchParams({ source, dataset })
  if (where !== null) params.set('where', JSON.stringify(where))
  if (measure !== null) params.set('fn', measure.fn)
  if (measure !== null) params.set('column', measure.column)
  return `/receipt?${params}`
}
