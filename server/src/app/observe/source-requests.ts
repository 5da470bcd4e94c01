import type { Fetcher, FetchRequest, FetchResponse } from '@handover/sdk'
import type { Tracer } from '../../shared/tracer.ts'
import type { Metrics } from './metrics.ts'
import { classOf } from './request-metrics.ts'

/** Where requests to sources are written down. */
export interface FetchWatch {
  readonly metrics: Metrics
  readonly tracer: Tracer
}

/** A fetcher whose requests are counted for one source, and are steps of its load. Only the host is told: a path may hold a key. */
export function watchedFetcher(fetcher: Fetcher, source: string, { metrics, tracer }: FetchWatch): Fetcher {
  const counted = async (request: FetchRequest): Promise<FetchResponse> => {
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
  }
  return {
    fetch: (request) => {
      const { method, url } = request
      return tracer.step(method, { 'http.request.method': method, 'server.address': url.hostname }, async (step) => {
        const answer = await counted(request)
        step.know({ 'http.response.status_code': answer.status })
        return answer
      })
    },
    close: () => fetcher.close(),
  }
}
