/** One load that succeeded. */
export interface PastLoad {
  readonly at: Date
  readonly records: number
}

/** Loads that brought something, before the habits of a source are known. */
const LEAST_HISTORY = 10
/** Loads in a row that bring nothing, before anybody wonders. */
const LEAST_EMPTY = 3
/** So many times longer than it has ever been. */
const FACTOR = 3

/**
 * Since when a source brings nothing, against its own history; null when that is as usual. The rule: at least three loads in a row brought no record, and that
 * has lasted three times longer than the longest pause between two loads that brought some, of which at least ten are known. A source that is quiet every night
 * has had long pauses, so a night is not silence. `loads` are newest first.
 */
export function silentSince(loads: readonly PastLoad[], now: Date): Date | null {
  const empty = loads.findIndex(({ records }) => records > 0)
  const bringing = loads.filter(({ records }) => records > 0).map(({ at }) => at.getTime())
  if (empty < LEAST_EMPTY || bringing.length < LEAST_HISTORY) return null
  const longest = Math.max(...bringing.slice(1).map((at, index) => bringing[index]! - at))
  const last = bringing[0]!
  return now.getTime() - last > FACTOR * longest ? new Date(last) : null
}
