import { describe, expect, it } from 'vitest'
import { Format } from './format.ts'
import { headOf, isPlural, measured } from './number-words.ts'
import { tileTitle, type HistogramTile, type MapTile, type SeriesTile } from './tiles.ts'
import type { ColumnKind } from './types.ts'

const format = new Format({ locale: 'en-GB', timeZone: 'UTC' })
const noun = { one: 'row', many: 'rows' }

type Case = [title: string, unit: string | null, kind: ColumnKind, head: string, spread: string, most: string, over: string, map: string]

// What every kind of name and unit makes of the headings of charts.
const CASES: Case[] = [
  [
    ...(['Seats', 'seats', 'int', 'Seats'] as const),
    ...(['80% have fewer than 160 seats', 'Oslo has the most seats: 40'] as const),
    ...(['Seats were highest on 2 June 2026: 40', 'Oslo has the most seats: 40'] as const),
  ],
  [
    ...(['Comments', null, 'int', 'Comments'] as const),
    ...(['80% have fewer than 160 comments', 'Oslo has the most comments: 40'] as const),
    ...(['Comments were highest on 2 June 2026: 40', 'Oslo has the most comments: 40'] as const),
  ],
  [
    ...(['Scores', null, 'double', 'Scores'] as const),
    ...(['Scores are below 160 in 80% of rows', 'Oslo has the highest scores: 40'] as const),
    ...(['Scores were highest on 2 June 2026: 40', 'The highest scores are 40: Oslo'] as const),
  ],
  [
    ...(['Costs', 'SEK', 'int', 'Costs, SEK'] as const),
    ...(['Costs are below 160 SEK in 80% of rows', 'Oslo has the highest costs: 40 SEK'] as const),
    ...(['Costs were highest on 2 June 2026: 40 SEK', 'The highest costs are 40 SEK: Oslo'] as const),
  ],
  [
    ...(['Air temperature', '°C', 'double', 'Air temperature, °C'] as const),
    ...(['Air temperature is below 160 °C in 80% of rows', 'Oslo has the highest air temperature: 40 °C'] as const),
    ...(['Air temperature was highest on 2 June 2026: 40 °C', 'The highest air temperature is 40 °C: Oslo'] as const),
  ],
  [
    ...(['Humidity', '%', 'double', 'Humidity, %'] as const),
    ...(['Humidity is below 160% in 80% of rows', 'Oslo has the highest humidity: 40%'] as const),
    ...(['Humidity was highest on 2 June 2026: 40%', 'The highest humidity is 40%: Oslo'] as const),
  ],
  [
    ...(['Number of seats', 'seats', 'int', 'Number of seats'] as const),
    ...(['Number of seats is below 160 seats in 80% of rows', 'Oslo has the highest number of seats: 40 seats'] as const),
    ...(['Number of seats was highest on 2 June 2026: 40 seats', 'The highest number of seats is 40 seats: Oslo'] as const),
  ],
  [
    ...(['Magnitude', null, 'double', 'Magnitude'] as const),
    ...(['Magnitude is below 160 in 80% of rows', 'Oslo has the highest magnitude: 40'] as const),
    ...(['Magnitude was highest on 2 June 2026: 40', 'The highest magnitude is 40: Oslo'] as const),
  ],
]

describe.each(CASES)('%s, in %s', (title, unit, kind, head, spread, most, over, map) => {
  const number = measured({ title, unit, kind })
  const said = (tile: HistogramTile | SeriesTile | MapTile) => tileTitle(tile, format, noun).replaceAll('\u00a0', ' ')
  const line = (label: string, ...values: number[]) => ({
    label,
    mean: values[0]!,
    points: values.map((value, index) => ({ at: `2026-06-0${index + 1}`, value })),
  })
  const series = (by: string | null, ...lines: SeriesTile['lines']): SeriesTile => {
    return {
      kind: 'series',
      name: 'n',
      time: 't',
      byName: null,
      means: null,
      ...number,
      dated: true,
      period: null,
      by,
      lines,
      others: 0,
      because: '',
    }
  }

  it('stands over a column', () => expect(headOf(title, unit)).toBe(head))

  it('is spread', () => {
    const bins = [80, 20].map((count, index) => ({ from: index * 160, count }))
    expect(said({ kind: 'histogram', name: 'n', exact: false, ...number, step: 160, bins, empty: 0, because: '' })).toBe(spread)
  })

  it('is compared', () => expect(said(series('City', line('Oslo', 40), line('Bergen', 4)))).toBe(most))

  it('goes over time', () => expect(said(series(null, line('', 3, 40, 4)))).toBe(over))

  it('is on a map', () => {
    const points = [40, 4].map((value) => ({
      id: String(value),
      title: value === 40 ? 'Oslo' : 'Bergen',
      longitude: 0,
      latitude: 0,
      value,
    }))
    expect(
      said({
        kind: 'map',
        size: { ...number, min: 4, max: 40 },
        grouped: false,
        points,
        places: { latitude: 'a', longitude: 'o', step: 0 },
        key: null,
        empty: 0,
        because: '',
      }),
    ).toBe(map)
  })
})

it('says none where a count is below one', () => {
  const bins = [80, 20].map((count, index) => ({ from: index, count }))
  const tile: HistogramTile = {
    kind: 'histogram',
    name: 'n',
    exact: false,
    ...measured({ title: 'Loans', unit: null, kind: 'int' }),
    step: 1,
    bins,
    empty: 0,
    because: '',
  }
  expect(tileTitle(tile, format, noun)).toBe('80% have no loans')
})

it('tells names of many from names of one', () => {
  expect(['Seats', 'Opening hours', 'Loans', 'Copies', 'Days of rain'].every(isPlural)).toBe(true)
  expect(['Status', 'Mass', 'Axis', 'Gas', 'Price', 'CO2', 'Number of seats', 'Price, items'].some(isPlural)).toBe(false)
})
