import { expect, it } from 'vitest'
import { byUrgency, sourcesVerdict } from './sources-verdict.ts'
import type { SourceState } from './types.ts'

it.each<[SourceState[], string]>([
  [[], 'No source yet'],
  [['ON_TIME'], 'One source. It is on time'],
  [['ON_TIME', 'LOADING'], 'Two sources. Both are on time'],
  [['ON_TIME', 'LATE'], 'Two sources. One needs a look'],
  [['HELD', 'FAILED', 'ON_TIME', 'SET_ASIDE'], 'Four sources. Two need a look'],
  [['SET_ASIDE', 'ON_TIME', 'ON_TIME'], 'Three sources. One has rows set aside'],
  [['PAUSED', 'PAUSED'], 'Two sources. Both are paused'],
  [['NEVER_LOADED', 'ON_TIME'], 'Two sources. One has not been loaded yet'],
])('says of %j: %s', (states, said) => {
  expect(sourcesVerdict(states)).toBe(said)
})

it('puts those first that need a person', () => {
  const states = (['PAUSED', 'ON_TIME', 'LATE', 'HELD'] as const).map((state) => ({ state }))
  expect(byUrgency(states).map(({ state }) => state)).toEqual(['HELD', 'LATE', 'ON_TIME', 'PAUSED'])
})
