import { recordValue, SourceError, type Context, type ExtractContext, type Page } from '@handover/sdk'
import { z } from 'zod'
import { faultAt, questionOf, quotesOf, refusalOf, type Config } from './settings.ts'

const ADDRESS = 'https://api.frankfurter.dev/v2'
const MS_PER_DAY = 86_400_000

/** Days that are read again by each load: rates of the last days come late or are corrected. */
const LOOK_BACK = 7

/** Where a load goes on. One that does not look like this begins anew. */
const cursorShape = z.object({
  /** The settings that were asked with; others begin anew. */
  of: z.string(),
  /** Newest day that was read. */
  date: z.iso.date(),
  /** Mark of the last whole answer, and the day it began with: the same question is answered in full only when there is more. */
  seen: z.object({ from: z.string(), etag: z.string() }).nullable(),
})

/** The rates from some days before the newest known one until today, in lines. */
export async function* rates({ http, config, cursor }: ExtractContext<Config>): AsyncGenerator<Page> {
  const of = JSON.stringify([questionOf(config), config.since])
  const found = cursorShape.safeParse(cursor).data
  const last = found?.of === of ? found : null
  const from = last === null ? config.since : laterOf(config.since, daysBefore(last.date, LOOK_BACK))
  const etag = last?.seen?.from === from ? last.seen.etag : null
  const options = {
    query: { ...questionOf(config), from },
    headers: { accept: 'application/x-ndjson', ...(etag !== null && { 'if-none-match': etag }) },
    allow: [304, 422],
  }
  let date = last?.date ?? from
  let mark: string | undefined
  for await (const { status, headers, records, request } of http.at(ADDRESS).lines('/rates', options)) {
    if (status === 304) return
    const values = records.map(recordValue)
    if (status === 422) throw refusalOf(messageIn(values[0]), config)
    // Even a question about a Sunday is answered with the rates of the Friday before.
    if (values.length === 0) throw nothingFor(config)
    date = values.map(dayOf).reduce(laterOf, date)
    mark = headers['etag']
    yield { records, cursor: { of, date, seen: null }, request }
  }
  if (mark !== undefined) yield { records: [], cursor: { of, date, seen: { from, etag: mark } } }
}

/** Asks for the newest rates, and says beside the setting which of them there are none of. */
export async function checkRates({ http, config }: Context<Config>): Promise<void> {
  const { status, body } = await http.at(ADDRESS).get('/rates', { query: questionOf(config), allow: [422] })
  if (status === 422) throw refusalOf(messageIn(body), config)
  if (!Array.isArray(body)) throw noRates()
  const given = body.map((rate) => (dayOf(rate), rate.quote as unknown))
  const missing = quotesOf(config).filter((quote) => !given.includes(quote))
  if (given.length === 0 && config.provider !== '') {
    throw faultAt(['provider'], `Frankfurter has no such rates of "${config.provider}". Write ECB, or nothing for all central banks.`)
  }
  if (missing.length > 0) throw faultAt(['quotes'], `There are no rates in ${missing.join(', ')} from whom you chose.`)
}

const messageIn = (body: unknown): unknown => (body as { readonly message?: unknown } | null)?.message

/** The day of a rate. Anything else in an answer means that nothing of it can be trusted. */
function dayOf(rate: unknown): string {
  const day = (rate as { readonly date?: unknown } | null)?.date
  if (typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day)) return day
  throw noRates(messageIn(rate))
}

const noRates = (message?: unknown): SourceError =>
  new SourceError('Frankfurter sent something that is not a rate. It usually recovers by itself.', {
    code: 'SOURCE_SHAPE',
    ...(typeof message === 'string' && { detail: message }),
  })

const nothingFor = ({ provider }: Config): SourceError =>
  new SourceError(
    `Frankfurter sent no rates at all. Check the settings: it knows nobody by a wrong name${provider === '' ? '' : `, perhaps "${provider}"`}.`,
    {
      code: 'SOURCE_INCOMPLETE',
    },
  )

const laterOf = (one: string, other: string): string => (one > other ? one : other)

const daysBefore = (day: string, count: number): string => new Date(Date.parse(day) - count * MS_PER_DAY).toISOString().slice(0, 10)
