import { expect, it } from 'vitest'
import { collector, type Collector, type ReceivedSpan } from './collector.ts'
import { startServer } from './server.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const PARENT = '00f067aa0ba902b7'

const named = ({ spans }: Collector, name: string): ReceivedSpan[] => spans.filter((span) => span.name === name)
const env = ({ url }: Collector) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20horse-battery',
  HANDOVER_LOG: 'info',
})

it('tell what a load consists of, with ids and counts and nothing of its rows', async () => {
  await using there = await collector()
  let logged: string[]
  {
    await using server = await startServer(env(there))
    await server.shelf('shop', { rows: 1500, bad: true, token: 'horse-battery-staple' })
    logged = server.logged
  }
  const [load] = named(there, 'load')
  expect(load).toMatchObject({
    parentSpanId: undefined,
    attributes: {
      'handover.source': 'shop',
      'handover.load.trigger': 'first',
      'handover.load.state': 'succeeded',
      'handover.records': 1500,
    },
  })
  const [stream] = named(there, 'stream')
  expect(stream).toMatchObject({ traceId: load!.traceId, parentSpanId: load!.spanId, attributes: { 'handover.stream': 'items' } })
  const parts = (name: string) => there.spans.filter((span) => span.name === name && span.traceId === load!.traceId)
  expect(parts('land').map(({ attributes }) => attributes)).toEqual([{ 'handover.records': 1000 }, { 'handover.records': 500 }])
  // Two pages, and the question that finds no further one.
  expect([parts('fetch').length, parts('transform').length]).toEqual([3, 2])
  const inserted = parts('write').reduce((sum, { attributes }) => sum + Number(attributes['handover.rows.inserted']), 0)
  expect(inserted).toBe(1499)
  for (const span of there.spans.filter(({ traceId, name }) => traceId === load!.traceId && name !== 'load'))
    expect(there.spans.map(({ spanId }) => spanId)).toContain(span.parentSpanId)
  const lines = logged.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.filter(({ msg }) => msg === 'A load has ended')).toMatchObject([{ trace_id: load!.traceId, span_id: load!.spanId }])
  expect(there.headers[0]).toMatchObject({ authorization: 'Bearer horse-battery' })
  expect(there.resources[0]).toMatchObject({ 'service.name': 'handover', 'handover.role': 'all' })
  expect(there.bodies.join()).not.toMatch(/horse-battery|Äpple|two\\r\\nlines/)
})

it('go on from the request that asks, down to the operation and its log line', async () => {
  await using there = await collector()
  let logged: string[]
  {
    await using server = await startServer(env(there))
    await server.shelf('shop')
    await server.sql('DROP TABLE shop__items')
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${TRACE}-${PARENT}-01` },
      body: JSON.stringify({ query: 'query Broken { shop { items { totalCount } } }', operationName: 'Broken' }),
    })
    await fetch(`${server.url}/readyz`)
    logged = server.logged
  }
  const ours = there.spans.filter(({ traceId }) => traceId === TRACE)
  const request = ours.find(({ name }) => name === 'POST /graphql')
  expect(request).toMatchObject({ parentSpanId: PARENT, attributes: { 'http.response.status_code': 200, 'handover.request.id': TRACE } })
  expect(ours.find(({ name }) => name === 'GraphQL')).toMatchObject({
    parentSpanId: request!.spanId,
    failed: true,
    attributes: { 'graphql.operation.type': 'query', 'graphql.operation.name': 'Broken', 'handover.outcome': 'failed' },
  })
  const line = logged.map((each) => JSON.parse(each) as Record<string, unknown>).find(({ level }) => level === 'error')
  expect(line).toMatchObject({ trace_id: TRACE, requestId: TRACE })
  expect(named(there, 'GET /readyz')).toEqual([])
  // The load was asked for by a request, and is a trace of its own.
  expect(named(there, 'load').map(({ links }) => links.length)).toEqual([1])
})

it('that nobody takes disturb no load, and are said once', async () => {
  let url: string
  {
    await using gone = await collector()
    url = gone.url
  }
  await using server = await startServer({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces` })
  const said = () => server.logged.filter((line) => line.includes('Traces cannot be sent'))
  await server.shelf('shop')
  await expect.poll(() => said().length, { timeout: 15_000 }).toBe(1)
  await server.shelf('again')
  const { data } = await server.ask('{ loads(first: 9) { nodes { state } } }')
  expect(data.loads.nodes).toEqual([{ state: 'SUCCEEDED' }, { state: 'SUCCEEDED' }])
  await server.handover.stop()
  expect(said()).toHaveLength(1)
})

it('are none unless there is an address for them', async () => {
  await using server = await startServer({ HANDOVER_LOG: 'info' })
  await server.shelf('shop')
  expect(server.logged.join()).not.toContain('trace_id')
})
