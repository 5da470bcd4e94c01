import type { AgendaBackend } from 'agenda'
import type { ScheduleError } from '../shared/errors.ts'

/** Where Agenda keeps its jobs: what Agenda wants of it, and what the schedule wants besides. Several processes may share one. */
export interface ScheduleBackend extends AgendaBackend {
  /** False while it is known that it does not answer, so that a page need not wait for it. */
  readonly isReachable: boolean
  /** No job is claimed afterwards: a poll of Agenda may still be under way when it has stopped. */
  stopClaiming(): void
  /**
   * Gives back every job that `owner` holds; locks of others stay. Agenda leaves jobs locked that it fetched ahead or was running, and takes
   * the time away from those that run: they become due again.
   */
  release(owner: string): Promise<void>
  /** What people are told when `error` means that it does not answer; null for any other error. */
  outage(error: unknown): ScheduleError | null
  /** Tells, from now on, each time it stops answering (with the reason); null, perhaps more than once, when it answers. */
  onReachable(listener: (outage: ScheduleError | null) => void): void
}
