import { ConfigError, SourceError, unreadable, type ExtractContext, type Http, type Page, type Response } from '@handover/sdk'
import { z } from 'zod'
import type { RawPark, RawRide } from './rows.ts'

const ADDRESS = 'https://queue-times.com'

/** The source names no limit; its numbers change every five minutes. */
const RATE = { calls: 5, seconds: 1 }

/** A company as the list of parks holds it. */
interface RawCompany {
  readonly name: string
  readonly parks: readonly Omit<RawPark, 'company'>[]
}

/** What `queue_times.json` of a park holds: rides in lands, rides in none, or both. */
interface RawQueues {
  readonly lands: readonly { readonly name: string; readonly rides: readonly RawRide[] }[]
  readonly rides: readonly RawRide[]
}

interface Settings {
  readonly parks: string
}

const numbersOf = (text: string): number[] => [...new Set(text.split(',').map(Number))]

/** The parks with these numbers, with the name of their company, and the numbers that no park has. */
export async function chosenParks(http: Http, text: string) {
  const answer = await http.at(ADDRESS, { rate: RATE }).get('/parks.json')
  const companies = listOf<RawCompany>(answer, answer.body, 'parks')
  const all = companies.flatMap(({ name, parks }) => listOf<RawPark>(answer, parks, 'parks').map((park) => ({ ...park, company: name })))
  const numbers = numbersOf(text)
  return {
    request: `GET ${answer.url}`,
    found: all.filter(({ id }) => numbers.includes(id)),
    missing: numbers.filter((number) => !all.some(({ id }) => id === number)),
  }
}

/** What to tell a person who chose parks that are not there; said beside the setting. */
export function noSuchParks(missing: readonly number[]): ConfigError {
  const message = `Queue-Times.com has no park with the number ${missing.join(', ')}.`
  return new ConfigError(message, { fields: [{ name: 'parks', message }] })
}

/** The chosen parks, once a day: parks seldom change, and waiting times are loaded every few minutes. */
export async function* parks({ http, config, cursor, now }: ExtractContext<Settings>): AsyncGenerator<Page> {
  const wanted = { day: now().toISOString().slice(0, 10), parks: numbersOf(config.parks) }
  if (JSON.stringify(cursor) === JSON.stringify(wanted)) return
  const { found, missing, request } = await chosenParks(http, config.parks)
  if (found.length === 0) throw noSuchParks(missing)
  // One park that is gone must not cost the others their waiting times, which cannot be asked for later; it is set aside where people look.
  const gone = missing.map((number) => unreadable(`{"id":${number}}`, noSuchParks([number]).message))
  yield { records: [...found, ...gone], cursor: wanted, request }
}

/** When the source last looked at each ride, by the number of the ride. A cursor that does not look like this begins anew. */
const seenShape = z.record(z.string(), z.json())
type Seen = z.output<typeof seenShape>

/** Rides that the source has looked at since the last load, with the land they stand in. */
export async function* rides({ http, config, partition, cursor }: ExtractContext<Settings>): AsyncGenerator<Page> {
  const park = Number(partition.key)
  // A park that is no longer chosen keeps its rows, and is not asked any more.
  if (!numbersOf(config.parks).includes(park)) return
  const answer = await http.at(ADDRESS, { rate: RATE }).get(`/parks/${park}/queue_times.json`)
  const { lands, rides } = (answer.body ?? {}) as Partial<RawQueues>
  const inLands = listOf<RawQueues['lands'][number]>(answer, lands, 'lands').flatMap(({ name, rides }) =>
    listOf<RawRide>(answer, rides, 'rides').map((ride) => ({ ...ride, land: name })),
  )
  const all: readonly RawRide[] = [...inLands, ...listOf<RawRide>(answer, rides, 'rides')]
  const seen: Seen = seenShape.safeParse(cursor).data ?? {}
  const records = all.filter(({ id, last_updated }) => !isTold(last_updated) || seen[id] !== last_updated)
  if (records.length === 0) return
  const now = Object.fromEntries(all.flatMap(({ id, last_updated }) => (isTold(last_updated) ? [[id, last_updated]] : [])))
  yield { records, cursor: { ...seen, ...now }, request: `GET ${answer.url}` }
}

/** A ride without a moment is not known from before, so that it is set aside and not lost. */
const isTold = (moment: unknown): boolean => typeof moment === 'string'

function listOf<T>(answer: Response, list: unknown, of: string): readonly T[] {
  if (Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null)) return list as T[]
  throw new SourceError(`Queue-Times.com sent an answer without a list of ${of}. It usually recovers by itself.`, {
    code: 'SOURCE_SHAPE',
    detail: `GET ${answer.url}`,
  })
}
