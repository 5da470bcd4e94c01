import type { FastifyInstance } from 'fastify'
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
