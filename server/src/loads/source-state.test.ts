import { describe, expect, it } from 'vitest'
import { Load, type LoadState } from './load.entity.ts'
import { sourceState, type SourceFacts } from './source-state.ts'

const now = new Date('2026-03-01T12:00:00.000Z')
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000)

const load = (state: LoadState, minutesAgo: number, more: Partial<Load> = {}): Load =>
  Object.assign(new Load(), {
    state,
    queuedAt: ago(minutesAgo),
    startedAt: ago(minutesAgo),
    finishedAt: ago(minutesAgo),
    plannedAt: null,
    retryAt: null,
    errorMessage: null,
    ...more,
  })

const facts = (more: Partial<SourceFacts> = {}): SourceFacts => {
  const success = load('succeeded', 5)
  const lasts = { active: null, lastEnded: success, lastSuccess: success }
  return {
    title: 'Queue times',
    schedule: { every: 600 },
    paused: false,
    createdAt: ago(90),
    updatedAt: ago(60),
    ...lasts,
    nextAt: ago(-5),
    setAside: 0,
    setAsideSince: null,
    now,
    ...more,
  }
}

describe('the state of a source', () => {
  it.each<[string, Partial<SourceFacts>, string, Date, string]>([
    ['on time', {}, 'ON_TIME', ago(5), 'Queue times is on time. Loaded 5 minutes ago, next in 5 minutes.'],
    [
      'without a schedule',
      { schedule: null, nextAt: null },
      'ON_TIME',
      ago(5),
      'Queue times is as asked. Loaded 5 minutes ago. Only when somebody asks for it.',
    ],
    [
      'never loaded',
      { lastEnded: null, lastSuccess: null },
      'NEVER_LOADED',
      ago(90),
      'Queue times has not been loaded yet. Its first load starts in 5 minutes.',
    ],
    ['queued', { active: load('queued', 1, { startedAt: null }) }, 'LOADING', ago(1), 'Queue times is about to load.'],
    ['running', { active: load('running', 1) }, 'LOADING', ago(1), 'Queue times is loading now.'],
    ['paused', { paused: true, nextAt: null }, 'PAUSED', ago(60), 'Queue times is paused. It loads only when somebody asks for it.'],
    [
      'with a row set aside',
      { setAside: 1, setAsideSince: ago(30) },
      'SET_ASIDE',
      ago(30),
      'Queue times is loaded, and 1 row is set aside because it does not fit the rules. All other rows are there. Have a look at what is set aside.',
    ],
    [
      'with rows set aside',
      { setAside: 1200 },
      'SET_ASIDE',
      ago(5),
      'Queue times is loaded, and 1,200 rows are set aside because they do not fit the rules. All other rows are there. Have a look at what is set aside.',
    ],
    [
      'failed, with a retry',
      { lastEnded: load('failed', 2, { errorMessage: 'The source did not answer.', retryAt: ago(-3) }) },
      'FAILED',
      ago(2),
      'Queue times could not be loaded. The source did not answer. Handover tries again by itself in 3 minutes. There is nothing for you to do.',
    ],
    [
      'failed for good',
      { lastEnded: load('failed', 2, { errorMessage: 'The token is wrong.' }) },
      'FAILED',
      ago(2),
      'Queue times could not be loaded. The token is wrong. The rows of before are still here. The next load starts in 5 minutes.',
    ],
    [
      'held',
      { lastEnded: load('held', 2, { errorMessage: 'It would remove 11 of 20 rows.' }) },
      'HELD',
      ago(2),
      'Queue times waits for you. It would remove 11 of 20 rows.',
    ],
    [
      'held, and answered by a person',
      { lastEnded: load('held', 120, { answer: 'kept', plannedAt: ago(120) }), lastSuccess: load('succeeded', 180) },
      'ON_TIME',
      ago(180),
      'Queue times is on time. Loaded 3 hours ago, next in 5 minutes.',
    ],
  ])('is said in plain words: %s', (_, given, state, since, text) => {
    expect(sourceState(facts(given))).toEqual({ state, since, text })
  })

  it('is late once a planned time has passed by more than a minute and a tenth of the interval', () => {
    const late = (minutes: number, every: number) =>
      sourceState(facts({ schedule: { every }, nextAt: ago(minutes), lastSuccess: load('succeeded', minutes + 10) })).state
    expect([late(0.9, 120), late(1.1, 120)]).toEqual(['ON_TIME', 'LATE'])
    expect([late(5.9, 3600), late(6.1, 3600)]).toEqual(['ON_TIME', 'LATE'])
    const cron = (minutes: number) =>
      sourceState(
        facts({ schedule: { cron: '0 * * * *', timeZone: 'UTC' }, nextAt: now, now: ago(-minutes), lastSuccess: load('succeeded', 60) }),
      ).state
    expect([cron(5), cron(7)]).toEqual(['ON_TIME', 'LATE'])
  })

  it('says since when it is late, and that there is nothing to do', () => {
    const { since, text } = sourceState(facts({ nextAt: ago(20), lastSuccess: load('succeeded', 30) }))
    expect(since).toEqual(ago(20))
    expect(text).toBe(
      'Queue times is late: it was due 20 minutes ago. Handover loads it as soon as it can. There is nothing for you to do.',
    )
  })

  it('is late when the load of a planned time was cancelled and nothing was loaded since, and not when it was', () => {
    const planned = load('failed', 10, { state: 'succeeded', plannedAt: ago(10) })
    expect(sourceState(facts({ lastEnded: planned, lastSuccess: load('succeeded', 60) })).state).toBe('LATE')
    expect(sourceState(facts({ lastEnded: planned, lastSuccess: load('succeeded', 9) })).state).toBe('ON_TIME')
  })

  it('puts what needs a person before what does not', () => {
    const held = load('held', 1)
    expect(sourceState(facts({ lastEnded: held, paused: true, setAside: 3 })).state).toBe('HELD')
    expect(sourceState(facts({ lastEnded: held, active: load('running', 0) })).state).toBe('LOADING')
    expect(sourceState(facts({ lastEnded: load('failed', 1), paused: true, setAside: 3 })).state).toBe('FAILED')
    expect(sourceState(facts({ nextAt: ago(20), lastSuccess: load('succeeded', 30), setAside: 3 })).state).toBe('LATE')
  })
})
