import { ConfigError } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { nextRun, runsBetween, validateSchedule, type Schedule } from './schedule-rule.ts'

const at = (text: string) => new Date(text)
const times = (dates: readonly Date[]) => dates.map((date) => date.toISOString().replace(':00.000Z', 'Z'))

describe('an interval', () => {
  const every = { every: 120 }

  it('counts on from the time planned last and never drifts, however late it ran', () => {
    expect(nextRun(every, at('2026-03-01T10:02:07.513Z'), at('2026-03-01T10:02:00Z'))).toEqual(at('2026-03-01T10:04:00Z'))
  })

  it('collapses missed runs into the next one', () => {
    expect(nextRun(every, at('2026-03-04T09:59:59Z'), at('2026-03-01T10:00:00Z'))).toEqual(at('2026-03-04T10:00:00Z'))
  })

  it('is due later than now, never now', () => {
    expect(nextRun(every, at('2026-03-01T10:04:00Z'), at('2026-03-01T10:00:00Z'))).toEqual(at('2026-03-01T10:06:00Z'))
  })

  it('begins one interval from now when nothing was planned yet', () => {
    expect(nextRun(every, at('2026-03-01T10:00:01.500Z'), null)).toEqual(at('2026-03-01T10:02:01.500Z'))
  })
})

describe('a cron line', () => {
  const stockholm = (cron: string) => ({ cron, timeZone: 'Europe/Stockholm' })
  const next = (schedule: Schedule, from: string, count: number) =>
    times(runsBetween(schedule, at(from), at('2027-12-31T00:00:00Z'), at(from), count))

  it('runs at the first moment after the hour that spring leaves out, in Stockholm', () => {
    expect(next(stockholm('30 2 * * *'), '2026-03-28T12:00:00Z', 3)).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
      '2026-03-31T00:30Z',
    ])
  })

  it('runs once in the hour that comes twice in autumn, in Stockholm', () => {
    expect(next(stockholm('30 2 * * *'), '2026-10-24T12:00:00Z', 3)).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
      '2026-10-27T01:30Z',
    ])
  })

  it('treats a list of hours like a single one', () => {
    expect(next(stockholm('30 2,14 * * *'), '2026-03-28T14:00:00Z', 2)).toEqual(['2026-03-29T01:00Z', '2026-03-29T12:30Z'])
    expect(next(stockholm('30 2,14 * * *'), '2026-10-24T14:00:00Z', 2)).toEqual(['2026-10-25T00:30Z', '2026-10-25T13:30Z'])
  })

  it('keeps to the clock on the wall on both sides of a change', () => {
    expect(next(stockholm('0 6 * * *'), '2026-03-28T00:00:00Z', 2)).toEqual(['2026-03-28T05:00Z', '2026-03-29T04:00Z'])
  })

  it('goes on every half hour through the hour that comes twice', () => {
    const expected = ['2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z', '2026-10-25T02:00Z']
    expect(next(stockholm('*/30 * * * *'), '2026-10-24T23:45:00Z', 5)).toEqual(expected)
  })

  it('takes the half-hour changes of Lord Howe', () => {
    const lordHowe = (cron: string) => ({ cron, timeZone: 'Australia/Lord_Howe' })
    expect(next(lordHowe('15 2 * * *'), '2026-10-02T13:00:00Z', 3)).toEqual(['2026-10-02T15:45Z', '2026-10-03T15:30Z', '2026-10-04T15:15Z'])
    expect(next(lordHowe('45 1 * * *'), '2026-04-03T13:00:00Z', 3)).toEqual(['2026-04-03T14:45Z', '2026-04-04T14:45Z', '2026-04-05T15:15Z'])
  })
})

describe('runsBetween', () => {
  it('gives every planned time from the first moment up to the last, which is left out', () => {
    const runs = runsBetween({ every: 3600 }, at('2026-03-01T08:30:00Z'), at('2026-03-01T11:30:00Z'), at('2026-03-01T09:30:00Z'))
    expect(times(runs)).toEqual(['2026-03-01T08:30Z', '2026-03-01T09:30Z', '2026-03-01T10:30Z'])
  })

  it('stops at the limit', () => {
    expect(runsBetween({ every: 60 }, at('2026-03-01T00:00:00Z'), at('2027-03-01T00:00:00Z'), at('2026-03-01T00:00:00Z'))).toHaveLength(400)
  })

  it('is empty for a source that loads only when asked', () => {
    expect(runsBetween(null, at('2026-03-01T00:00:00Z'), at('2027-03-01T00:00:00Z'), at('2026-03-01T00:00:00Z'))).toEqual([])
  })
})

describe('validateSchedule', () => {
  const right: Schedule[] = [
    null,
    { every: 60 },
    { every: 86_400 },
    { cron: '0 6 * * 1-5', timeZone: 'UTC' },
    { cron: ' */5 * * * * ', timeZone: 'Asia/Kathmandu' },
  ]
  it.each(right.map((schedule) => [schedule]))('takes %j', (schedule) => {
    expect(() => validateSchedule(schedule)).not.toThrow()
  })

  const wrong: [unknown, field: string][] = [
    [{ every: 59 }, 'every'],
    [{ every: 90.5 }, 'every'],
    [{ every: '120' }, 'every'],
    [{ every: 1e12 }, 'every'],
    [{ every: 120, cron: '* * * * *' }, 'every'],
    [{ evry: 120 }, 'evry'],
    [{}, 'cron'],
    [{ cron: '0 6 * *', timeZone: 'UTC' }, 'cron'],
    [{ cron: '* * * * * *', timeZone: 'UTC' }, 'cron'],
    [{ cron: '@daily', timeZone: 'UTC' }, 'cron'],
    [{ cron: '61 * * * *', timeZone: 'UTC' }, 'cron'],
    [{ cron: 'every day at 6 o', timeZone: 'UTC' }, 'cron'],
    [{ cron: '0 0 30 2 *', timeZone: 'UTC' }, 'cron'],
    [{ cron: '0 6 * * *' }, 'timeZone'],
    [{ cron: '0 6 * * *', timeZone: 'Europe/Gothenburg' }, 'timeZone'],
    [{ cron: '0 6 * * *', timeZone: '+02:00' }, 'timeZone'],
    ['every day', 'schedule'],
  ]
  it.each(wrong)('refuses %j and names %s', (schedule, field) => {
    const refused = (): unknown => {
      try {
        return validateSchedule(schedule as Schedule)
      } catch (error) {
        return error
      }
    }
    expect(refused()).toBeInstanceOf(ConfigError)
    expect((refused() as ConfigError).fields.map(({ name }) => name)).toEqual([field])
  })
})
