import { expect, it } from 'vitest'
import { Format } from './format.ts'
import { niceStep } from './nice-step.ts'
import { tileTitle, type HistogramTile, type MapTile, type SharesTile, type TimeTile } from './tiles.ts'

const format = new Format({ locale: 'en-GB', timeZone: 'UTC' })
const noun = { one: 'row', many: 'rows' }
const bar = (day: number, count: number, part = false) => ({ at: `2025-06-0${day}T00:00:00.000Z`, count, part })
const time = (bars: TimeTile['bars']): TimeTile => ({
  kind: 'time',
  name: 'time',
  column: 'Time',
  dated: false,
  period: 'DAY',
  bars,
  empty: 0,
  because: '',
})
const shares = (...values: [string, number][]): SharesTile => ({
  kind: 'shares',
  name: 'country',
  boolean: false,
  column: 'Country',
  shares: values.map(([label, value]) => ({ key: label, label, value })),
  others: { values: 0, rows: 0 },
  rows: 100,
  because: '',
})

const point = (title: string, value: number) => ({ id: title, title, longitude: 0, latitude: 0, value })
const tile = (points: MapTile['points']): MapTile => ({
  kind: 'map',
  size: { column: 'Magnitude', unit: null, counts: false, min: 0, max: 7 },
  grouped: false,
  points,
  places: { latitude: 'a', longitude: 'o', step: 0 },
  key: null,
  empty: 0,
  because: '',
})

it('leaves days that are not whole out of the mean and out of the record', () => {
  expect(tileTitle(time([bar(1, 900, true), bar(2, 30), bar(3, 10)]), format, noun)).toBe('About 20 each day; 2 June had the most')
})

it('names no record when two days share it', () => {
  expect(tileTitle(time([bar(1, 10), bar(2, 10), bar(3, 4)]), format, noun)).toBe('About 8 each day')
})

it('says most only of more than half, and names two only when they lead alone', () => {
  expect(tileTitle(shares(['France', 60], ['Norway', 20]), format, noun)).toBe('France makes up 60%')
  expect(tileTitle(shares(['France', 30], ['Norway', 20], ['Spain', 10]), format, noun)).toBe('France and Norway are the most common')
  expect(tileTitle(shares(['France', 30], ['Norway', 20], ['Spain', 20]), format, noun)).toBe('France is the most common')
  expect(tileTitle(shares(['France', 20], ['Norway', 20], ['Spain', 20]), format, noun)).toBe('Country: several are equally common')
})

it('says an exact share below an edge of the histogram', () => {
  const bins = [10, 60, 13, 17].map((count, index) => ({ from: index * 0.5, count }))
  const tile: HistogramTile = {
    kind: 'histogram',
    name: 'mag',
    exact: false,
    column: 'Magnitude',
    unit: null,
    counts: false,
    step: 0.5,
    bins,
    empty: 0,
    because: '',
  }
  expect(tileTitle(tile, format, noun)).toBe('Magnitude is below 1.5 in 83% of rows')
})

it('names the highest only when it is one', () => {
  expect(tileTitle(tile([point('Tonga', 5), point('Taiwan', 6.4)]), format, noun)).toBe('The highest magnitude is 6.4: Taiwan')
  expect(tileTitle(tile([point('Tonga', 6.4), point('Taiwan', 6.4)]), format, noun)).toBe('Where the rows are')
})

it('chooses steps a reader can count in', () => {
  expect([0.51, 0.07, 13, 260].map((rough) => niceStep(rough, false))).toEqual([0.5, 0.05, 10, 250])
  expect(niceStep(0.3, true)).toBe(1)
})

it('takes the most frequent for the heading, in whatever order the values are drawn', () => {
  expect(tileTitle(shares(['Monday', 10], ['Tuesday', 30], ['Wednesday', 20]), format, noun)).toBe(
    'Tuesday and Wednesday are the most common',
  )
})
