import type { Fetcher } from '@handover/sdk'
import { classOf } from './request-metrics.ts'
import type { Metrics } from './metrics.ts'

/** A fetcher whose requests are counted for one source. */
export function countedFetcher(fetcher: Fetcher, source: string, metrics: Metrics): Fetcher {
  return {
    async fetch(request) {
      const startedAt = performance.now()
      let code = 'none'
      try {
        const answer = await fetcher.fetch(request)
        code = classOf(answer.status)
        return answer
      } finally {
        metrics.add('handover_source_requests_total', { source, code })
        metrics.observe('handover_source_request_duration_seconds', {}, (performance.now() - startedAt) / 1000)
      }
    },
    close: () => fetcher.close(),
  }
}
