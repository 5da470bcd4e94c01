import { SourceError } from './errors.ts'
import { waitOf } from './http-retry.ts'
import type { FetchResponse } from './http-fetch.ts'
import type { Rate } from './http.ts'

/** Time as the host gives it. */
export interface Waiting {
  readonly clock: { now(): Date }
  sleep(ms: number, signal: AbortSignal): Promise<void>
  readonly signal: AbortSignal
}

/** Keeps requests to the rate that a connector named: each takes the first free slot. */
export class Pace {
  readonly #rate: Rate
  readonly #waiting: Waiting
  /** When the last `calls` requests were let go, in milliseconds, oldest first. */
  readonly #slots: number[] = []

  constructor(rate: Rate, waiting: Waiting) {
    this.#rate = rate
    this.#waiting = waiting
  }

  /** Resolves when the next request may go. */
  async turn(): Promise<void> {
    const { clock, sleep, signal } = this.#waiting
    const now = clock.now().getTime()
    const oldest = this.#slots.length < this.#rate.calls ? 0 : this.#slots.shift()! + this.#rate.seconds * 1000
    // The slot is taken before the wait, so that requests made at once do not share it.
    this.#slots.push(Math.max(now, oldest))
    if (oldest > now) await sleep(oldest - now, signal)
  }
}

/** What sources said about how much they may still be asked; one for all requests of a load. */
export class Allowance {
  readonly #waiting: Waiting
  readonly #longestMs: number
  /** By origin: from when on it may be asked again, in milliseconds. */
  readonly #until = new Map<string, number>()

  constructor(waiting: Waiting, longestMs: number) {
    this.#waiting = waiting
    this.#longestMs = longestMs
  }

  /** Reads the rate headers of an answer that was let through: the next request waits when it was the last one allowed. */
  note(url: URL, answer: FetchResponse): void {
    const now = this.#waiting.clock.now()
    const wait = waitOf(answer, now)
    if (wait !== null) this.#until.set(url.origin, now.getTime() + wait)
  }

  /** Resolves when the source may be asked again. Throws a `SourceError` when that is too far ahead for one load to wait. */
  async turn(url: URL): Promise<void> {
    const { clock, sleep, signal } = this.#waiting
    const until = this.#until.get(url.origin)
    if (until === undefined) return
    const wait = until - clock.now().getTime()
    if (wait > this.#longestMs) {
      const when = new Date(until).toISOString().slice(11, 16)
      throw new SourceError(`The source at ${url.host} has been asked as often as it allows. It may be asked again at ${when} UTC.`, {
        code: 'SOURCE_BUSY',
      })
    }
    // It stands until the wait is over, so that those who ask meanwhile wait too.
    if (wait > 0) await sleep(wait, signal)
    if (this.#until.get(url.origin) === until) this.#until.delete(url.origin)
  }
}
