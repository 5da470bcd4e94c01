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
export const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500

/** Full jitter: anything between 0 and the doubled base, so that many clients do not come back at once. `tried` counts from 1. */
export function jitter(tried: number, limits: RetryLimits, random: () => number): number {
  return Math.floor(random() * Math.min(limits.maxMs, limits.baseMs * 2 ** (tried - 1)))
}

/** The wait in milliseconds that Retry-After asks for, in seconds or as a date; null when there is none or it cannot be read. */
export function retryAfter(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null
  const text = header.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const at = /^[A-Za-z]{3},/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime())
}
