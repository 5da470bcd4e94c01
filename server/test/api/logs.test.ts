import { expect, it } from 'vitest'
import { startServer, type TestServer } from './server.ts'

const linesOf = (server: TestServer): Record<string, unknown>[] => server.logged.map((line) => JSON.parse(line) as Record<string, unknown>)

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

it('have one line for each load, with what it came to, under its id and the name of its source', async () => {
  await using server = await startServer({ HANDOVER_LOG: 'info' })
  await server.shelf('shop', { rows: 25 })
  const { data } = await server.ask('{ loads(first: 1) { nodes { id } } }')
  const about = linesOf(server).filter(({ source }) => source === 'shop')
  expect(about).toMatchObject([
    {
      ...{ level: 'info', msg: 'A load has ended', load: data.loads.nodes[0].id, state: 'succeeded', trigger: 'first' },
      ...{ attempt: 1, pages: 1, records: 25, seconds: expect.any(Number) },
    },
  ])
})

it('tell at debug what a load says, and every request without what stands behind its "?"', async () => {
  await using server = await startServer({ HANDOVER_LOG: 'debug' })
  await server.shelf('shop')
  await fetch(`${server.url}/export/shop/items.csv?columns=id`).then((response) => response.text())
  const lines = linesOf(server)
  const ofLoad = lines.filter(({ load }) => typeof load === 'string')
  expect(ofLoad.map(({ msg }) => msg)).toContain('Started for the first time.')
  expect(new Set(ofLoad.map(({ source }) => source))).toEqual(new Set(['shop']))
  await expect
    .poll(() => linesOf(server).filter(({ path }) => path === '/export/shop/items.csv'))
    .toMatchObject([{ method: 'GET', status: 200, requestId: expect.any(String), msg: 'A request was answered' }])
  expect(server.logged.join()).not.toContain('columns=id')
})

it.each([
  ['a name that came with it', { 'x-request-id': 'proxy-7/a' }, 'proxy-7/a'],
  ['the trace that it belongs to', { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` }, TRACE],
  ['a new name where the one that came could break out of a line', { 'x-request-id': 'a b"}' }, null],
  ['a new name where the trace is none', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }, null],
])('put a request under %s, which the answer carries too', async (_, headers, expected) => {
  await using server = await startServer()
  await server.shelf('shop')
  await server.sql('DROP TABLE shop__items')
  const body = JSON.stringify({ query: '{ shop { items { totalCount } } }' })
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  const id = response.headers.get('x-request-id')
  expect(id).toEqual(expected ?? expect.stringMatching(/^[\da-f-]{36}$/))
  expect(JSON.stringify(await response.json())).toContain(id)
  expect(linesOf(server)).toMatchObject([{ level: 'error', requestId: id, msg: 'A request failed inside Handover' }])
  const page = await fetch(`${server.url}/some/page`, { headers })
  expect(page.headers.get('x-request-id')).toEqual(expected ?? expect.stringMatching(/^[\da-f-]{36}$/))
})

it('hold no secret, however much is logged', async () => {
  await using server = await startServer({ HANDOVER_LOG: 'trace' })
  const token = 'horse-battery-staple'
  await server.shelf('shop', { token })
  const headers = { authorization: `Bearer ${token}`, cookie: `session=${token}`, 'content-type': 'application/json' }
  await fetch(`${server.url}/graphql?token=${token}`, { method: 'POST', headers, body: JSON.stringify({ query: `{ sources { slug } }` }) })
  await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', {
    input: { slug: 'no', title: 'No', connector: 'shelf', config: { token, rows: -1 } },
  })
  expect(server.logged.length).toBeGreaterThan(8)
  expect(server.logged.join()).not.toContain(token)
})
