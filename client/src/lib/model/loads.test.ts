import { describe, expect, it } from 'vitest'
import { Format } from './format.ts'
import {
  afterFailure,
  ago,
  badgeOf,
  balancesSoFar,
  exactLine,
  heading,
  isActive,
  listHeading,
  rate,
  rowsChanged,
  setAside,
  toldBalances,
  took,
  tookShort,
  type LiveLoad,
} from './loads.ts'
import type { Balance } from './types.ts'

const format = new Format({ locale: 'en-GB', timeZone: 'UTC' })
const now = new Date('2026-03-01T12:01:11.000Z')

const balance = (dataset: string, more: Partial<Balance> = {}): Balance => ({
  ...{ dataset, read: 10, transformed: 8, filtered: 1, quarantinedRecords: 1, made: 8, inserted: 2, updated: 3, unchanged: 1 },
  ...{ superseded: 1, quarantinedRows: 1, removed: 4, rowsAfter: null, rowsBefore: null, rowsOffered: null, balances: true },
  ...more,
})

const load = (more: Partial<LiveLoad> = {}): LiveLoad => ({
  ...{ id: '1', trigger: 'PERSON', state: 'RUNNING', plannedAt: null, queuedAt: '2026-03-01T12:00:00.000Z' },
  ...{ startedAt: '2026-03-01T12:00:00.000Z', finishedAt: null, retryAt: null, attempt: 1, error: null, pages: 1, records: 15, bytes: 9 },
  ...{ balance: [balance('a')], checked: 10, stage: 'CHECK', waits: false, answer: null, answeredAt: null },
  ...more,
})

describe('a load in words', () => {
  it('counts what it did over all tables', () => {
    const both = load({ balance: [balance('a'), balance('b')] })
    expect([rowsChanged(both), setAside(both)]).toEqual([18, 4])
  })

  it('says how long it took, or has run', () => {
    expect(took(load({ finishedAt: '2026-03-01T12:00:00.400Z' }), format)).toBe('less than a second')
    expect(took(load({ finishedAt: '2026-03-01T12:01:11.000Z' }), format)).toBe('71 seconds')
    expect(took(load(), format, now)).toBe('71 seconds')
    expect([took(load(), format), took(load({ startedAt: null }), format, now)]).toEqual(['', ''])
    expect([ago('2026-03-01T12:01:00.000Z', format, now), ago('2026-03-01T09:00:00.000Z', format, now)]).toEqual([
      'just now',
      '3 hours ago',
    ])
  })

  it('says the same shorter in a table', () => {
    const short = (finishedAt: string | null) => tookShort(load({ finishedAt }), format)
    expect([short('2026-03-01T12:00:00.400Z'), short('2026-03-01T12:01:11.000Z'), short('2026-03-01T12:04:06.000Z'), short(null)]).toEqual([
      '0.4 secs',
      '71 secs',
      '4.1 mins',
      '–',
    ])
  })

  it('says a rate only when there is one', () => {
    expect(rate(load({ records: 7100 }), now)).toBe(100)
    expect(rate(load(), new Date('2026-03-01T12:00:01.000Z'))).toBeNull()
    expect(rate(load({ records: 0 }), now)).toBeNull()
  })

  it.each([
    [{ state: 'QUEUED' }, 'Quakes is about to load'],
    [{}, 'Quakes is loading'],
    [{ state: 'SUCCEEDED', finishedAt: now.toISOString() }, 'Quakes was loaded in 71 seconds'],
    [{ state: 'FAILED' }, 'Quakes could not be loaded'],
    [{ state: 'CANCELLED' }, 'This load of Quakes was stopped'],
    [{ state: 'HELD', waits: true }, 'A load of Quakes waits for you'],
    [{ state: 'HELD' }, 'This load of Quakes was held, and later ones took its place'],
    [{ state: 'HELD', answer: 'KEPT' }, 'You kept the rows of Quakes'],
    [{ state: 'HELD', answer: 'ACCEPTED' }, 'You took the new list of Quakes'],
  ] as const)('has a heading that is the answer: %o', (more, text) => {
    expect(heading(load(more), 'Quakes', format)).toBe(text)
  })

  it('says after a failure what is safe and what to do', () => {
    expect(afterFailure(load({ retryAt: '2026-03-01T12:05:00.000Z' }), false, format, now)).toContain(
      'tries again by itself at 12:05 today',
    )
    expect(afterFailure(load({ retryAt: '2026-03-01T12:00:00.000Z' }), false, format, now)).toContain('Run it again')
    expect(afterFailure(load(), true, format, now)).toContain('Another load has begun since')
  })

  it('shows an engineer the fields of a line', () => {
    const line = { at: '', level: 'warning', message: 'Slow down.', fields: { after: 3, url: 'x/y' } }
    expect(exactLine(line)).toBe('[warning] Slow down. after=3 url=x/y')
    expect(exactLine({ ...line, level: 'info', fields: null })).toBe('Slow down.')
  })
})

describe('the balance while a load runs', () => {
  it('counts as read what is still in the checks, for the tables that are being loaded', () => {
    const [done, open] = balancesSoFar(load({ balance: [balance('a', { rowsAfter: 5 }), balance('b')] }))
    expect([done?.read, open?.read]).toEqual([10, 15])
  })

  it('is what is stored once the load has ended, and when more was checked than fetched', () => {
    for (const one of [load({ state: 'SUCCEEDED' }), load({ checked: 20 })]) expect(balancesSoFar(one)).toBe(one.balance)
    expect([isActive(load()), isActive(load({ state: 'HELD' }))]).toEqual([true, false])
  })
})

describe('how all loads stand', () => {
  it.each([
    [[1, 0, 3, 9], 'One load waits for you'],
    [[2, 1, 0, 9], 'Two loads wait for you, and one load is running'],
    [[0, 14, 0, 9], '14 loads are running'],
    [[0, 0, 1, 9], 'One load failed today'],
    [[0, 0, 0, 9], 'Every load of today went well'],
    [[0, 0, 0, 0], 'No load has run today'],
  ] as const)('%o', ([waiting, active, failedToday, today], text) => {
    expect(listHeading({ waiting, active, failedToday, today })).toBe(text)
  })
})

it('lets a held load wait only as long as somebody has to answer it', () => {
  const held = (more: Partial<LiveLoad>) => badgeOf(load({ state: 'HELD', ...more }))
  expect(held({ waits: true })).toEqual({ state: 'HELD' })
  expect(held({})).toEqual({ state: 'PASSED' })
  expect(held({ answer: 'KEPT' })).toEqual({ state: 'HELD', word: 'Rows kept' })
  expect(badgeOf(load())).toEqual({ state: 'RUNNING' })
})

it('leaves balances of nothing but zeros out of a load that failed', () => {
  const nothing = balance('b', { read: 0, made: 0, removed: 0 })
  const told = (more: Partial<LiveLoad>) =>
    toldBalances(load({ balance: [balance('a'), nothing], checked: 15, ...more })).map(({ dataset }) => dataset)
  expect(told({ state: 'FAILED' })).toEqual(['a'])
  expect(told({ state: 'SUCCEEDED' })).toEqual(['a', 'b'])
  expect(told({ state: 'RUNNING' })).toEqual(['a', 'b'])
})
