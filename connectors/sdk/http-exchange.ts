import { ConfigError, SourceError, type HandoverError } from './errors.ts'
import { ACCEPT_ENCODING } from './http-body.ts'
import { handoverError, networkError, statusError } from './http-errors.ts'
import type { Fetcher, FetchRequest, FetchResponse } from './http-fetch.ts'
import { Allowance, type Pace, type Waiting } from './http-pace.ts'
import { isPassing, jitter, waitOf, type RetryLimits } from './http-retry.ts'
import { fullUrl, shownUrl, withoutQuery, withQuery } from './http-url.ts'
import type { PlaceOptions, RequestOptions } from './http.ts'
import type { Json } from './contract.ts'

/** One question to a source. */
export interface Ask {
  readonly method: FetchRequest['method']
  readonly url: URL
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** Status codes that are given back instead of raising an error. */
  readonly allow: readonly number[]
  readonly pace: Pace | null
  /** Set in the query when it is sent, and never shown; goes to the origin of `url` only. */
  readonly hidden: Readonly<Record<string, string>>
  readonly signIn: PlaceOptions['signIn'] | null
}

/** How a question is put, and for how long. */
export interface ExchangeLimits extends RetryLimits {
  /** One try from start to end. */
  readonly totalMs: number
  readonly redirects: number
}

/** What an exchange needs from the host. */
export interface ExchangeOptions extends Waiting {
  /** A number from 0 to below 1. */
  random(): number
  log(message: string, fields?: Readonly<Record<string, Json>>): void
}

/** The head of an answer; its body has not been read. */
export interface Begun {
  readonly answer: FetchResponse
  /** Where it came from, after redirects. */
  readonly from: URL
}

/** What is read from an answer as long as it may still be asked again. */
export type Take<T> = (begun: Begun) => Promise<T>

/** Method, body and the header that says what the body is. Throws a `ConfigError` when both kinds of body are given. */
export function bodyOf({ post, form }: RequestOptions): Pick<Ask, 'method' | 'body' | 'headers'> {
  if (post !== undefined && form !== undefined) throw new ConfigError('A request has either post or form, not both.')
  if (post !== undefined) return { method: 'POST', body: JSON.stringify(post), headers: { 'content-type': 'application/json' } }
  if (form === undefined) return { method: 'GET', body: null, headers: {} }
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return { method: 'POST', body: new URLSearchParams(form).toString(), headers }
}

/** Refuses to leave an encrypted connection for an open one. */
export function refuseDowngrade(from: URL, to: URL): void {
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new SourceError(`The source leads from a safe address to an open one (${shownUrl(to)}); that is not followed.`, {
      code: 'SOURCE_REDIRECT',
    })
  }
}

/** Puts questions to sources: pace, tries, redirects and errors in plain words. One for all requests of a load. */
export class Exchange {
  readonly #options: ExchangeOptions
  readonly #limits: ExchangeLimits
  readonly #fetcher: Fetcher
  readonly #allowance: Allowance

  constructor(options: ExchangeOptions, limits: ExchangeLimits, fetcher: Fetcher) {
    this.#options = options
    this.#limits = limits
    this.#fetcher = fetcher
    this.#allowance = new Allowance(options, limits.retryAfterMs)
  }

  /** One answer, after as many tries as it takes. `take` is part of a try; `isTimed` is false where it may take as long as it likes. */
  async put<T>(ask: Ask, take: Take<T>, isTimed = true): Promise<T> {
    if (ask.signIn == null) return this.#put(ask, take, isTimed)
    const signed = async (isRefused: boolean): Promise<Ask> => ({ ...ask, headers: { ...ask.headers, ...(await ask.signIn!(isRefused)) } })
    try {
      return await this.#put(await signed(false), take, isTimed)
    } catch (error) {
      if (!(error instanceof ConfigError && error.code === 'SOURCE_UNAUTHORISED')) throw error
      return this.#put(await signed(true), take, isTimed)
    }
  }

  async #put<T>(ask: Ask, take: Take<T>, isTimed: boolean): Promise<T> {
    const { signal, random, sleep, log } = this.#options
    for (let tried = 1; ; tried++) {
      signal.throwIfAborted()
      await this.#allowance.turn(ask.url)
      await ask.pace?.turn()
      const result = await this.#tryOnce(ask, take, isTimed)
      if (!(result instanceof Failure)) return result.value
      if (tried >= this.#limits.tries || !result.passing) throw result.error
      const wait = result.waitMs ?? jitter(tried, this.#limits, random)
      if (wait > this.#limits.retryAfterMs) throw result.error
      log('The source did not answer; trying again', { address: shownUrl(ask.url), try: tried, waitMs: wait, reason: result.error.message })
      await sleep(wait, signal)
    }
  }

  async #tryOnce<T>(ask: Ask, take: Take<T>, isTimed: boolean): Promise<{ value: T } | Failure> {
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(new DOMException('The answer took too long.', 'TimeoutError')), this.#limits.totalMs)
    const signal = AbortSignal.any([this.#options.signal, deadline.signal])
    try {
      const begun = await this.#follow(ask, signal)
      const { answer, from } = begun
      const isWanted = (answer.status >= 200 && answer.status < 300) || ask.allow.includes(answer.status)
      if (!isWanted) {
        await discard(answer.body)
        return this.#failed({ ...ask, url: from }, answer)
      }
      this.#allowance.note(from, answer)
      if (!isTimed) clearTimeout(timer)
      return { value: await take(begun) }
    } catch (error) {
      this.#options.signal.throwIfAborted()
      const known = handoverError(error)
      if (known !== null) return new Failure(known, false)
      const failure = networkError(ask, deadline.signal.aborted ? deadline.signal.reason : error)
      return new Failure(failure, failure instanceof SourceError)
    } finally {
      clearTimeout(timer)
    }
  }

  #failed(asked: Ask, answer: FetchResponse): Failure {
    const isAgain = isPassing(answer)
    return new Failure(statusError(answer, asked), isAgain, isAgain ? waitOf(answer, this.#options.clock.now()) : null)
  }

  async #follow(ask: Ask, signal: AbortSignal): Promise<Begun> {
    let { url, headers: own } = ask
    for (let hops = 0; ; hops++) {
      const headers = { accept: 'application/json, */*;q=0.5', 'user-agent': 'Handover', ...own, 'accept-encoding': ACCEPT_ENCODING }
      const answer = await this.#fetcher.fetch({
        method: ask.method,
        url: url.origin === ask.url.origin ? withQuery(url, ask.hidden) : url,
        headers,
        body: ask.body,
        signal,
      })
      const location = answer.headers['location']
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return { answer, from: url }
      await discard(answer.body)
      if (hops >= this.#limits.redirects)
        throw new SourceError(`The source sent us around in circles, starting at ${shownUrl(ask.url)}.`, { code: 'SOURCE_REDIRECT' })
      const target = redirectTarget(location, url)
      refuseDowngrade(url, target)
      refuseCarrying(ask, url, target)
      // Headers of the caller may be secrets; another server must not see them.
      if (target.origin !== url.origin) own = {}
      url = withoutQuery(target, Object.keys(ask.hidden))
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

/** What is posted may hold a secret, so it goes to no other server. */
export function refuseCarrying(ask: Pick<Ask, 'body'>, from: URL, to: URL): void {
  if (ask.body !== null && to.origin !== from.origin) {
    throw new SourceError(`The source sends a posted question on to another server (${shownUrl(to)}); that is not followed.`, {
      code: 'SOURCE_REDIRECT',
    })
  }
}

async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _chunk of body) break
}
