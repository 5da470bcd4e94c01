import type { Logger } from 'pino'
import type { EntityManager } from 'typeorm'
import { type LogLevel, LogLine } from './load-log.entity.ts'

const mostLines = 1_000
const lastWord = 'The log of this load is full; what follows is left out.'

interface Line {
  loadId: string
  at: Date
  level: LogLevel
  message: string
  fields: Record<string, {}> | null
}

/** What the log of a load works with. */
export interface LoadLogDeps {
  readonly manager: EntityManager
  readonly loadId: string
  /** How many lines the load has already. */
  readonly count: number
  /** Has every line too, at the level `debug`, however many there are. */
  readonly logger: Logger
  now(): Date
  /** Takes secrets out of a text. */
  clean(text: string): string
}

/** The log of one load, for a person. Lines are written soon after they are said; no more than 1,000 are kept. */
export class LoadLog {
  readonly #deps: LoadLogDeps
  readonly #waiting: Line[] = []
  #count: number
  #writing: Promise<void> | null = null

  constructor(deps: LoadLogDeps) {
    this.#deps = deps
    this.#count = deps.count
  }

  /** Says one thing; never throws and never waits. */
  add(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void {
    const { loadId, logger, now, clean } = this.#deps
    if (logger.isLevelEnabled('debug')) logger.debug(fields ? this.#cleanFields(fields) : {}, clean(message))
    if (this.#count >= mostLines) return
    this.#count++
    const full = this.#count === mostLines
    this.#waiting.push({
      ...{ loadId, at: now(), level: full ? 'warning' : level },
      message: full ? lastWord : clean(message),
      fields: full || !fields ? null : this.#cleanFields(fields),
    })
    this.#writing ??= this.#write()
  }

  /** Resolves when everything said is stored. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing
  }

  /** A log that cannot be written must not end the load: the rows matter more, and the load says itself when the database is gone. */
  async #write(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const lines = this.#waiting.splice(0, 200)
        await this.#deps.manager.insert(LogLine, lines)
      }
    } catch {
      this.#waiting.length = 0
    } finally {
      this.#writing = null
    }
  }

  #cleanFields(fields: Readonly<Record<string, unknown>>): Record<string, {}> {
    return JSON.parse(this.#deps.clean(JSON.stringify(fields))) as Record<string, {}>
  }
}
