import type { FastifyInstance } from 'fastify'
import type { Readiness } from './readiness.ts'

/** `/healthz`: the process lives and its event loop turns. `/readyz`: it can do its work, else 503 and which part cannot, in plain words. */
export function observeRoutes(http: FastifyInstance, readiness: Readiness): void {
  http.get('/healthz', async () => ({ status: 'ok' }))
  http.get('/readyz', async (_, reply) => {
    const report = await readiness.report()
    return reply.code(report.status === 'ready' ? 200 : 503).send(report)
  })
}
