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
import type { PackService } from '../pack/pack.service.ts'
import type { Clock } from '../shared/clock.ts'
import { HandoverError, NotFoundError } from '../shared/errors.ts'
import { RequestContext } from '../shared/request-context.ts'
import type { Dashboard } from './dashboard.ts'
import { exportRoute } from './export.route.ts'
import { INTERNAL_MESSAGE } from './error-masking.ts'
import { errorBody } from './error-body.ts'
import { createGraphqlServer } from './graphql-server.ts'
import { guardHosts } from './host-check.ts'
import { landingPage } from './landing-page.ts'
import { mediaRoute } from './media.route.ts'
import { requestIdOf } from './request-id.ts'
import { packRoute } from './pack.route.ts'
import { observeRoutes } from './observe/observe.routes.ts'
import type { Observation } from './observe/observation.ts'
import { countRequests } from './observe/request-metrics.ts'
import { traceRequests } from './observe/request-traces.ts'
import type { Tracing } from './observe/tracing.ts'
import { watchOperations } from './observe/watch-operations.ts'
import { streamRoute } from './stream.route.ts'
import type { Settings } from './config.ts'

/** What the HTTP server passes requests on to. */
export interface HttpParts {
  readonly settings: Settings
  readonly logger: Logger
  readonly dataApi: DataApiService
  readonly exports: ExportService
  readonly pack: PackService
  readonly clock: Clock
  readonly lake: LakeService
  /** Tells subscriptions what changes; closed with this server. */
  readonly watch: LoadWatch
  readonly dashboard: Dashboard
  readonly observation: Observation
  readonly tracing: Tracing
}

const LARGEST_BODY = 1024 * 1024

/** Makes the one HTTP server: API, files and dashboard under one address. It does not listen yet. */
export async function createHttpServer(parts: HttpParts): Promise<FastifyInstance> {
  const http: FastifyInstance = Fastify({
    loggerInstance: parts.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    bodyLimit: LARGEST_BODY,
    genReqId: ({ headers }) => requestIdOf(headers),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1000 },
  })
  const page = landingPage(parts.settings.sandbox)
  countRequests(http, parts.observation.metrics)
  nameRequests(http)
  traceRequests(http, parts.tracing)
  guardHosts(http, parts.settings)
  passPagesOn(http, parts.dashboard)
  http.addHook('onSend', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin')
    if (request.routeOptions.url !== '/graphql') return
    reply.header('cache-control', 'no-store')
    if (isHtml(reply)) reply.header('content-security-policy', page.contentSecurityPolicy)
  })
  http.setErrorHandler(answerError)
  observeRoutes(http, parts.observation)
  mediaRoute(http, parts.lake)
  exportRoute(http, parts.exports)
  packRoute(http, parts.pack, parts.clock)
  streamRoute(http, { schema: () => parts.dataApi.schema })
  http.addHook('onClose', () => parts.watch.close())
  const apollo = createGraphqlServer(parts.dataApi, page.html, watchOperations(parts.observation.metrics, parts.tracing))
  await apollo.start()
  http.addHook('onClose', () => apollo.stop())
  await http.register(fastifyApollo(apollo), {
    path: '/graphql',
    context: async (request, reply) => new RequestContext(request.id, request.log as Logger, goneSignal(reply)),
  })
  return http
}

/** Every answer carries the id under which its request stands in the log, pages of the dashboard too. */
function nameRequests(http: FastifyInstance): void {
  http.addHook('onRequest', async (request, reply) => void reply.raw.setHeader('x-request-id', request.id))
  http.addHook('onResponse', async ({ log, method, url }, { raw, elapsedTime }) => {
    // What stands behind the "?" may be anything, a key too.
    log.debug({ method, path: url.split('?')[0], status: raw.statusCode, ms: Math.round(elapsedTime) }, 'A request was answered')
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
    request.log.error({ err: error }, 'A request failed inside Handover')
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

const isHtml = (reply: FastifyReply) => String(reply.getHeader('content-type') ?? '').startsWith('text/html')
