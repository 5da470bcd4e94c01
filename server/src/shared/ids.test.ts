import { expect, test } from 'vitest'
import { newId } from './ids.ts'

test('are UUIDs of version 7 that sort by the time they were made', () => {
  const ids = [0, 1, 255, 256, 1_764_000_000_000, 2 ** 47].map((time) => newId(time))
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(ids.toSorted()).toEqual(ids)
  // The example of RFC 9562, appendix A.6.
  expect(newId(0x017f22e279b0)).toMatch(/^017f22e2-79b0-7/)
})

test('are never the same, also within one millisecond', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => newId(5))).size).toBe(10_000)
})
