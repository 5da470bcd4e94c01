import {
  ConfigError,
  SourceError,
  type ExtractContext,
  type Http,
  type HttpPage,
  type Page,
  type PageStep,
  type Query,
} from '@handover/sdk'
import { z } from 'zod'
import type { Config } from './settings.ts'

const ADDRESS = 'https://earthquake.usgs.gov/fdsnws/event/1'
const PAGE_SIZE = 2_000

/** The source refuses questions that more events than this answer. */
const MOST_PER_QUESTION = 20_000
const SHORTEST_MS = 1_000

/** A change may be some minutes old before it can be found. What is read again because of that changes nothing. */
const LOOK_BACK_MS = 10 * 60_000

/** The end of the year 9999, in milliseconds. */
const LAST_MS = 253_402_300_799_999

/** Time of the events, in milliseconds, both ends included. */
interface Span {
  readonly from: number
  readonly until: number
}

const moment = z.int().min(-LAST_MS).max(LAST_MS)

/**
 * Where a load goes on; one that does not look like this begins anew. A sweep goes through all events that changed, in the order of their own
 * time.
 */
const cursorShape = z.object({
  /** The settings that were asked with; others begin anew. */
  of: z.string(),
  /** Only what changed after this moment is asked for; null at the first load. */
  after: moment.nullable(),
  /** Null when the last sweep came to its end, else how far it came and when it began by the clock of the source. */
  sweep: z.object({ from: moment, began: moment }).nullable(),
})

/** All that changed since the last load, from the oldest event to the newest. */
export async function* events({ http, config, cursor, now }: ExtractContext<Config>): AsyncGenerator<Page> {
  const of = JSON.stringify(config)
  const last = cursorShape.safeParse(cursor).data
  const { after, sweep } = last?.of === of ? last : { after: null, sweep: null }
  const from = sweep?.from ?? Date.parse(config.since)
  let reached = from
  let began = sweep?.began ?? null
  for await (const page of pagesOf(http, config, { from, until: now().getTime() }, after)) {
    began ??= generatedAt(page)
    const records: readonly unknown[] = page.body.features
    reached = records.map(timeOf).reduce(laterOf, reached)
    yield { records, cursor: { of, after, sweep: { from: reached, began } }, request: page.request }
  }
  if (began !== null) yield { records: [], cursor: { of, after: began - LOOK_BACK_MS, sweep: null } }
}

const laterOf = (one: number, other: number): number => Math.max(one, other)

/** When an event began; one that does not say so moves nothing on, and is set aside later. */
function timeOf(event: unknown): number {
  const time = (event as { readonly properties?: { readonly time?: unknown } } | null)?.properties?.time
  return moment.safeParse(time).data ?? -LAST_MS
}

/** How many events there are. Throws a `SourceError` when the answer is no number. */
export async function countOf(http: Http, config: Config, span: Span, after: number | null): Promise<number> {
  const { count } = (await http.at(ADDRESS).json('/count', { query: queryOf(config, span, after) })) ?? {}
  if (Number.isSafeInteger(count)) return count
  throw new SourceError('USGS did not say how many earthquakes there are. It usually recovers by itself.', { code: 'SOURCE_SHAPE' })
}

/** The pages of a span; one with too many events is asked for in halves. */
async function* pagesOf(http: Http, config: Config, span: Span, after: number | null): AsyncGenerator<HttpPage> {
  const count = await countOf(http, config, span, after)
  if (count > MOST_PER_QUESTION) {
    for (const half of halves(span)) yield* pagesOf(http, config, half, after)
    return
  }
  if (count === 0) return
  const query = { ...queryOf(config, span, after), orderby: 'time-asc' }
  for await (const page of http.at(ADDRESS).pages('/query', { query, next: byTime(span.from) })) {
    featuresOf(page)
    yield page
  }
}

function featuresOf({ body }: HttpPage): readonly unknown[] {
  if (Array.isArray(body?.features)) return body.features
  throw new SourceError('USGS sent an answer without earthquakes in it.', { code: 'SOURCE_SHAPE' })
}

/**
 * Goes on from the time of the last event, which comes again, so that no question lies beyond the end. By number, an event that is corrected
 * meanwhile would leave the list or come into it, all behind it would move, and one would slip through between two pages. Only where a whole
 * page has the same time the number leads on.
 */
function byTime(first: number): PageStep {
  let from = first
  let start = 1
  return {
    first: { offset: start, limit: PAGE_SIZE },
    next: (page) => {
      const features = featuresOf(page)
      if (features.length < PAGE_SIZE) return null
      const last = features.map(timeOf).reduce(laterOf, from)
      start = last > from ? 1 : start + PAGE_SIZE
      from = last
      return { query: { starttime: timeText(from), offset: start } }
    },
  }
}

function halves({ from, until }: Span): readonly Span[] {
  const middle = Math.floor((from + until) / 2)
  if (until - from >= SHORTEST_MS)
    return [
      { from, until: middle },
      { from: middle, until },
    ]
  const message = 'USGS has more events than it can give at once. Ask for stronger ones.'
  throw new ConfigError(message, { fields: [{ name: 'magnitude', message }] })
}

function queryOf({ magnitude, south, north, west, east }: Config, { from, until }: Span, after: number | null): Query {
  return {
    format: 'geojson',
    starttime: timeText(from),
    endtime: timeText(until),
    updatedafter: after === null ? null : timeText(after),
    minmagnitude: magnitude,
    minlatitude: south,
    maxlatitude: north,
    minlongitude: west,
    maxlongitude: east,
    // Also at the first load: an event that is taken back meanwhile keeps its place, so that no other one slips between two pages.
    includedeleted: true,
  }
}

/** Without Z: the source takes what names no time zone for UTC. */
const timeText = (time: number): string => new Date(time).toISOString().slice(0, -1)

/** When the source made the answer, in milliseconds of its own clock. */
function generatedAt({ body }: HttpPage): number {
  const generated: unknown = body.metadata?.generated
  if (Number.isSafeInteger(generated)) return generated as number
  throw new SourceError('USGS did not say when its answer was made.', { code: 'SOURCE_SHAPE' })
}
