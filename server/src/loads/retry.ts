/** A load is tried this many times; then it waits for a person or for its next planned time. */
export const maxAttempts = 5

const firstDelay = 30_000
const longestDelay = 3_600_000

/**
 * Milliseconds until the next try after `attempt` (1, 2, …) failed: anything up to 30 s, 1 min, 2 min …, at most 1 h.
 * "Full jitter", so that sources which failed together do not all come back together.
 */
export function retryDelay(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(longestDelay, firstDelay * 2 ** (attempt - 1)))
}
