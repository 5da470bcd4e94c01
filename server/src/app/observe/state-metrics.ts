import type { LakeService } from '../../lake/lake.service.ts'
import type { LoadsService, SourceOverview } from '../../loads/loads.service.ts'
import type { Clock } from '../../shared/clock.ts'
import type { SourcesService } from '../../sources/sources.service.ts'
import { LOAD_ENDS, METRICS, type MetricName, type MetricOf } from './metric-list.ts'
import type { Metrics } from './metrics.ts'
import { within } from './within.ts'

/** What the state of the platform is read from. */
export interface StateParts {
  readonly loads: LoadsService
  readonly sources: SourcesService
  readonly lake: LakeService
  readonly clock: Clock
}

/** Two scrapes within so long read the database once. */
const FRESH_MS = 5_000
/** Summing up the lake reads its whole manifest. */
const LAKE_FRESH_MS = 60_000
/** A scrape that takes longer is given up by Prometheus. */
const PATIENCE_MS = 5_000

const OF_PLATFORM = (Object.keys(METRICS) as MetricName[]).filter((name) => METRICS[name].of === 'platform') as MetricOf<'gauge'>[]
const OF_LAKE: readonly MetricName[] = ['handover_lake_bytes', 'handover_lake_parts']

/**
 * Reads how the platform is from the database when it is asked for, so that each of several processes says the same and nothing is kept in
 * step. What cannot be read is left out: an old value would look like a fresh one.
 */
export class StateMetrics {
  readonly #metrics: Metrics
  readonly #parts: StateParts
  #reading: Promise<void> | null = null
  #readAt = -Infinity
  #lakeAt = -Infinity

  constructor(metrics: Metrics, parts: StateParts) {
    this.#metrics = metrics
    this.#parts = parts
  }

  /** Brings the gauges up to date. Never throws, and takes five seconds at most. */
  async refresh(): Promise<void> {
    if (performance.now() - this.#readAt < FRESH_MS) return
    this.#reading ??= this.#read().finally(() => void (this.#reading = null))
    await within(PATIENCE_MS, this.#reading).catch(() => this.forget())
  }

  /** What was read holds no longer. */
  expire(): void {
    this.#readAt = -Infinity
  }

  /** Leaves all of it out until it is read again. */
  forget(): void {
    for (const name of OF_PLATFORM) this.#metrics.clear(name)
    this.#readAt = this.#lakeAt = -Infinity
  }

  async #read(): Promise<void> {
    const { loads, sources, lake, clock } = this.#parts
    const [overviews, activity, datasets] = await Promise.all([loads.sourceOverviews(), loads.activity(), sources.datasets()])
    const isLakeOld = performance.now() - this.#lakeAt >= LAKE_FRESH_MS
    const size = isLakeOld ? await lake.size() : null
    // All at once, so that no scrape meets the half of it.
    for (const name of OF_PLATFORM) if (!OF_LAKE.includes(name)) this.#metrics.clear(name)
    for (const overview of overviews) this.#setSource(overview)
    for (const { sourceId, slug, name, rowCount } of datasets)
      if (sourceId !== null) this.#metrics.set('handover_dataset_rows', { source: slug, dataset: name }, rowCount)
    this.#metrics.set('handover_loads_active', { state: 'queued' }, activity.queued)
    this.#metrics.set('handover_loads_active', { state: 'running' }, activity.running)
    const { queuedSince } = activity
    this.#metrics.set('handover_queue_oldest_seconds', {}, queuedSince ? secondsBetween(queuedSince, clock.now()) : 0)
    if (size) {
      this.#metrics.set('handover_lake_bytes', {}, size.bytes)
      this.#metrics.set('handover_lake_parts', {}, size.parts)
      this.#lakeAt = performance.now()
    }
    await this.#metrics.keepSources(new Set(overviews.map(({ source }) => source.slug)))
    this.#readAt = performance.now()
  }

  #setSource({ source: { slug }, state, lastEnded, lastSuccess, nextAt, setAside }: SourceOverview): void {
    const of = { source: slug }
    for (const end of LOAD_ENDS) this.#metrics.add('handover_loads_total', { ...of, state: end }, 0)
    this.#metrics.set('handover_source_state', { ...of, state: state.state }, 1)
    if (lastSuccess?.finishedAt) this.#metrics.set('handover_source_last_success_timestamp_seconds', of, seconds(lastSuccess.finishedAt))
    if (nextAt) this.#metrics.set('handover_source_next_load_timestamp_seconds', of, seconds(nextAt))
    if (lastEnded?.startedAt && lastEnded.finishedAt)
      this.#metrics.set('handover_source_last_load_seconds', of, secondsBetween(lastEnded.startedAt, lastEnded.finishedAt))
    for (const [dataset, count] of setAside) this.#metrics.set('handover_set_aside_open', { ...of, dataset }, count)
  }
}

const seconds = (at: Date): number => at.getTime() / 1000
const secondsBetween = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime()) / 1000
