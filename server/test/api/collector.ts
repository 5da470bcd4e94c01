import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'

/** A span as it came, with its attributes by name. */
export interface ReceivedSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly failed: boolean
  readonly links: readonly string[]
  readonly attributes: Readonly<Record<string, string | number | boolean>>
}

/** A collector of OpenTelemetry that keeps what it is sent. */
export interface Collector extends AsyncDisposable {
  readonly url: string
  readonly spans: ReceivedSpan[]
  /** Everything that came, as text. */
  readonly bodies: string[]
  readonly headers: IncomingHttpHeaders[]
  /** Attributes of the processes that sent something. */
  readonly resources: Record<string, unknown>[]
}

type Value = Readonly<{ stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean }>
type Attributes = readonly { key: string; value: Value }[]
interface RawSpan extends Omit<ReceivedSpan, 'attributes' | 'failed' | 'links'> {
  readonly attributes: Attributes
  readonly status?: { code?: number }
  readonly links?: readonly { traceId: string }[]
}
interface Request {
  readonly resourceSpans: readonly { resource: { attributes: Attributes }; scopeSpans: readonly { spans: readonly RawSpan[] }[] }[]
}

/** Takes OTLP with JSON over HTTP on a free port of this machine. */
export async function collector(): Promise<Collector> {
  const kept: Pick<Collector, 'spans' | 'bodies' | 'headers' | 'resources'> = { spans: [], bodies: [], headers: [], resources: [] }
  const server = createServer(async (request, response) => {
    const body = await text(request)
    kept.bodies.push(body)
    kept.headers.push(request.headers)
    for (const { resource, scopeSpans } of (JSON.parse(body) as Request).resourceSpans) {
      kept.resources.push(plain(resource.attributes))
      kept.spans.push(...scopeSpans.flatMap(({ spans }) => spans.map(received)))
    }
    response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...kept,
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const received = ({ name, traceId, spanId, parentSpanId, attributes, status, links = [] }: RawSpan): ReceivedSpan => ({
  ...{ name, traceId, spanId, parentSpanId, attributes: plain(attributes) },
  failed: status?.code === 2,
  links: links.map((link) => link.traceId),
})

const plain = (attributes: Attributes): ReceivedSpan['attributes'] =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? Number(value.intValue ?? value.doubleValue)]),
  )
