import { describe, expect, it } from 'vitest'
import { draftOf, scheduleOf, type Schedule, type StoredSchedule } from './schedule-form.ts'

const stored = (schedule: Schedule): StoredSchedule | null =>
  schedule === null ? null : { every: null, cron: null, timeZone: null, ...schedule }
const zone = 'Europe/Stockholm'

describe('a schedule', () => {
  it.each<[Schedule, string]>([
    [null, 'asked'],
    [{ every: 120 }, 'minutes'],
    [{ every: 90 }, 'minutes'],
    [{ every: 86_400 }, 'hours'],
    [{ cron: '5 6 * * *', timeZone: zone }, 'daily'],
    [{ cron: '30 18 * * 0', timeZone: 'UTC' }, 'weekly'],
    [{ cron: '*/15 8-17 * * 1-5', timeZone: zone }, 'cron'],
    [{ cron: '0 6 1 * *', timeZone: zone }, 'cron'],
  ])('%j is edited as %s and comes back the same', (schedule, kind) => {
    const draft = draftOf(stored(schedule), 'UTC')
    expect(draft.kind).toBe(kind)
    expect(scheduleOf(draft)).toEqual({ schedule })
  })

  it('that is too short is for the API to refuse', () => {
    expect(scheduleOf({ ...draftOf(null, zone), kind: 'minutes', minutes: '0.5' })).toEqual({ schedule: { every: 30 } })
  })

  it.each([
    ['minutes', 'minutes', 'soon'],
    ['hours', 'hours', ''],
    ['daily', 'time', ''],
    ['minutes', 'minutes', '999999999999'],
  ] as const)('by %s says what to write when %s is %j', (kind, field, text) => {
    expect(scheduleOf({ ...draftOf(null, zone), kind, [field]: text })).toMatchObject({ fault: expect.stringMatching(/^(Write|Choose)/) })
  })
})
