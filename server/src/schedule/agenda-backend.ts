import { AgendaRepository, type JobStore } from './agenda-repository.ts'
import type { ScheduleBackend } from './schedule-backend.ts'

/**
 * Agenda on the database of the tables, be it embedded or a server. The connection belongs to the composition root; without a notification
 * channel Agenda polls. When this database does not answer, nothing else works either, so that is not for the schedule to tell.
 */
export class EmbeddedBackend implements ScheduleBackend {
  readonly name = 'Handover embedded'
  readonly ownsConnection = false
  readonly isReachable = true
  readonly repository: AgendaRepository

  constructor(store: JobStore) {
    this.repository = new AgendaRepository(store)
  }

  async connect(): Promise<void> {}

  async disconnect(): Promise<void> {}

  stopClaiming(): void {
    this.repository.claims.close()
  }

  release(owner: string): Promise<void> {
    return this.repository.release(owner)
  }

  outage(): null {
    return null
  }

  onReachable(): void {}
}
