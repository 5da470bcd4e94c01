import { getContext, setContext } from 'svelte'
import { refreshAll } from '$app/navigation'
import { Live } from './live.ts'
import { isActive, LOAD_LIVE, type LiveLoad } from './model/loads.ts'
import type { LoadState } from './model/types.ts'

const KEY = Symbol('pulse')
const CALM = 10_000
const BUSY = 2_000
/** While a stream stands, the turn is only for what changes by time alone, such as a source that becomes late. */
const STEADY = 30_000
/** Milliseconds between two refreshes that events ask for. */
const REST = 1_500

const CHANGED = 'subscription Changed { changed { sources } }'
const FOLLOWED = `subscription Followed($id: ID!) { loadChanged(id: $id) { ${LOAD_LIVE} } }`

/**
 * Keeps an open page fresh: hears of changes over a stream, and refreshes the data. Without a stream it asks every few seconds whether
 * anything has changed. Sleeps while the tab is hidden. When nobody answers, the old data stays and `lost` says since when.
 */
export class Pulse {
  /** When the connection was lost; null while it stands. */
  lost = $state.raw<Date | null>(null)
  /** The load that is followed, as it was heard of last; null until then. */
  load = $state.raw<LiveLoad | null>(null)
  private followed: string | null = null
  private shown: LoadState | null = null
  private known: string | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private refreshTimer: ReturnType<typeof setTimeout> | undefined
  private refreshedAt = 0
  private streams = false
  private started = false
  private readonly live = new Live({
    opened: () => (this.streams = true),
    lost: () => {
      this.streams = false
      void this.beat()
    },
  })

  /** Starts listening and asking; returns what ends it. */
  start(): () => void {
    const wake = () => {
      if (document.visibilityState === 'hidden') return this.sleep()
      this.listen()
      void this.beat()
    }
    document.addEventListener('visibilitychange', wake)
    this.started = true
    wake()
    return () => {
      document.removeEventListener('visibilitychange', wake)
      this.started = false
      this.sleep()
    }
  }

  /** Hears of every step of one load, which the page shows in this state, until the returned function is called. */
  follow(id: string, state: LoadState): () => void {
    this.followed = id
    this.shown = state
    this.load = null
    this.listen()
    return () => {
      if (this.followed !== id) return
      this.followed = null
      this.load = null
      this.listen()
    }
  }

  /** Asks now, instead of at the next turn. */
  async beat(): Promise<void> {
    clearTimeout(this.timer)
    if (!this.started || document.visibilityState === 'hidden') return
    let pause = CALM
    try {
      const response = await fetch('/pulse', { headers: { accept: 'application/json' } })
      if (!response.ok) throw new Error(String(response.status))
      const { state, running } = (await response.json()) as { state: string; running: boolean }
      // The first answer has nothing to be compared with, and a load that the page shows running may have ended before it.
      const changed = this.known === null ? this.showsRunning : this.known !== state
      if (changed || this.lost) await this.refresh()
      this.known = state
      this.lost = null
      if (running) pause = BUSY
    } catch {
      this.lost ??= new Date()
    }
    clearTimeout(this.timer)
    if (this.started) this.timer = setTimeout(() => void this.beat(), this.streams && !this.lost ? STEADY : pause)
  }

  private get showsRunning(): boolean {
    return this.followed !== null && this.shown !== null && isActive({ state: this.shown })
  }

  private listen(): void {
    if (!this.started || document.visibilityState === 'hidden') return
    if (this.followed === null) return this.live.listen({ document: CHANGED, heard: () => this.soon() })
    this.live.listen({
      document: FOLLOWED,
      variables: { id: this.followed },
      heard: ({ loadChanged }: { loadChanged: LiveLoad }) => {
        const isNews = this.load !== null || loadChanged.state !== this.shown
        this.load = loadChanged
        if (isNews) this.soon()
      },
    })
  }

  private sleep(): void {
    this.live.close()
    this.streams = false
    clearTimeout(this.timer)
    clearTimeout(this.refreshTimer)
    this.refreshTimer = undefined
  }

  /** Refreshes now, or as soon as the last refresh is long enough ago; what comes meanwhile is in that one. */
  private soon(): void {
    this.refreshTimer ??= setTimeout(
      () => {
        this.refreshTimer = undefined
        void this.refresh()
      },
      Math.max(0, this.refreshedAt + REST - Date.now()),
    )
  }

  private async refresh(): Promise<void> {
    this.refreshedAt = Date.now()
    await refreshAll()
    this.refreshedAt = Date.now()
  }
}

/** Puts the pulse where every component below finds it. */
export function providePulse(pulse: Pulse): Pulse {
  return setContext(KEY, pulse)
}

/** The pulse of this page. */
export function getPulse(): Pulse {
  return getContext<Pulse>(KEY)
}
