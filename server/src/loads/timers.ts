/** Calls back later. Passed in, so that a test decides when later is. */
export interface Timers {
  /** Runs `work` once after `ms` milliseconds; the answer calls it off. A pending timer never keeps the process alive. */
  after(ms: number, work: () => void): () => void
}

/** The real clockwork. */
export const systemTimers: Timers = {
  after(ms, work) {
    const timer = setTimeout(work, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
