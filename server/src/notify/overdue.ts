import { nextRun } from '../schedule/schedule.service.ts'
import type { SourceOverview } from '../loads/loads.service.ts'

/** A start may wait for its turn for so long. */
const GRACE_MS = 5 * 60_000
const GRACE_SHARE = 0.1

/**
 * The time at which a source should have begun to load and did not, by its own schedule and loads alone: whatever keeps the schedule may be gone, stopped or
 * wrong. null when it is not overdue.
 */
export function overdueSince(
  { source, active, lastEnded }: Pick<SourceOverview, 'source' | 'active' | 'lastEnded'>,
  now: Date,
): Date | null {
  const { schedule, paused, updatedAt } = source
  if (schedule === null || paused || active !== null) return null
  const planned = lastEnded?.plannedAt ?? lastEnded?.queuedAt ?? null
  // A schedule counts from when it was last changed.
  const from = planned !== null && planned > updatedAt ? planned : updatedAt
  const due = nextRun(schedule, from, from)
  if (due === null) return null
  const following = nextRun(schedule, due, due)
  const interval = following === null ? 0 : following.getTime() - due.getTime()
  return now.getTime() - due.getTime() > Math.max(GRACE_MS, interval * GRACE_SHARE) ? due : null
}
