import type { FastifyInstance } from 'fastify'
import type { Observation } from './observation.ts'

/**
 * `/healthz`: the process lives and its event loop turns. `/readyz`: it can do its work, else 503 and which part cannot, in plain words.
 * `/metrics`: how it goes, for Prometheus.
 */
export function observeRoutes(http: FastifyInstance, observation: Observation): void {
  http.get('/healthz', async () => ({ status: 'ok' }))
  http.get('/readyz', async (_, reply) => {
    const { status, parts } = await observation.readiness.report()
    return reply.code(status === 'ready' ? 200 : 503).send({ status, parts })
  })
  http.get('/metrics', async (_, reply) => reply.type(observation.metrics.contentType).send(await observation.scrape()))
}
