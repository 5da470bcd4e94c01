import type { Logger } from 'pino'
import type { Clock } from '../../shared/clock.ts'
import type { Database } from '../../warehouse/warehouse.service.ts'
import type { Services } from '../services.ts'
import type { Metrics } from './metrics.ts'
import { ProcessMetrics } from './process-metrics.ts'
import { Readiness } from './readiness.ts'
import { StateMetrics } from './state-metrics.ts'

/** What is observed. */
export interface Observed {
  readonly db: Database
  readonly services: Services
  readonly metrics: Metrics
  readonly logger: Logger
  readonly clock: Clock
  readonly role: string
  readonly version: string
}

/** What a process says of itself to those who watch over it: whether it is ready, and its metrics. */
export class Observation {
  readonly readiness: Readiness
  readonly metrics: Metrics
  readonly #process: ProcessMetrics
  readonly #state: StateMetrics
  readonly #unsubscribe: () => void

  constructor({ db, services, metrics, logger, clock, role, version }: Observed) {
    this.metrics = metrics
    this.readiness = new Readiness({ db, schedule: services.schedule, logger, now: () => performance.now() })
    this.#process = new ProcessMetrics(metrics, db)
    this.#state = new StateMetrics(metrics, { ...services, clock })
    // A source that is gone leaves at once; what other processes remove is seen with the next look.
    this.#unsubscribe = services.sources.onChanged(async () => this.#state.expire())
    const database = db.facts.shared ? 'mysql' : 'sqlite'
    metrics.set('handover_build_info', { version, node: process.versions.node, role, database }, 1)
  }

  /** All metrics in the text form of Prometheus. Never throws: what cannot be read is left out. */
  async scrape(): Promise<string> {
    const { status, isReachable } = await this.readiness.report()
    this.metrics.set('handover_ready', {}, Number(status === 'ready'))
    this.metrics.set('handover_database_up', {}, Number(isReachable.database))
    this.metrics.set('handover_schedule_up', {}, Number(isReachable.schedule))
    this.#process.refresh()
    if (isReachable.database) await this.#state.refresh()
    else this.#state.forget()
    return this.metrics.text()
  }

  stop(): void {
    this.#unsubscribe()
    this.#process.stop()
  }
}
