import type { FetchResponse } from './http-fetch.ts'

type Headers = FetchResponse['headers']

const SECONDS_PER_YEAR = 366 * 86_400

/** How often and how patiently a failed request is tried again. */
export interface RetryLimits {
  /** Tries in all, the first one included. */
  readonly tries: number
  readonly baseMs: number
  readonly maxMs: number
  /** The longest wait that a source may ask for with Retry-After. */
  readonly retryAfterMs: number
}

/** True for answers that are likely to be different in a moment. */
export const isPassing = (answer: FetchResponse): boolean => answer.status === 408 || answer.status >= 500 || asksToWait(answer)

/** True when a source says that it was asked too often. Some say it with 403, and tell by their headers that it is not about rights. */
export const asksToWait = ({ status, headers }: FetchResponse): boolean =>
  status === 429 || (status === 403 && (headers['retry-after'] !== undefined || remaining(headers) === 0))

/** How long the source wants us to wait before the next request, in milliseconds; null when it does not say. */
export function waitOf({ headers }: FetchResponse, now: Date): number | null {
  const asked = retryAfter(headers['retry-after'], now)
  if (asked !== null) return asked
  return remaining(headers) === 0 ? untilReset(headers, now) : null
}

/** Requests that the source still allows; null when it does not say. */
function remaining(headers: Headers): number | null {
  const text = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining']
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : null
}

/** The reset is a number of seconds, or a moment in seconds since 1970: what lies more than a year ahead is a moment. */
function untilReset(headers: Headers, now: Date): number | null {
  const reset = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? Number.NaN)
  if (!Number.isFinite(reset) || reset < 0) return null
  return Math.max(0, Math.ceil(reset > SECONDS_PER_YEAR ? reset * 1000 - now.getTime() : reset * 1000))
}

/** Full jitter: anything between 0 and the doubled base, so that many clients do not come back at once. `tried` counts from 1. */
export function jitter(tried: number, limits: RetryLimits, random: () => number): number {
  return Math.floor(random() * Math.min(limits.maxMs, limits.baseMs * 2 ** (tried - 1)))
}

/** The wait in milliseconds that Retry-After asks for, in seconds or as a date; null when there is none or it cannot be read. */
function retryAfter(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null
  const text = header.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const at = /^[A-Za-z]{3},/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime())
}
