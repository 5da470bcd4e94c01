import fastifyApollo from '@as-integrations/fastify'
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Logger } from 'pino'
import type { DataApiService } from '../data-api/data-api.service.ts'
import type { ExportService } from '../data-api/export.service.ts'
import type { LakeService } from '../lake/lake.service.ts'
import type { LoadWatch } from '../loads/loads.service.ts'
import { HandoverError, NotFoundError } from '../shared/errors.ts'
import { newId } from '../shared/ids.ts'
import { RequestContext } from '../shared/request-context.ts'
import type { Dashboard } from './dashboard.ts'
import { exportRoute } from './export.route.ts'
import { INTERNAL_MESSAGE } from './error-masking.ts'
import { createGraphqlServer } from './graphql-server.ts'
import { allowedHosts, hostNameOf } from './host-check.ts'
import { landingPage } from './landing-page.ts'
import { mediaRoute } from './media.route.ts'
import { streamRoute } from './stream.route.ts'
import type { Settings } from './config.ts'

/** What the HTTP server passes requests on to. */
export interface HttpParts {
  readonly settings: Settings
  readonly logger: Logger
  readonly dataApi: DataApiService
  readonly exports: ExportService
  readonly lake: LakeService
  /** Tells subscriptions what changes; closed with this server. */
  readonly watch: LoadWatch
  readonly dashboard: Dashboard
  /** True once loads and schedule run; asked by `/readyz`. */
  isReady(): boolean
}

const LARGEST_BODY = 1024 * 1024

/** Makes the one HTTP server: API, files and dashboard under one address. It does not listen yet. */
export async function createHttpServer(parts: HttpParts): Promise<FastifyInstance> {
  const http: FastifyInstance = Fastify({
    loggerInstance: parts.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_BODY,
    genReqId: () => newId(),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1000 },
  })
  const page = landingPage(parts.settings.sandbox)
  guardHosts(http, parts.settings)
  passPagesOn(http, parts.dashboard)
  http.addHook('onSend', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin')
    if (request.routeOptions.url === '/graphql' && isHtml(reply)) reply.header('content-security-policy', page.contentSecurityPolicy)
  })
  http.setErrorHandler(answerError)
  http.get('/healthz', async () => ({ status: 'ok' }))
  http.get('/readyz', async (_, reply) => {
    const ready = parts.isReady()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'starting or stopping' })
  })
  mediaRoute(http, parts.lake)
  exportRoute(http, parts.exports)
  streamRoute(http, { logger: parts.logger, schema: () => parts.dataApi.schema })
  http.addHook('onClose', () => parts.watch.close())
  const apollo = createGraphqlServer(parts.dataApi, page.html)
  await apollo.start()
  http.addHook('onClose', () => apollo.stop())
  await http.register(fastifyApollo(apollo), {
    path: '/graphql',
    context: async (request, reply) => new RequestContext(request.id, parts.logger.child({ requestId: request.id }), goneSignal(reply)),
  })
  return http
}

/** A page of another site must not reach this server by pointing its own name at this address (DNS rebinding). */
function guardHosts(http: FastifyInstance, settings: Settings): void {
  const allowed = allowedHosts(settings)
  http.addHook('onRequest', async (request, reply) => {
    const name = hostNameOf(request.headers.host)
    if (name !== null && allowed.has(name)) return
    const message = `This server does not answer under the name "${name ?? ''}". Use http://localhost, or add the name to HANDOVER_ALLOWED_HOSTS.`
    return reply.code(421).send(errorBody('HOST_REFUSED', message, request.id))
  })
}

/** Everything without a route of its own is a page. Before the body parsers, because the dashboard reads bodies itself. */
function passPagesOn(http: FastifyInstance, dashboard: Dashboard): void {
  http.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done()
    reply.hijack()
    dashboard(request.raw, reply.raw)
  })
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof HandoverError && error.code !== 'INTERNAL') {
    void reply.code(error instanceof NotFoundError ? 404 : 400).send(errorBody(error.code, error.message, request.id))
  } else if (error.statusCode !== undefined && error.statusCode < 500) {
    void reply.code(error.statusCode).send(errorBody('BAD_REQUEST', `The request cannot be read: ${error.message}`, request.id))
  } else {
    request.log.error({ err: error, requestId: request.id }, 'A request failed inside Handover')
    void reply.code(500).send(errorBody('INTERNAL', INTERNAL_MESSAGE, request.id))
  }
}

/** Aborts when the connection closes before the answer is written. Fastify's own signal aborts as soon as the body is read. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) controller.abort()
  })
  return controller.signal
}

/** The same form as an error of GraphQL, so that a client needs to know one. */
const errorBody = (code: string, message: string, requestId: string) => ({ errors: [{ message, extensions: { code, requestId } }] })

const isHtml = (reply: FastifyReply) => String(reply.getHeader('content-type') ?? '').startsWith('text/html')
