import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import { createHandler } from 'graphql-sse'
import type { Logger } from 'pino'
import { RequestError } from '../shared/errors.ts'
import { RequestContext } from '../shared/request-context.ts'
import { eventsOf } from './stream-events.ts'
import { StreamReader } from './stream-reader.ts'

/** What streams are made of. */
export interface StreamParts {
  /** The schema as it is now. */
  schema(): GraphQLSchema
}

/** Streams that one server carries. A page has one, and closes it while nobody looks. */
const MOST_STREAMS = 500

/**
 * `/graphql/stream` answers subscriptions as Server-Sent Events: GET with `query`, or POST as at `/graphql`, each with
 * `accept: text/event-stream`. A line comes every 12 s so that proxies keep the connection. Streams end when the server stops.
 */
export function streamRoute(http: FastifyInstance, { schema }: StreamParts): void {
  const readers = new Set<StreamReader>()
  const handle = createHandler<FastifyRequest, StreamReader>({
    // One request, one stream: the other mode of the protocol keeps streams that nobody may ever read.
    authenticate: () => null,
    onSubscribe: ({ raw: { id, log } }, asked) => eventsOf(asked, { schema, context: () => new RequestContext(id, log as Logger) }),
    onNext: (_, { context: reader }) => reader.ready(),
  })
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.headers.accept !== 'text/event-stream')
      throw new RequestError('This address answers subscriptions. Ask with the header "accept: text/event-stream".')
    if (readers.size >= MOST_STREAMS) throw new RequestError(`This server carries ${MOST_STREAMS} streams already. Close one, or wait.`)
    const reader = new StreamReader(reply.raw)
    const { method, url, headers } = request
    const get = (name: string): string | null => [headers[name.toLowerCase()] ?? []].flat().join('\n') || null
    const body = request.body as Record<string, unknown> | null
    const [events, init] = await handle({ method, url, headers: { get }, body, raw: request, context: reader })
    if (events === null || typeof events === 'string') throw new RequestError('The subscription cannot be read. Send it as "query".')
    reply.hijack()
    reply.raw.writeHead(init.status, { ...init.headers, 'x-content-type-options': 'nosniff', 'x-accel-buffering': 'no' })
    readers.add(reader)
    await reader.read(events).finally(() => readers.delete(reader))
  }
  http.get('/graphql/stream', { exposeHeadRoute: false }, answer)
  http.post('/graphql/stream', answer)
  http.addHook('preClose', async () => readers.forEach((reader) => reader.end()))
}
