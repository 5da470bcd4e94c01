import { expect, it } from 'vitest'
import { gathered } from './gathered.ts'

it('asks once for all keys of a turn, and anew in the next', async () => {
  const asked: string[][] = []
  const get = gathered(async (keys) => {
    asked.push(keys)
    return new Map(keys.filter((key) => key !== 'none').map((key) => [key, key.toUpperCase()]))
  })
  expect(await Promise.all(['a', 'b', 'a', 'none'].map(get))).toEqual(['A', 'B', 'A', undefined])
  expect(await get('c')).toBe('C')
  expect(asked).toEqual([['a', 'b', 'none'], ['c']])
})
