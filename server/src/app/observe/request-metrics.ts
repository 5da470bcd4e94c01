import type { ApolloServerPlugin } from '@apollo/server'
import type { FastifyInstance } from 'fastify'
import { hasFaultOfOurs } from '../error-masking.ts'
import type { RequestContext } from '../../shared/request-context.ts'
import type { Metrics } from './metrics.ts'

/** Counts what the HTTP server answers, by route; every page of the dashboard is one. */
export function countRequests(http: FastifyInstance, metrics: Metrics): void {
  http.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'pages' : (request.routeOptions.url ?? 'pages')
    metrics.add('handover_http_requests_total', { route, code: classOf(reply.raw.statusCode) })
  })
}

/** The class of a status code: `2xx` for 204. */
export const classOf = (status: number): string => `${Math.floor(status / 100)}xx`

/** Measures GraphQL by type of operation: names are made up by those who ask, so there is no end to them. */
export function graphqlMetrics(metrics: Metrics): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      const startedAt = performance.now()
      return {
        async willSendResponse({ operation, errors = [] }) {
          const outcome = errors.length === 0 ? 'ok' : hasFaultOfOurs(errors) ? 'failed' : 'refused'
          const labels = { operation: operation?.operation ?? 'none', outcome }
          metrics.observe('handover_graphql_duration_seconds', labels, (performance.now() - startedAt) / 1000)
        },
      }
    },
  }
}
