/**
 * What one reader has still to be told. Values under the same key become one while the reader is busy, so a slow reader gets the latest
 * and nothing piles up. Ends with `end`, or when the reader leaves its loop.
 */
export class LatestQueue<T> implements AsyncIterableIterator<T, undefined> {
  readonly #waiting = new Map<string, T>()
  readonly #ended: () => void
  #isOpen = true
  #wake: () => void = () => undefined

  /** `ended` is called once, when nobody reads any more. */
  constructor(ended: () => void) {
    this.#ended = ended
  }

  /** Adds a value; `merge` makes it of the one that still waits under the key, if any. */
  put(key: string, merge: (waiting: T | undefined) => T): void {
    if (!this.#isOpen) return
    this.#waiting.set(key, merge(this.#waiting.get(key)))
    this.#wake()
  }

  /** Tells the reader that nothing comes any more. */
  end(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#waiting.clear()
    this.#wake()
    this.#ended()
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.#isOpen && this.#waiting.size === 0) await new Promise<void>((resolve) => (this.#wake = resolve))
    for (const [key, value] of this.#waiting) {
      this.#waiting.delete(key)
      return { value, done: false }
    }
    return { value: undefined, done: true }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.end()
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
