import { expect, it } from 'vitest'
import { isTelling } from './shares.ts'

const groups = (...counts: number[]) => counts.map((count) => ({ keys: [String(count)], count, values: [] }))

it('counts by value only where one stands out of the crowd', () => {
  expect(isTelling(groups(3_000, 4, 3), 9_000)).toBe(true)
  expect(isTelling(groups(4, 4, 3), 9_000)).toBe(false)
  expect(isTelling(groups(1, 1), 2)).toBe(false)
  expect(isTelling(groups(8), 8)).toBe(false)
  expect(isTelling([], 0)).toBe(false)
})
