import { expect, it } from 'vitest'
import type { SourceState } from './types.ts'
import { verdict } from './verdict.ts'

const cases: [SourceState[], string][] = [
  [[], 'There is no source yet.'],
  [['ON_TIME'], 'One source is on time.'],
  [['ON_TIME', 'LOADING'], 'Two sources are on time.'],
  [['LATE', 'ON_TIME'], 'One of two sources is late.'],
  [['FAILED', 'FAILED'], 'Both sources failed.'],
  [['HELD'], 'The one source waits for you.'],
  [['LATE', 'LATE', 'LATE'], 'All three sources are late.'],
  [['NEVER_LOADED', 'ON_TIME', 'NEVER_LOADED'], 'Two of three sources have not been loaded yet.'],
  [['ON_TIME', 'ON_TIME', 'ON_TIME', 'ON_TIME', 'LATE', 'HELD'], 'Four of six sources are on time. One is late, and one waits for you.'],
  [['ON_TIME', 'LATE', 'FAILED', 'HELD'], 'One of four sources is on time. One failed, one is late, and one waits for you.'],
  [['LATE', 'FAILED'], 'One of two sources failed, and one is late.'],
  [['SET_ASIDE', 'ON_TIME'], 'One of two sources set rows aside.'],
  [['PAUSED', 'PAUSED', 'ON_TIME'], 'Two of three sources are paused.'],
]

it.each(cases)('says of %j: %s', (states, sentence) => expect(verdict(states)).toBe(sentence))
