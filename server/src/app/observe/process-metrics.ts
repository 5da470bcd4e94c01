import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Database } from '../../warehouse/warehouse.service.ts'
import type { Metrics } from './metrics.ts'

/** The event loop is looked at this often; each look is late by at least nothing, so this is taken off. */
const LOOK_MS = 20
const WINDOW_MS = 10_000
const SHARES = [0.5, 0.99, 1] as const

/** Measures the process itself: event loop, memory, processor time, connections. Ended by `stop`. */
export class ProcessMetrics {
  readonly #metrics: Metrics
  readonly #db: Database
  readonly #delay: ReturnType<typeof monitorEventLoopDelay>
  readonly #timer: NodeJS.Timeout
  #cpuSeconds = 0

  constructor(metrics: Metrics, db: Database) {
    this.#metrics = metrics
    this.#db = db
    this.#delay = monitorEventLoopDelay({ resolution: LOOK_MS })
    this.#delay.enable()
    this.#timer = setInterval(() => this.#noteDelay(), WINDOW_MS).unref()
    metrics.set('handover_start_timestamp_seconds', {}, (performance.timeOrigin || Date.now()) / 1000)
  }

  /** Brings the gauges up to date. */
  refresh(): void {
    const { rss, heapUsed, heapTotal } = process.memoryUsage()
    this.#metrics.set('handover_resident_memory_bytes', {}, rss)
    this.#metrics.set('handover_heap_bytes', { kind: 'used' }, heapUsed)
    this.#metrics.set('handover_heap_bytes', { kind: 'total' }, heapTotal)
    this.#metrics.set('handover_heap_bytes', { kind: 'limit' }, getHeapStatistics().heap_size_limit)
    const { user, system } = process.cpuUsage()
    const cpuSeconds = (user + system) / 1e6
    this.#metrics.add('handover_cpu_seconds_total', {}, cpuSeconds - this.#cpuSeconds)
    this.#cpuSeconds = cpuSeconds
    for (const { pool, used, free, waiting } of this.#db.connections())
      for (const [state, count] of Object.entries({ used, free, waiting }))
        this.#metrics.set('handover_database_connections', { pool, state }, count)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#delay.disable()
  }

  #noteDelay(): void {
    for (const share of SHARES) {
      const ms = this.#delay.percentile(share * 100) / 1e6 - LOOK_MS
      this.#metrics.set('handover_event_loop_delay_seconds', { share: String(share) }, Math.max(0, ms) / 1000)
    }
    this.#delay.reset()
  }
}
