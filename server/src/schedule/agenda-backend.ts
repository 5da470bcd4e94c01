import type { AgendaBackend } from 'agenda'
import { AgendaRepository, type JobStore } from './agenda-repository.ts'

/** Agenda on the embedded database. The connection belongs to the composition root; without a notification channel Agenda polls. */
export class EmbeddedBackend implements AgendaBackend {
  readonly name = 'Handover embedded'
  readonly ownsConnection = false
  readonly repository: AgendaRepository

  constructor(store: JobStore) {
    this.repository = new AgendaRepository(store)
  }

  async connect(): Promise<void> {}

  async disconnect(): Promise<void> {}
}
