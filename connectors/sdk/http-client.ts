import { SourceError, type HandoverError } from './errors.ts'
import { Answer } from './http-answer.ts'
import { ACCEPT_ENCODING, readBody } from './http-body.ts'
import { handoverError, networkError, statusError } from './http-errors.ts'
import { networkFetcher, type Fetcher, type FetchResponse } from './http-fetch.ts'
import { isPassing, jitter, retryAfter, type RetryLimits } from './http-retry.ts'
import { fullUrl, shownUrl, withQuery } from './http-url.ts'
import type { Http, HttpPage, PageStep, RequestOptions, Response } from './http.ts'
import type { Json } from './contract.ts'

/** Limits of every request; milliseconds and bytes. */
export interface HttpLimits extends RetryLimits {
  readonly connectMs: number
  readonly headersMs: number
  readonly bodyIdleMs: number
  /** One try from start to end. */
  readonly totalMs: number
  /** Size of one answer after decompression. */
  readonly maxBytes: number
  readonly redirects: number
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
export interface HttpOptions {
  /** Carries the requests; the network when left out. */
  readonly fetcher?: Fetcher
  /** Exact `host:port` pairs in private networks that an operator let through. */
  readonly allowedHosts?: readonly string[]
  readonly limits?: Partial<HttpLimits>
  readonly clock: { now(): Date }
  /** Resolves after that time; rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** A number from 0 to below 1. */
  random(): number
  readonly signal: AbortSignal
  log(message: string, fields?: Readonly<Record<string, Json>>): void
}

/** An `Http` that its maker must close. */
export interface HttpClient extends Http {
  close(): Promise<void>
}

/** Makes the `http` of one load. */
export function createHttp(options: HttpOptions): HttpClient {
  const limits = { ...HTTP_LIMITS, ...options.limits }
  const fetcher = options.fetcher ?? networkFetcher({ allowedHosts: options.allowedHosts ?? [], ...limits })
  const client = new Client(options, limits, fetcher)
  return Object.assign(facade(client, null, {}), { close: () => fetcher.close() })
}

type Headers = Readonly<Record<string, string>>

function facade(client: Client, base: URL | null, baseHeaders: Headers): Http {
  const headersFor = (url: URL, own: Headers = {}): Headers => ({ ...(url.origin === base?.origin ? baseHeaders : {}), ...lowered(own) })
  const get = (address: string, options: RequestOptions = {}): Promise<Response> => {
    const url = fullUrl(base, address, options.query)
    return client.get(url, headersFor(url, options.headers), options.allow ?? [])
  }
  return {
    get: async (address, options) => get(address, options),
    json: async (address, options) => (await get(address, options)).body,
    pages: (address, options) => walk(client, fullUrl(base, address, { ...options.next.first, ...options.query }), options, headersFor),
    at: (address, options = {}) => {
      const url = fullUrl(base, address)
      return facade(client, url, headersFor(url, options.headers))
    },
  }
}

async function* walk(
  client: Client,
  start: URL,
  options: RequestOptions & { readonly next: PageStep },
  headersFor: (url: URL, own?: Headers) => Headers,
): AsyncGenerator<HttpPage> {
  const seen = new Set<string>()
  let url = start
  for (let index = 0; ; index++) {
    if (seen.has(url.href)) {
      throw new SourceError(`The source named the same page twice (${shownUrl(url)}), so its list would never end.`, {
        code: 'SOURCE_PAGING',
      })
    }
    seen.add(url.href)
    const own = url.origin === start.origin ? options.headers : {}
    const response = await client.get(url, headersFor(url, own), options.allow ?? [])
    const page = pageOf(response, url)
    yield page
    const next = options.next.next(page, index)
    if (next === null) return
    const following = 'url' in next ? fullUrl(null, next.url) : withQuery(url, next.query)
    refuseDowngrade(url, following)
    url = following
  }
}

/** A page keeps the getters of its answer, so that a body is parsed once and only when asked for. */
function pageOf(response: Response, url: URL): HttpPage {
  return Object.defineProperty(response, 'request', { value: `GET ${shownUrl(url)}`, enumerable: true }) as HttpPage
}

function refuseDowngrade(from: URL, to: URL): void {
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new SourceError(`The source leads from a safe address to an open one (${shownUrl(to)}); that is not followed.`, {
      code: 'SOURCE_REDIRECT',
    })
  }
}

const lowered = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

class Client {
  readonly #options: HttpOptions
  readonly #limits: HttpLimits
  readonly #fetcher: Fetcher

  constructor(options: HttpOptions, limits: HttpLimits, fetcher: Fetcher) {
    this.#options = options
    this.#limits = limits
    this.#fetcher = fetcher
  }

  /** One answer, after as many tries as it takes. */
  async get(url: URL, headers: Headers, allow: readonly number[]): Promise<Response> {
    const { signal, random, sleep, log } = this.#options
    for (let tried = 1; ; tried++) {
      signal.throwIfAborted()
      const result = await this.#tryOnce(url, headers, allow)
      if (!(result instanceof Failure)) return result
      if (tried >= this.#limits.tries || !result.passing) throw result.error
      const wait = result.waitMs ?? jitter(tried, this.#limits, random)
      if (wait > this.#limits.retryAfterMs) throw result.error
      log('The source did not answer; trying again', { address: shownUrl(url), try: tried, waitMs: wait, reason: result.error.message })
      await sleep(wait, signal)
    }
  }

  async #tryOnce(url: URL, headers: Headers, allow: readonly number[]): Promise<Response | Failure> {
    const deadline = AbortSignal.timeout(this.#limits.totalMs)
    const signal = AbortSignal.any([this.#options.signal, deadline])
    try {
      const { answer, from } = await this.#follow(url, headers, signal)
      const bytes = await readBody(answer.body, answer.headers['content-encoding'], this.#limits.maxBytes)
      if ((answer.status >= 200 && answer.status < 300) || allow.includes(answer.status)) return new Answer(answer, from, bytes)
      return new Failure(
        statusError(answer, from, bytes),
        isPassing(answer.status),
        retryAfter(answer.headers['retry-after'], this.#options.clock.now()),
      )
    } catch (error) {
      this.#options.signal.throwIfAborted()
      const known = handoverError(error)
      if (known !== null) return new Failure(known, false)
      const failure = networkError(url, deadline.aborted ? deadline.reason : error)
      return new Failure(failure, failure instanceof SourceError)
    }
  }

  async #follow(start: URL, startHeaders: Headers, signal: AbortSignal): Promise<{ answer: FetchResponse; from: URL }> {
    let url = start
    let own = startHeaders
    for (let hops = 0; ; hops++) {
      const headers = { accept: 'application/json, */*;q=0.5', 'user-agent': 'Handover', ...own, 'accept-encoding': ACCEPT_ENCODING }
      const answer = await this.#fetcher.fetch({ method: 'GET', url, headers, signal })
      const location = answer.headers['location']
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return { answer, from: url }
      await discard(answer.body)
      if (hops >= this.#limits.redirects)
        throw new SourceError(`The source sent us around in circles, starting at ${shownUrl(start)}.`, { code: 'SOURCE_REDIRECT' })
      const target = redirectTarget(location, url)
      refuseDowngrade(url, target)
      // Headers of the caller may be secrets; another server must not see them.
      if (target.origin !== url.origin) own = {}
      url = target
    }
  }
}

/** One try that did not work out. */
class Failure {
  readonly error: HandoverError
  readonly passing: boolean
  readonly waitMs: number | null

  constructor(error: HandoverError, passing: boolean, waitMs: number | null = null) {
    this.error = error
    this.passing = passing
    this.waitMs = waitMs
  }
}

function redirectTarget(location: string, from: URL): URL {
  try {
    return fullUrl(null, new URL(location, from).href)
  } catch (error) {
    throw new SourceError('The source sent us to an address that cannot be used.', { code: 'SOURCE_REDIRECT', cause: error })
  }
}

async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _chunk of body) break
}
