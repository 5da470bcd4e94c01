import { expect, it } from 'vitest'
import type { Schedule } from './schedule-rule.ts'
import { describeSchedule } from './schedule-words.ts'

const stockholm = (cron: string) => ({ cron, timeZone: 'Europe/Stockholm' })

const said: [Schedule, string][] = [
  [null, 'Only when somebody asks for it'],
  [{ every: 60 }, 'Every minute'],
  [{ every: 120 }, 'Every 2 minutes'],
  [{ every: 90 }, 'Every 90 seconds'],
  [{ every: 3600 }, 'Every hour'],
  [{ every: 86_400 }, 'Every day'],
  [{ every: 7 * 86_400 }, 'Every week'],
  [stockholm('0 6 * * *'), 'Every day at 06:00, Stockholm time'],
  [stockholm(' 5  6 * * 1-5'), 'Monday to Friday at 06:05, Stockholm time'],
  [stockholm('0 6 * * 7'), 'Every Sunday at 06:00, Stockholm time'],
  [stockholm('0 6 1 * *'), 'On day 1 of every month at 06:00, Stockholm time'],
  [stockholm('5 * * * *'), 'Every hour at 05 minutes past, Stockholm time'],
  [stockholm('*/15 * * * *'), 'Every 15 minutes, Stockholm time'],
  [stockholm('*/7 * * * *'), 'By the cron line "*/7 * * * *", Stockholm time'],
  [stockholm('0 6 1 * 1'), 'By the cron line "0 6 1 * 1", Stockholm time'],
  [{ cron: '0 6 * 2 *', timeZone: 'UTC' }, 'By the cron line "0 6 * 2 *", UTC'],
  [{ cron: '0 6 * * *', timeZone: 'America/Argentina/Buenos_Aires' }, 'Every day at 06:00, Buenos Aires time'],
]

it.each(said)('says %j as "%s"', (schedule, words) => {
  expect(describeSchedule(schedule)).toBe(words)
})
