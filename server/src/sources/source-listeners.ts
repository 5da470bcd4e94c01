import type { Logger } from 'pino'
import type { SourceChange, SourceListener } from './source-input.ts'

/** Those who want to hear of changes of sources. */
export class SourceListeners {
  readonly #listeners = new Set<SourceListener>()
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Adds a listener; the returned function takes it away again. */
  add(listener: SourceListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves when every listener is done; what one of them throws is logged and stops nobody. */
  async tell(change: SourceChange): Promise<void> {
    const told = [...this.#listeners].map(async (listener) => listener(change))
    for (const result of await Promise.allSettled(told)) {
      if (result.status === 'rejected')
        this.#logger.error({ err: result.reason, source: change.source.slug }, 'A change of a source was not followed')
    }
  }
}
