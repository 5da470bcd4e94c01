import { expect, it } from 'vitest'
import { barsOf, choosePeriod, periodLabel } from './periods.ts'

const group = (key: string | null, count: number) => ({ keys: [key], count, values: [] })

const counts = (key: string, period: Parameters<typeof barsOf>[1], min: string, max: string) =>
  barsOf([group(key, 3)], period, min, max).map((bar) => bar.count)

it('cuts time so that the columns can be read', () => {
  expect(choosePeriod('2025-06-05T00:00:00Z', '2025-06-06T12:00:00Z')).toBe('HOUR')
  expect(choosePeriod('2025-05-06T00:00:00Z', '2025-06-05T00:00:00Z')).toBe('DAY')
  expect(choosePeriod('2023-05-06', '2025-06-05')).toBe('MONTH')
  expect(choosePeriod('2001-05-06', '2025-06-05')).toBe('YEAR')
  expect(choosePeriod('1945-05-06', '2005-06-05')).toBe('DECADE')
})

it('fills days on which nothing was with zero and marks days that are not whole', () => {
  const bars = barsOf(
    [group('2025-06-01', 4), group('2025-06-03', 7), group(null, 9)],
    'DAY',
    '2025-06-01T18:00:00Z',
    '2025-06-03T23:30:00Z',
  )
  expect(bars.map((bar) => [bar.at.slice(0, 10), bar.count, bar.part])).toEqual([
    ['2025-06-01', 4, true],
    ['2025-06-02', 0, false],
    ['2025-06-03', 7, false],
  ])
})

it('takes the last date of a table for a whole day', () => {
  const bars = barsOf([], 'DAY', '2025-06-01', '2025-06-03')
  expect(bars.map((bar) => bar.part)).toEqual([false, false, false])
})

it('reads the keys of every period', () => {
  expect(counts('1970', 'DECADE', '1968-01-01', '1991-01-01')).toEqual([0, 3, 0, 0])
  expect(counts('2024', 'YEAR', '2023-05-01', '2024-06-01')).toEqual([0, 3])
  expect(counts('2024-02', 'MONTH', '2024-01-31', '2024-02-01')).toEqual([0, 3])
  expect(counts('2024-02-01T05', 'HOUR', '2024-02-01T04:00:00Z', '2024-02-01T05:00:00Z')).toEqual([0, 3])
})

it('names a period in the language of the reader', () => {
  expect(periodLabel('1970-01-01T00:00:00.000Z', 'DECADE', 'en-GB')).toBe('1970s')
  expect(periodLabel('2025-06-05T00:00:00.000Z', 'DAY', 'en-GB')).toBe('5 June')
  expect(periodLabel('2025-06-05T00:00:00.000Z', 'DAY', 'sv-SE')).toBe('5 juni')
})
