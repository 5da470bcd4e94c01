import { refreshAll } from '$app/navigation'

const CALM = 10_000
const BUSY = 2_000

/**
 * Keeps an open page fresh: asks whether anything has changed and refreshes the data when it has. Sleeps while the tab is hidden.
 * When nobody answers, the old data stays and `lost` says since when.
 */
export class Pulse {
  /** When the connection was lost; null while it stands. */
  lost = $state.raw<Date | null>(null)
  private known: string | null = null
  private timer: ReturnType<typeof setTimeout> | undefined

  /** Starts asking; returns what ends it. */
  start(): () => void {
    const wake = () => {
      if (document.visibilityState === 'visible') void this.beat()
    }
    document.addEventListener('visibilitychange', wake)
    void this.beat()
    return () => {
      document.removeEventListener('visibilitychange', wake)
      clearTimeout(this.timer)
    }
  }

  /** Asks now, instead of at the next turn. */
  async beat(): Promise<void> {
    clearTimeout(this.timer)
    if (document.visibilityState === 'hidden') return
    let pause = CALM
    try {
      const response = await fetch('/pulse', { headers: { accept: 'application/json' } })
      if (!response.ok) throw new Error(String(response.status))
      const { state, running } = (await response.json()) as { state: string; running: boolean }
      const changed = this.known !== null && this.known !== state
      if (changed || this.lost) await refreshAll()
      this.known = state
      this.lost = null
      if (running) pause = BUSY
    } catch {
      this.lost ??= new Date()
    }
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.beat(), pause)
  }
}
