import { RecordError, type ExtractContext, type Page } from '@handover/sdk'
import { z } from 'zod'
import { lastMoment, readLine, startOf, valueLines } from './archive.ts'
import { CSV_TYPE, JSON_TYPE, linkOf, listOf, odd, type Entry } from './levels.ts'
import type { Settings } from './settings.ts'

const PAGE_SIZE = 5_000
const DAY_MS = 86_400_000

/** What a source remembers of a station: its number, name, and where its level is. */
export interface Place {
  readonly station: number
  readonly name: string
  readonly href: string
}

/** How far a station was read. Times are milliseconds since 1970, as SMHI writes them. */
const savedCursor = z.object({
  /** State of the archive that was read, and the last moment in it. */
  archive: z.object({ updated: z.number(), until: z.number() }).nullable(),
  /** State of the four months when they were last read. */
  months: z.number().nullable(),
  /** State of the months or of the day, whichever was read last. */
  recent: z.number().nullable(),
})
type Cursor = z.output<typeof savedCursor>

/**
 * Values of one station: the archive first, then what is newer. What the archive holds was checked by people, so nothing unchecked is put over it.
 * Of what is newer the last four months are read once a day, because they are corrected, and the last day in between.
 */
export async function* observations(context: ExtractContext<Settings>): AsyncGenerator<Page> {
  const { http, config, partition } = context
  const { href } = partition.value as Place
  const periods = new Map(listOf<Entry>(await http.json(href), 'period').map((period) => [period.key, period]))
  let cursor: Cursor = savedCursor.safeParse(context.cursor).data ?? { archive: null, months: null, recent: null }
  const archive = periods.get('corrected-archive')
  if (config.history && archive !== undefined && (cursor.archive === null || archive.updated !== cursor.archive.updated)) {
    for await (const page of archivePages(context, archive, cursor)) {
      cursor = (page.cursor as Cursor | undefined) ?? cursor
      yield page
    }
  }
  const [months, day] = [periods.get('latest-months'), periods.get('latest-day')]
  const isMonthsDue = months !== undefined && (cursor.months === null || months.updated - cursor.months >= DAY_MS)
  const recent = isMonthsDue ? months : (day ?? months)
  if (recent === undefined || recent.updated === cursor.recent) return
  const { value, request } = await recentValues(context, recent)
  const until = cursor.archive?.until ?? -Infinity
  const end = { ...cursor, recent: recent.updated, months: recent === months ? recent.updated : cursor.months }
  yield { records: value.filter((one) => !(momentOf(one) <= until)).map((one) => ({ ...placed(context), ...one })), cursor: end, request }
}

/** A value as SMHI sends it: at a moment, or for the day or month `ref`. */
interface RecentValue {
  readonly date?: number
  readonly ref?: string
  readonly value?: unknown
  readonly quality?: string | null
}

/** One value of one station, as the lake keeps it: recent ones as SMHI sends them, those of the archive as their line in the file. */
export type Observation = Omit<Place, 'href'> & (RecentValue | { readonly csv: string })

async function recentValues(
  { http }: ExtractContext<Settings>,
  period: Entry,
): Promise<{ value: readonly RecentValue[]; request: string }> {
  const [data] = listOf<Entry>(await http.json(linkOf(period, JSON_TYPE)), 'data')
  const href = linkOf(data, JSON_TYPE)
  // A station that was silent all the time has null in place of the list.
  const { value } = ((await http.json(href)) ?? {}) as { readonly value?: readonly (RecentValue | null)[] | null }
  if (value !== null && !Array.isArray(value)) throw odd('The answer has no list "value".')
  return { value: (value ?? []).filter((one) => one !== null), request: `GET ${href}` }
}

async function* archivePages(context: ExtractContext<Settings>, period: Entry, cursor: Cursor): AsyncGenerator<Page> {
  const [data] = listOf<Entry>(await context.http.json(linkOf(period, JSON_TYPE)), 'data')
  const href = linkOf(data, CSV_TYPE)
  const lines = valueLines((await context.http.get(href)).text)
  const end: Cursor = { ...cursor, archive: { updated: period.updated, until: lastMoment(lines) } }
  for (let from = 0; from === 0 || from < lines.length; from += PAGE_SIZE) {
    const records = lines.slice(from, from + PAGE_SIZE).map((csv) => ({ ...placed(context), csv }))
    const isLast = from + PAGE_SIZE >= lines.length
    yield { records, request: `GET ${href}`, ...(isLast && { cursor: { ...end } }) }
  }
}

function placed({ partition }: ExtractContext<Settings>): Omit<Place, 'href'> {
  const { station, name } = partition.value as Place
  return { station, name }
}

const momentOf = ({ date, ref }: RecentValue): number => date ?? Date.parse(startOf(ref ?? ''))

/** Makes the row of one value. */
export function observationRow(raw: Observation): Record<string, unknown> {
  const { station, name } = raw
  const { time, value, quality } = 'csv' in raw ? readLine(raw.csv) : { ...raw, time: raw.date ?? startOf(raw.ref ?? '') }
  return { station, name, time, value: numberOf(value), quality: quality === '' ? null : quality }
}

/** SMHI writes numbers as text, and nothing where a station was silent. */
function numberOf(value: unknown): number | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'number') return value
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  throw new RecordError('The value is no number.')
}
