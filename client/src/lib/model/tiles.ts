import type { Bin } from './bins.ts'
import { withUnit, type Format } from './format.ts'
import { mostOf, verb, type Measured } from './number-words.ts'
import { periodLabel, periodWord, type Bar, type Period } from './periods.ts'
import { momentLabel, onMoment } from './series.ts'
import type { Column, Row } from './types.ts'
import { capital, count, listed, small } from './words.ts'

/** Rows over time, one column for each period. */
export interface TimeTile {
  kind: 'time'
  column: string
  /** As the API calls the column. */
  name: string
  /** True for calendar dates, which have no zone. */
  dated: boolean
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
  /** As the API calls the column. */
  name: string
  /** True when its values are yes and no. */
  boolean: boolean
  /** The most frequent first; weekdays in the order of the week. */
  shares: { key: string; label: string; value: number }[]
  /** Values that are not shown, and their rows. */
  others: { values: number; rows: number }
  rows: number
  because: string
}

/** How a number is distributed. */
export interface HistogramTile extends Measured {
  kind: 'histogram'
  /** As the API calls the column. */
  name: string
  /** True when its numbers are exact ones, which the API takes as text. */
  exact: boolean
  step: number
  bins: Bin[]
  empty: number
  because: string
}

/** Every row, or groups of near ones, on the map. */
export interface MapTile {
  kind: 'map'
  /** What makes a point large; null when all are alike. */
  size: (Measured & { min: number; max: number }) | null
  /** Groups count rows; single points carry a name. */
  grouped: boolean
  points: { id: string; title: string; longitude: number; latitude: number; value: number | null }[]
  /** Columns of the position as the API calls them; groups are squares of so many degrees. */
  places: { latitude: string; longitude: string; step: number }
  /** The column whose values are the ids of single points; null when there is none. */
  key: string | null
  /** Rows without a position. */
  empty: number
  because: string
}

/** One line of a number over time. */
export interface SeriesLine {
  label: string
  mean: number
  /** In the order of time. */
  points: { at: string; value: number }[]
}

/** A number over time: one line, or one for each value of another column. */
export interface SeriesTile extends Measured {
  kind: 'series'
  /** True for calendar dates, which have no zone. */
  dated: boolean
  /** What a point is the mean of; null when points are single moments. */
  period: Period | null
  /** Column that tells the lines apart; null when there is one line. */
  by: string | null
  /** As the API calls the number, its time and what tells the lines apart. */
  name: string
  time: string
  byName: string | null
  /** What a point was grouped by; null when points are single moments. */
  means: Period | null
  /** The highest first. */
  lines: SeriesLine[]
  /** Lines that are not shown. */
  others: number
  because: string
}

/** How far each number of a dataset reaches. */
export interface NumbersTile {
  kind: 'numbers'
  numbers: { column: string; name: string; unit: string | null; min: number; mean: number; max: number }[]
  /** Numbers that are not shown. */
  others: number
  because: string
}

/** A few rows, each with its name and picture where it has them. */
export interface CardsTile {
  kind: 'cards'
  heading: Column
  image: string | null
  facts: Column[]
  rows: Row[]
  /** Rows of the whole table. */
  total: number
  /** True when these are the latest by a time of their own. */
  latest: boolean
  because: string
}

export type Tile = TimeTile | SharesTile | HistogramTile | MapTile | SeriesTile | NumbersTile | CardsTile

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
  if (tile.kind === 'histogram') return histogramTitle(tile, format, noun)
  if (tile.kind === 'series') return seriesTitle(tile, format)
  if (tile.kind === 'numbers') return `${capital(count(tile.numbers.length + tile.others))} numbers, from lowest to highest`
  if (tile.kind === 'cards') return cardsTitle(tile, format, noun)
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
  const [first, second, third] = tile.shares.toSorted((a, b) => b.value - a.value)
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

function histogramTitle(tile: HistogramTile, format: Format, noun: { many: string }): string {
  const total = tile.bins.reduce((sum, bin) => sum + bin.count, 0)
  let below = 0
  let best: { edge: number; share: number } | null = null
  for (const bin of tile.bins.slice(0, -1)) {
    below += bin.count
    const share = below / total
    if (!best || Math.abs(share - 0.8) < Math.abs(best.share - 0.8)) best = { edge: bin.from + tile.step, share }
  }
  if (!best || total === 0) return tile.column
  const [share, edge] = [format.percent(best.share), format.number(best.edge)]
  if (tile.counts) return `${share} have ${best.edge === 1 ? 'no' : `fewer than ${edge}`} ${small(tile.column)}`
  return `${verb(tile.column, 'is', 'are')} below ${withUnit(edge, tile.unit)} in ${share} of ${noun.many}`
}

function seriesTitle(tile: SeriesTile, format: Format): string {
  const [first, second] = tile.lines
  if (!first) return tile.column
  const said = (value: number) => withUnit(format.number(value, { maximumSignificantDigits: 4 }), tile.counts ? null : tile.unit)
  if (tile.by !== null) {
    if (!second || second.mean === first.mean) return `${tile.column}, by ${small(tile.by)}`
    const mean = first.points.length > 1 ? ' on average' : ''
    return `${first.label} has ${mostOf(tile)}${mean}: ${said(first.mean)}`
  }
  const values = first.points.map((point) => point.value)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  if (least === most) return `${verb(tile.column, 'stays', 'stay')} at ${said(most)}`
  const highest = first.points.filter((point) => point.value === most)
  if (highest.length > 1) return `${verb(tile.column, 'lies', 'lie')} between ${format.number(least)} and ${said(most)}`
  return `${verb(tile.column, 'was', 'were')} highest ${onMoment(highest[0]!.at, tile.period)} ${momentLabel(highest[0]!.at, tile.period, format)}: ${said(most)}`
}

function cardsTitle(tile: CardsTile, format: Format, noun: { one: string; many: string }): string {
  if (tile.rows.length === tile.total) return tile.total === 1 ? `The one ${noun.one}` : `All ${count(tile.total)} ${noun.many}`
  if (tile.latest) return `The latest ${count(tile.rows.length)} of ${format.number(tile.total)} ${noun.many}`
  return `${capital(count(tile.rows.length))} of ${format.number(tile.total)} ${noun.many}`
}

function mapTitle(tile: MapTile, format: Format, noun: { one: string; many: string }): string {
  if (tile.size && !tile.grouped) {
    const top = tile.points.reduce(
      (best, point) => ((point.value ?? -Infinity) > (best.value ?? -Infinity) ? point : best),
      tile.points[0]!,
    )
    const many = tile.points.filter((point) => point.value === top.value).length
    if (many === 1 && top.value !== null) return largestTitle(tile.size, format.number(top.value), top.title)
  }
  return `Where the ${noun.many} are`
}

function largestTitle(size: Measured, value: string, name: string): string {
  if (size.counts) return name ? `${name} has ${mostOf(size)}: ${value}` : `At most ${value} ${small(size.column)}`
  return `${capital(verb(mostOf(size), 'is', 'are'))} ${withUnit(value, size.unit)}${name ? `: ${name}` : ''}`
}
