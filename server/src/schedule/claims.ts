/** The claims of one process: a poll of Agenda may still be under way when Agenda has stopped, and would take a job that nobody runs. */
export class Claims {
  readonly #pending = new Set<Promise<unknown>>()
  #isClosed = false

  /** No claim begins afterwards, and one that is between reading and taking takes nothing. */
  close(): void {
    this.#isClosed = true
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get isBusy(): boolean {
    return this.#pending.size > 0
  }

  /** Runs a claim; undefined after `close`. */
  async run<T>(claim: () => Promise<T | undefined>): Promise<T | undefined> {
    if (this.#isClosed) return undefined
    const pending = claim()
    this.#pending.add(pending)
    try {
      return await pending
    } finally {
      this.#pending.delete(pending)
    }
  }

  /** Resolves when no claim is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending)
  }
}
