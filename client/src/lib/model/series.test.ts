import { expect, it } from 'vitest'
import { Format } from './format.ts'
import { datesStandFor, momentLabel, reach, sharedReach } from './series.ts'
import { tileTitle, type SeriesTile } from './tiles.ts'

const format = new Format({ locale: 'en-GB', timeZone: 'Europe/Stockholm' })
const line = (label: string, ...values: number[]) => ({
  label,
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  points: values.map((value, index) => ({ at: `2026-06-0${index + 1}`, value })),
})
const series = (by: string | null, ...lines: SeriesTile['lines']): SeriesTile => {
  return {
    kind: 'series',
    name: 'n',
    time: 't',
    byName: null,
    means: null,
    column: 'Wait',
    unit: 'minutes',
    counts: false,
    dated: true,
    period: null,
    by,
    lines,
    others: 0,
    because: '',
  }
}
const title = (tile: SeriesTile) => tileTitle(tile, format, { one: 'row', many: 'rows' })

it('begins a scale at zero unless that would press the line flat', () => {
  expect(reach([2, 10])).toEqual([0, 10])
  expect(reach([11, 11.6])).toEqual([11, 11.6])
  expect(reach([-3, 4])).toEqual([-3, 4])
  expect(reach([5, 5])).toEqual([0, 5])
  expect(reach([0, 0])).toEqual([0, 1])
})

it('gives lines one scale where they can be compared, else each its own', () => {
  expect(sharedReach([line('a', 1, 10), line('b', 20, 40)])).toEqual([0, 40])
  expect(sharedReach([line('SEK', 11, 12), line('IDR', 17_000, 18_000)])).toBeNull()
})

it('takes dates that are all the first of a year or month for years or months', () => {
  expect(datesStandFor(['2023-01-01', '2024-01-01'])).toBe('YEAR')
  expect(datesStandFor(['2023-01-01', '2023-02-01'])).toBe('MONTH')
  expect(datesStandFor(['2023-01-01', '2023-01-02'])).toBeNull()
  expect(datesStandFor([])).toBeNull()
})

it('names periods and dates as they are, and instants in the zone of the reader', () => {
  expect(momentLabel('2023-01-01', 'YEAR', format)).toBe('2023')
  expect(momentLabel('2026-06-01', null, format)).toBe('1 June 2026')
  expect(momentLabel('2026-06-01T22:30:00.000Z', null, format)).toBe('2 Jun 2026, 00:30')
})

it('says of one line when it was highest, only when that was once', () => {
  expect(title(series(null, line('Wait', 3, 9, 4)))).toBe('Wait was highest on 2 June 2026: 9\u00a0minutes')
  expect(title(series(null, line('Wait', 9, 3, 9)))).toBe('Wait lies between 3 and 9\u00a0minutes')
  expect(title(series(null, line('Wait', 4, 4)))).toBe('Wait stays at 4\u00a0minutes')
})

it('says of several lines which is the highest, only when it is one', () => {
  expect(title(series('Ride', line('Balder', 30, 31), line('Luna', 5, 6)))).toBe(
    'Balder has the highest wait on average: 30.5\u00a0minutes',
  )
  expect(title(series('Ride', line('Balder', 30), line('Luna', 5)))).toBe('Balder has the highest wait: 30\u00a0minutes')
  expect(title(series('Ride', line('Balder', 5), line('Luna', 5)))).toBe('Wait, by ride')
})
