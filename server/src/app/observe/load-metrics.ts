import type { LoadObserver } from '../../loads/loads.service.ts'
import type { Metrics } from './metrics.ts'

const KINDS = ['inserted', 'updated', 'unchanged', 'removed'] as const

/** Counts what the loads of this process do. */
export function loadMetrics(metrics: Metrics): LoadObserver {
  return {
    began({ plannedAt, startedAt, attempt }) {
      if (plannedAt && startedAt && attempt === 1) metrics.observe('handover_load_delay_seconds', {}, secondsBetween(plannedAt, startedAt))
    },
    landed({ slug }, records) {
      metrics.add('handover_records_total', { source: slug }, records)
    },
    written({ slug }, dataset, counts) {
      for (const kind of KINDS) metrics.add('handover_rows_total', { source: slug, dataset, kind }, counts[kind])
      metrics.add('handover_set_aside_total', { source: slug, dataset }, counts.quarantinedRecords + counts.quarantinedRows)
    },
    ended({ slug, state, startedAt, finishedAt }) {
      metrics.add('handover_loads_total', { source: slug, state })
      if (startedAt && finishedAt) metrics.observe('handover_load_duration_seconds', { state }, secondsBetween(startedAt, finishedAt))
    },
  }
}

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000
