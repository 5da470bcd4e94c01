/** A schedule as the API takes it; null: only when somebody asks. */
export type Schedule = { every: number } | { cron: string; timeZone: string } | null

/** A schedule as the API gives it. */
export interface StoredSchedule {
  every: number | null
  cron: string | null
  timeZone: string | null
}

/** The ways in which a person says when. */
export type ScheduleKind = 'hours' | 'daily' | 'minutes' | 'weekly' | 'cron' | 'asked'

/** What stands in the fields of the schedule; fields of other ways keep what was typed. */
export interface ScheduleDraft {
  kind: ScheduleKind
  minutes: string
  hours: string
  /** `06:00` */
  time: string
  /** Sunday is 0. */
  weekday: string
  cron: string
  timeZone: string
}

const HOUR = 3600
const MINUTE = 60

/** What a schedule form begins with: a schedule, or every day at six in the reader's zone. */
export function draftOf(schedule: StoredSchedule | null, timeZone: string): ScheduleDraft {
  const draft: ScheduleDraft = { kind: 'asked', minutes: '15', hours: '1', time: '06:00', weekday: '1', cron: '0 6 * * *', timeZone }
  if (schedule?.every) return ofInterval(draft, schedule.every)
  return schedule?.cron ? ofCron({ ...draft, timeZone: schedule.timeZone ?? timeZone }, schedule.cron.trim()) : draft
}

function ofInterval(draft: ScheduleDraft, seconds: number): ScheduleDraft {
  if (seconds % HOUR === 0) return { ...draft, kind: 'hours', hours: String(seconds / HOUR) }
  return { ...draft, kind: 'minutes', minutes: String(seconds / MINUTE) }
}

function ofCron(draft: ScheduleDraft, cron: string): ScheduleDraft {
  const parts = /^(\d{1,2}) +(\d{1,2}) +\* +\* +(\*|[0-6])$/.exec(cron)
  if (!parts) return { ...draft, kind: 'cron', cron }
  const time = `${parts[2]!.padStart(2, '0')}:${parts[1]!.padStart(2, '0')}`
  return parts[3] === '*' ? { ...draft, kind: 'daily', time, cron } : { ...draft, kind: 'weekly', time, weekday: parts[3]!, cron }
}

/** The schedule that the fields say, or the sentence to put beside them. What it is worth is for the API to say. */
export function scheduleOf(draft: ScheduleDraft): { schedule: Schedule } | { fault: string } {
  switch (draft.kind) {
    case 'asked':
      return { schedule: null }
    case 'minutes':
      return intervalOf(draft.minutes, MINUTE, 'Write how many minutes, for example 15.')
    case 'hours':
      return intervalOf(draft.hours, HOUR, 'Write how many hours, for example 6.')
    case 'cron':
      return { schedule: { cron: draft.cron, timeZone: draft.timeZone } }
    default:
      return timeOf(draft)
  }
}

function intervalOf(text: string, unit: number, fault: string): { schedule: Schedule } | { fault: string } {
  const seconds = Math.round(Number(text) * unit)
  return text.trim() === '' || !Number.isSafeInteger(seconds) || seconds > 2 ** 31 ? { fault } : { schedule: { every: seconds } }
}

function timeOf({ kind, time, weekday, timeZone }: ScheduleDraft): { schedule: Schedule } | { fault: string } {
  const parts = /^(\d{2}):(\d{2})/.exec(time)
  if (!parts) return { fault: 'Choose a time of day, for example 06:00.' }
  const cron = `${Number(parts[2])} ${Number(parts[1])} * * ${kind === 'weekly' ? weekday : '*'}`
  return { schedule: { cron, timeZone } }
}

/** The field at which a fault of the API stands, for the way that is chosen; `when` is the one field of the way. */
export const placeOfFault = (name: string): 'when' | 'timeZone' => (name === 'timeZone' ? 'timeZone' : 'when')
