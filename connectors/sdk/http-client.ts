import { ConfigError, SourceError } from './errors.ts'
import { Answer } from './http-answer.ts'
import { decoded, readBody } from './http-body.ts'
import { handoverError, networkError } from './http-errors.ts'
import {
  bodyOf,
  Exchange,
  refuseCarrying,
  refuseDowngrade,
  type Ask,
  type Begun,
  type ExchangeLimits,
  type ExchangeOptions,
} from './http-exchange.ts'
import { networkFetcher, type Fetcher } from './http-fetch.ts'
import { readLines } from './http-lines.ts'
import { Pace } from './http-pace.ts'
import { fullUrl, shownUrl, withoutQuery, withQuery } from './http-url.ts'
import type { Http, HttpPage, LinesPage, PageStep, PlaceOptions, Rate, RequestOptions, Response, StreamedResponse } from './http.ts'

/** Limits of every request; milliseconds and bytes. */
export interface HttpLimits extends ExchangeLimits {
  readonly connectMs: number
  readonly headersMs: number
  readonly bodyIdleMs: number
  /** Size of one answer after decompression. */
  readonly maxBytes: number
}

/** The limits that hold when nothing else is said. */
export const HTTP_LIMITS: HttpLimits = {
  connectMs: 10_000,
  headersMs: 30_000,
  bodyIdleMs: 30_000,
  totalMs: 300_000,
  maxBytes: 50_000_000,
  redirects: 5,
  tries: 5,
  baseMs: 500,
  maxMs: 30_000,
  retryAfterMs: 120_000,
}

/** What the host passes in to make an `Http`. */
export interface HttpOptions extends ExchangeOptions {
  /** Carries the requests; the network when left out. */
  readonly fetcher?: Fetcher
  /** Exact `host:port` pairs in private networks that an operator let through. */
  readonly allowedHosts?: readonly string[]
  readonly limits?: Partial<HttpLimits>
}

/** An `Http` that its maker must close. */
export interface HttpClient extends Http {
  close(): Promise<void>
}

/** Makes the `http` of one load. */
export function createHttp(options: HttpOptions): HttpClient {
  const limits = { ...HTTP_LIMITS, ...options.limits }
  const fetcher = options.fetcher ?? networkFetcher({ allowedHosts: options.allowedHosts ?? [], ...limits })
  const client = new Client(new Exchange(options, limits, fetcher), options, limits.maxBytes)
  return Object.assign(facade(client, NOWHERE), { close: () => fetcher.close() })
}

type Headers = Readonly<Record<string, string>>

/** What `at` has set: all but the pace goes to the origin of the base only. */
interface Place {
  readonly base: URL | null
  readonly headers: Headers
  readonly hidden: Readonly<Record<string, string>>
  readonly signIn: PlaceOptions['signIn'] | null
  readonly pace: Pace | null
}

const NOWHERE: Place = { base: null, headers: {}, hidden: {}, signIn: null, pace: null }

function facade(client: Client, place: Place): Http {
  const ask = (address: string, options: RequestOptions = {}, query = options.query): Ask =>
    askFor(place, fullUrl(place.base, address, query), options)
  return {
    get: async (address, options) => client.get(ask(address, options)),
    json: async (address, options) => (await client.get(ask(address, options))).body,
    pages: (address, options) => {
      checkNext(options)
      return walk(client, place, ask(address, options, { ...options.next.first, ...options.query }), options)
    },
    lines: (address, options) => client.lines(ask(address, options)),
    stream: async (address, options) => client.stream(ask(address, options)),
    at: (address, { headers = {}, query = {}, rate, signIn } = {}) => {
      const base = fullUrl(place.base, address)
      const there = placeFor(place, base)
      return facade(client, {
        base,
        headers: { ...there.headers, ...lowered(headers) },
        hidden: { ...there.hidden, ...query },
        signIn: signIn ?? there.signIn,
        pace: rate === undefined ? place.pace : client.pace(rate, base.origin),
      })
    },
  }
}

/** Forgotten easily, and without it there is no telling one page from the whole. */
function checkNext(options: { readonly next?: Partial<PageStep> } | undefined): void {
  if (typeof options?.next?.next === 'function') return
  throw new ConfigError('http.pages needs next: say where the next page is, such as next: linkHeader().', { code: 'CONNECTOR_INVALID' })
}

function askFor(place: Place, url: URL, options: RequestOptions): Ask {
  const { headers, ...body } = bodyOf(options)
  const { headers: own, hidden, signIn } = placeFor(place, url)
  return {
    ...body,
    url: withoutQuery(url, Object.keys(hidden)),
    headers: { ...own, ...headers, ...lowered(options.headers) },
    allow: options.allow ?? [],
    pace: place.pace,
    hidden,
    signIn,
  }
}

const placeFor = (place: Place, url: URL): Place => (url.origin === place.base?.origin ? place : NOWHERE)

async function* walk(
  client: Client,
  place: Place,
  start: Ask,
  options: RequestOptions & { readonly next: PageStep },
): AsyncGenerator<HttpPage> {
  const seen = new Set<string>()
  let ask = start
  for (let index = 0; ; index++) {
    const question = `${ask.url.href} ${ask.body ?? ''}`
    if (seen.has(question)) {
      throw new SourceError(`The source named the same page twice (${shownUrl(ask.url)}), so its list would never end.`, {
        code: 'SOURCE_PAGING',
      })
    }
    seen.add(question)
    const page = pageOf(await client.get(ask), ask)
    yield page
    const next = options.next.next(page, index)
    if (next === null) return
    const url = 'url' in next ? fullUrl(null, next.url) : 'query' in next ? withQuery(ask.url, next.query) : ask.url
    refuseDowngrade(ask.url, url)
    refuseCarrying(ask, start.url, url)
    const isSameOrigin = url.origin === start.url.origin
    ask = askFor(place, url, { ...options, headers: isSameOrigin ? options.headers : {}, ...('post' in next && { post: next.post }) })
  }
}

/** A page keeps the getters of its answer, so that a body is parsed once and only when asked for. */
function pageOf(response: Response, ask: Ask): HttpPage {
  return Object.defineProperty(response, 'request', { value: shownAsk(ask), enumerable: true }) as HttpPage
}

const shownAsk = ({ method, url }: Ask): string => `${method} ${shownUrl(url)}`

const lowered = (headers: Headers = {}): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

/** What can be done with an answer: held in full, or read as it comes. */
class Client {
  readonly #exchange: Exchange
  readonly #options: ExchangeOptions
  readonly #maxBytes: number
  readonly #paces = new Map<string, Pace>()

  constructor(exchange: Exchange, options: ExchangeOptions, maxBytes: number) {
    this.#exchange = exchange
    this.#options = options
    this.#maxBytes = maxBytes
  }

  get(ask: Ask): Promise<Response> {
    return this.#exchange.put(ask, async (begun) => new Answer(begun.answer, begun.from, await this.#read(begun)))
  }

  async stream(ask: Ask): Promise<StreamedResponse> {
    const { answer, from } = await this.#exchange.put(ask, async (begun) => begun, false)
    const { status, headers } = answer
    return { status, headers, url: from.href, request: shownAsk(ask), body: this.#flowing(ask, answer.body, headers['content-encoding']) }
  }

  async *lines(ask: Ask): AsyncGenerator<LinesPage> {
    const { body, ...head } = await this.stream(ask)
    let isEmpty = true
    for await (const records of readLines(body)) {
      isEmpty = false
      yield { ...head, records }
    }
    if (isEmpty) yield { ...head, records: [] }
  }

  /** The same for all who name the same rate for the same origin: partitions are read side by side, each with an `at` of its own. */
  pace(rate: Rate, origin: string): Pace {
    const name = `${origin} ${rate.calls}/${rate.seconds}`
    const pace = this.#paces.get(name) ?? new Pace(rate, this.#options)
    this.#paces.set(name, pace)
    return pace
  }

  /** A connection that breaks in the middle is told as one that breaks at the start. */
  async *#flowing(ask: Ask, body: AsyncIterable<Uint8Array>, encoding: string | undefined): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of await decoded(body, encoding)) {
        this.#options.signal.throwIfAborted()
        yield chunk
      }
    } catch (error) {
      this.#options.signal.throwIfAborted()
      throw handoverError(error) ?? networkError(ask, error)
    }
  }

  readonly #read = ({ answer }: Begun): Promise<Uint8Array> => readBody(answer.body, answer.headers['content-encoding'], this.#maxBytes)
}
