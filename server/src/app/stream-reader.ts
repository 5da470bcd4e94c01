import type { ServerResponse } from 'node:http'

/** A reader that takes nothing for so many milliseconds is cut off. */
const LONGEST_STALL = 60_000
/** What graphql-sse writes before every event that carries data; all else is small and rare. */
const EVENT = 'event: next'

/** One who reads a stream. Events are made only as fast as they are taken, so a slow reader gets fewer of them and fills no memory. */
export class StreamReader {
  readonly #response: ServerResponse
  #events: AsyncGenerator<string> | null = null
  #taken: Promise<void> = Promise.resolve()
  #take: () => void = () => undefined

  constructor(response: ServerResponse) {
    this.#response = response
  }

  /** Resolves when the event before has been taken, or when the reader is gone. Call it once per event, before that is handed over. */
  async ready(): Promise<void> {
    await this.#taken
    if (this.#response.closed) return
    this.#taken = new Promise((resolve) => (this.#take = resolve))
  }

  /** Writes the events until they end or the reader goes away. */
  async read(events: AsyncGenerator<string>): Promise<void> {
    this.#events = events
    const leave = (): void => this.end()
    this.#response.once('close', leave)
    try {
      for await (const text of events) {
        if (this.#response.destroyed) return
        if (!this.#response.write(text)) await this.#drained()
        if (text.startsWith(EVENT)) this.#take()
      }
    } finally {
      this.#response.off('close', leave)
      this.#response.end()
    }
  }

  /** Ends the stream after what is already made. */
  end(): void {
    this.#take()
    void this.#events?.return(undefined)
  }

  async #drained(): Promise<void> {
    const response = this.#response
    if (response.closed) return
    let done = (): void => undefined
    const stalled = setTimeout(() => response.destroy(), LONGEST_STALL)
    await new Promise<void>((resolve) => {
      done = resolve
      response.once('drain', done).once('close', done)
    })
    response.off('drain', done).off('close', done)
    clearTimeout(stalled)
  }
}
