import type { SourceOverview } from '../loads/loads.service.ts'
import type { NoticeKind } from './notice.entity.ts'
import { overdueSince } from './overdue.ts'
import { silentSince, type PastLoad } from './silent.ts'

/** What is the matter with a source. */
export interface Condition {
  readonly kind: NoticeKind
  readonly since: Date
  /** Sentences for a person: what is so, what it means, what to do. */
  readonly text: string
}

/** A failure that Handover mends by itself with the second or third try is nobody's business. */
const TRIES = 3

/** What is the matter with a source at the moment: null while it loads, when nobody can say yet. `history` is asked only where it can tell something. */
export async function conditionsOf(
  overview: SourceOverview,
  { now, isScheduleReachable, history }: { now: Date; isScheduleReachable: boolean; history(): Promise<readonly PastLoad[]> },
): Promise<Condition[] | null> {
  const { source, state, lastEnded, lastSuccess } = overview
  if (source.paused) return []
  if (state.state === 'LOADING') return null
  const { since, text } = state
  if (state.state === 'HELD') return [{ kind: 'held', since, text }]
  if (state.state === 'FAILED') return isForSomebody(lastEnded) ? [{ kind: 'failed', since: lastSuccess?.finishedAt ?? since, text }] : []
  const due = state.state === 'LATE' ? since : overdueSince(overview, now)
  if (due !== null)
    return [
      {
        kind: 'late',
        since: due,
        text: state.state === 'LATE' && isScheduleReachable ? text : lateText(source.title, due, isScheduleReachable),
      },
    ]
  if (lastSuccess === null || lastSuccess.records > 0) return []
  const silent = silentSince(await history(), now)
  return silent === null ? [] : [{ kind: 'silent', since: silent, text: silentText(source.title, silent) }]
}

const isForSomebody = (load: SourceOverview['lastEnded']): boolean => load !== null && (load.retryAt === null || load.attempt >= TRIES)

function lateText(title: string, due: Date, isScheduleReachable: boolean): string {
  const why = isScheduleReachable ? 'Does a worker run?' : 'What keeps the schedule (MongoDB) does not answer: bring it back.'
  return `${title} was due on ${moment(due)} and has not begun to load. ${why} The rows of before are still here.`
}

const silentText = (title: string, since: Date): string =>
  `${title} is loaded without a fault, and has brought nothing since ${moment(since)}, which is much longer than ever. Has the source moved, or is there a filter that fits nothing any more?`

const moment = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
