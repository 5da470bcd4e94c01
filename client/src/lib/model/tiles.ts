import type { Format } from './format.ts'
import { periodLabel, periodWord, type Bar, type Period } from './periods.ts'
import { listed, small } from './words.ts'

/** Rows over time, one column for each period. */
export interface TimeTile {
  kind: 'time'
  column: string
  period: Period
  bars: Bar[]
  /** Rows without a time. */
  empty: number
  because: string
}

/** The most frequent values of a column. */
export interface SharesTile {
  kind: 'shares'
  column: string
  shares: { key: string; label: string; value: number }[]
  /** Values that are not shown, and their rows. */
  others: { values: number; rows: number }
  rows: number
  because: string
}

/** How a number is distributed. */
export interface HistogramTile {
  kind: 'histogram'
  column: string
  unit: string | null
  step: number
  bins: { from: number; count: number }[]
  empty: number
  because: string
}

/** Every row, or groups of near ones, on the map. */
export interface MapTile {
  kind: 'map'
  /** What makes a point large; null when all are alike. */
  size: { column: string; min: number; max: number } | null
  /** Groups count rows; single points carry a name. */
  grouped: boolean
  points: { id: string; title: string; longitude: number; latitude: number; value: number | null }[]
  /** Rows without a position. */
  empty: number
  because: string
}

export type Tile = TimeTile | SharesTile | HistogramTile | MapTile

/** A tile whose numbers could not be had; the page says so in its place. */
export interface BrokenTile {
  kind: 'broken'
  of: Tile['kind']
  /** What the server said. */
  message: string
}

/** What a tile says, in words that its own numbers bear out; never more than that. */
export function tileTitle(tile: Tile, format: Format, noun: { one: string; many: string }): string {
  if (tile.kind === 'time') return timeTitle(tile, format)
  if (tile.kind === 'shares') return sharesTitle(tile, format)
  if (tile.kind === 'histogram') return histogramTitle(tile, format)
  return mapTitle(tile, format, noun)
}

function timeTitle(tile: TimeTile, format: Format): string {
  const whole = tile.bars.filter((bar) => !bar.part)
  const considered = whole.length > 0 ? whole : tile.bars
  const most = considered.reduce((best, bar) => (bar.count > best.count ? bar : best), considered[0]!)
  const name = periodLabel(most.at, tile.period, format.locale)
  const alone = considered.filter((bar) => bar.count === most.count).length === 1
  if (tile.period === 'DECADE' && alone) {
    const born = /birth|born/i.test(tile.column)
    return `More ${born ? 'were born in' : 'are from'} the ${name} than ${born ? 'in' : 'from'} any other decade`
  }
  const mean = whole.length > 1 ? whole.reduce((sum, bar) => sum + bar.count, 0) / whole.length : null
  const about =
    mean === null ? '' : `About ${format.number(mean, { maximumFractionDigits: mean < 10 ? 1 : 0 })} each ${periodWord(tile.period)}`
  if (!alone) return about || `${tile.column}, by ${periodWord(tile.period)}`
  return about ? `${about}; ${name} had the most` : `${name} had the most`
}

function sharesTitle(tile: SharesTile, format: Format): string {
  const [first, second, third] = tile.shares
  if (!first) return tile.column
  if (!second) return `Every row says “${first.label}”`
  const share = first.value / tile.rows
  if (share > 0.5) return `${first.label} makes up ${format.percent(share)}`
  if (first.value === second.value)
    return second.value === third?.value ? `${tile.column}: several are equally common` : pair(first, second, 'the most common')
  return third && second.value === third.value ? `${first.label} is the most common` : pair(first, second, 'the most common')
}

function pair(first: { label: string }, second: { label: string }, what: string): string {
  return `${listed([first.label, second.label])} are ${what}`
}

function histogramTitle(tile: HistogramTile, format: Format): string {
  const total = tile.bins.reduce((sum, bin) => sum + bin.count, 0)
  let below = 0
  let best: { edge: number; share: number } | null = null
  for (const bin of tile.bins.slice(0, -1)) {
    below += bin.count
    const share = below / total
    if (!best || Math.abs(share - 0.8) < Math.abs(best.share - 0.8)) best = { edge: bin.from + tile.step, share }
  }
  if (!best || total === 0) return tile.column
  return `${format.percent(best.share)} have a ${small(tile.column)} below ${format.number(best.edge)}${tile.unit ? ` ${tile.unit}` : ''}`
}

function mapTitle(tile: MapTile, format: Format, noun: { one: string; many: string }): string {
  if (tile.size && !tile.grouped) {
    const top = tile.points.reduce(
      (best, point) => ((point.value ?? -Infinity) > (best.value ?? -Infinity) ? point : best),
      tile.points[0]!,
    )
    const many = tile.points.filter((point) => point.value === top.value).length
    if (many === 1 && top.value !== null)
      return `The highest ${small(tile.size.column)} is ${format.number(top.value)}${top.title ? `: ${top.title}` : ''}`
  }
  return `Where the ${noun.many} are`
}
