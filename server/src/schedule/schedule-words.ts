import type { Schedule } from './schedule-rule.ts'

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [7 * 24 * 3600, 'week'],
  [24 * 3600, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
]

/** A schedule as a person would say it, without a full stop: "Every 2 minutes", "Every day at 06:00, Stockholm time". */
export function describeSchedule(schedule: Schedule): string {
  if (schedule === null) return 'Only when somebody asks for it'
  if ('cron' in schedule) return `${describeCron(schedule.cron.trim())}, ${describeTimeZone(schedule.timeZone)}`
  const [size, name] = UNITS.find(([seconds]) => schedule.every % seconds === 0)!
  const times = schedule.every / size
  return times === 1 ? `Every ${name}` : `Every ${times} ${name}s`
}

/** Says the common shapes in words and leaves the others as they are: half a sentence that is wrong would be worse. */
function describeCron(cron: string): string {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.split(/\s+/)
  const daily = day === '*' && month === '*' && weekday === '*'
  if (daily && hour === '*' && minute === '*') return 'Every minute'
  if (daily && hour === '*' && /^\*\/\d+$/.test(minute) && 60 % Number(minute.slice(2)) === 0) return `Every ${minute.slice(2)} minutes`
  if (daily && hour === '*' && /^\d+$/.test(minute)) return `Every hour at ${minute.padStart(2, '0')} minutes past`
  if (/^\d+$/.test(minute) && /^\d+$/.test(hour)) {
    const days = describeDays(day, month, weekday)
    if (days !== null) return `${days} at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  }
  return `By the cron line "${cron}"`
}

function describeDays(day: string, month: string, weekday: string): string | null {
  if (month !== '*') return null
  if (day === '*' && weekday === '*') return 'Every day'
  if (day === '*' && weekday === '1-5') return 'Monday to Friday'
  if (day === '*' && /^[0-7]$/.test(weekday)) return `Every ${WEEKDAYS[Number(weekday)]}`
  if (/^\d+$/.test(day) && weekday === '*') return `On day ${Number(day)} of every month`
  return null
}

function describeTimeZone(timeZone: string): string {
  const city = timeZone.split('/').at(-1)!.replaceAll('_', ' ')
  return timeZone.includes('/') ? `${city} time` : timeZone
}
