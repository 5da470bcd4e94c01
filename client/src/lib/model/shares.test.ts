import { expect, it } from 'vitest'
import { isSpread, isTelling } from './shares.ts'

const groups = (...counts: number[]) => counts.map((count) => ({ keys: [String(count)], count, values: [] }))

it('counts by value only where one stands out of the crowd', () => {
  expect(isTelling(groups(3_000, 4, 3), 9_000)).toBe(true)
  expect(isTelling(groups(4, 4, 3), 9_000)).toBe(false)
  expect(isTelling(groups(1, 1), 2)).toBe(false)
  expect(isTelling(groups(8), 8)).toBe(false)
  expect(isTelling([], 0)).toBe(false)
})

it('draws rows over time only when they lie in three different periods at least', () => {
  const bars = (...counts: number[]) => counts.map((count, index) => ({ at: `2026-06-0${index + 1}`, count, part: false }))
  expect(isSpread(bars(4, 0, 1, 9))).toBe(true)
  expect(isSpread(bars(4, 0, 0, 9))).toBe(false)
  expect(isSpread(bars(40))).toBe(false)
})
