import type { Logger } from 'pino'

/** What the resolvers of one request share; made anew for every request. */
export class RequestContext {
  readonly requestId: string
  readonly logger: Logger
  /** Aborts when the one who asked has gone away before the answer: work for nobody should end. */
  readonly signal: AbortSignal
  /** Not a `#` field: Apollo hands a copy of the context to resolvers, and a copy has none. */
  private readonly made = new Map<unknown, unknown>()

  constructor(requestId: string, logger: Logger, signal: AbortSignal = new AbortController().signal) {
    this.requestId = requestId
    this.logger = logger
    this.signal = signal
  }

  /** The answer of `make`, asked once per request and key however many fields need it. */
  once<T>(key: unknown, make: () => T): T {
    if (!this.made.has(key)) this.made.set(key, make())
    return this.made.get(key) as T
  }
}
