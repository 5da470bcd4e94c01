/** What a page wants to hear of. */
export interface Subscription {
  readonly document: string
  readonly variables?: Readonly<Record<string, unknown>>
  /** Called for every event that carries data. */
  readonly heard: (data: never) => void
}

/** Whom a `Live` tells how its connection is. */
export interface LiveListener {
  /** The stream stands; called again after every new connection. */
  opened(): void
  /** The stream broke. It is tried again by itself. */
  lost(): void
}

/** Makes the connection; the browser's own, except in tests. */
export type OpenSource = (address: string) => EventSource

const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 30_000

/**
 * One stream of events at a time, from the same origin. It comes back by itself after a break, with longer and longer pauses.
 * A page has one and closes it while nobody looks: browsers allow six connections to a server, over all tabs.
 */
export class Live {
  private readonly listener: LiveListener
  private readonly connect: OpenSource
  private wanted: Subscription | null = null
  private source: EventSource | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private pause = FIRST_PAUSE

  constructor(listener: LiveListener, connect: OpenSource = (address) => new EventSource(address)) {
    this.listener = listener
    this.connect = connect
  }

  /** Listens to this from now on, instead of what was listened to before. */
  listen(subscription: Subscription): void {
    this.close()
    this.wanted = subscription
    this.pause = FIRST_PAUSE
    this.open()
  }

  /** Listens no more. */
  close(): void {
    this.wanted = null
    clearTimeout(this.timer)
    this.source?.close()
    this.source = null
  }

  private open(): void {
    if (!this.wanted) return
    const { document, variables = {}, heard } = this.wanted
    const source = this.connect(`/graphql/stream?${new URLSearchParams({ query: document, variables: JSON.stringify(variables) })}`)
    this.source = source
    source.addEventListener('open', () => {
      if (this.source !== source) return
      this.pause = FIRST_PAUSE
      this.listener.opened()
    })
    source.addEventListener('next', (event: MessageEvent<string>) => {
      if (this.source !== source) return
      const { data } = JSON.parse(event.data) as { data?: unknown }
      if (data) heard(data as never)
    })
    const broken = () => this.broken(source)
    source.addEventListener('complete', broken)
    source.addEventListener('error', broken)
  }

  private broken(source: EventSource): void {
    if (this.source !== source) return
    source.close()
    this.source = null
    this.listener.lost()
    this.timer = setTimeout(() => this.open(), this.pause)
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE)
  }
}
