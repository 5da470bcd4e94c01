import { error } from '@sveltejs/kit'
import type { Schedule } from '../model/schedule-form.ts'
import type { Values } from '../model/settings-form.ts'

/** What the pages send about a source that is being filled in. */
export interface SentDraft {
  connector: string
  values: Values
  slug?: string
  title?: string
  schedule?: unknown
}

/** Reads what a page sent; 400 for what no page sends. */
export async function readDraft(request: Request): Promise<SentDraft> {
  const sent = (await request.json().catch(() => null)) as Partial<Record<keyof SentDraft, unknown>> | null
  const { connector, values, slug, title, schedule } = sent ?? {}
  if (typeof connector !== 'string' || !isValues(values))
    error(400, { message: 'A source is filled in with its connector and its settings.' })
  return { connector, values, schedule, ...(typeof slug === 'string' && { slug }), ...(typeof title === 'string' && { title }) }
}

/** A schedule as the API takes it; anything else is left for the API to refuse. */
export function readSchedule(sent: unknown): Schedule {
  const { every, cron, timeZone } = (sent ?? {}) as { every?: number; cron?: string; timeZone?: string }
  if (every !== undefined) return { every }
  return cron === undefined ? null : { cron, timeZone: timeZone ?? '' }
}

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => each === null || typeof each === 'string')
