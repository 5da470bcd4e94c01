import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { OpenStep, Tracing } from './tracing.ts'

/** Asked every few seconds by machines: nobody looks for these in traces. */
const UNTRACED = ['/healthz', '/readyz', '/metrics']

/** Every request is a step, and what it sets going is part of it. */
export function traceRequests(http: FastifyInstance, tracing: Tracing): void {
  const steps = new WeakMap<FastifyRequest, OpenStep>()
  http.addHook('onRequest', (request, _reply, done) => {
    const route = request.is404 ? 'pages' : (request.routeOptions.url ?? 'pages')
    if (UNTRACED.includes(route)) return done()
    const facts = { 'http.request.method': request.method, 'http.route': route, 'handover.request.id': request.id }
    const step = tracing.begin(`${request.method} ${route}`, facts, request.headers)
    steps.set(request, step)
    step.within(done)
  })
  // Reading the body has left the step.
  http.addHook('preHandler', (request, _reply, done) => {
    const step = steps.get(request)
    if (step) step.within(done)
    else done()
  })
  http.addHook('onResponse', async (request, { raw: { statusCode } }) => {
    steps.get(request)?.end({ 'http.response.status_code': statusCode }, statusCode >= 500 ? String(statusCode) : null)
  })
}
