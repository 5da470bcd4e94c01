import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './server.ts'
import { subscribe } from './stream.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  await server.shelf('shop', { rows: 10 })
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

const CHANGED = 'subscription ($id: ID, $source: String) { loadChanged(id: $id, source: $source) { id state records source { slug } } }'

/** The first answer that fits, or what came until the stream ended. */
async function until(events: AsyncGenerator<{ data: any }, void>, fits: (data: any) => boolean): Promise<any[]> {
  const seen: any[] = []
  for (;;) {
    const { value, done } = await events.next()
    if (done) return seen
    seen.push(value.data)
    if (fits(value.data)) return seen
  }
}

describe('a subscription', () => {
  it('tells of a load from its beginning to its end', async () => {
    await using stream = await subscribe(server, CHANGED, { source: 'shelves' })
    expect([stream.status, stream.type]).toEqual([200, 'text/event-stream; charset=utf-8'])
    const seen = until(stream.events, ({ loadChanged }) => loadChanged.state === 'SUCCEEDED')
    await server.shelf('shelves', { rows: 5000 })
    const loads = (await seen).map(({ loadChanged }) => loadChanged)
    expect(loads.at(-1)).toMatchObject({ state: 'SUCCEEDED', records: 5000, source: { slug: 'shelves' } })
    const order = ['QUEUED', 'RUNNING', 'SUCCEEDED']
    const steps = loads.map(({ state }) => order.indexOf(state))
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  })

  it('begins with the load that is asked for, and tells what another process writes', async () => {
    const { loads } = (await server.ask('{ loads(source: "shop", first: 1) { nodes { id } } }')).data
    const { id } = loads.nodes[0]
    await using stream = await subscribe(server, CHANGED, { id })
    expect((await stream.events.next()).value).toMatchObject({ data: { loadChanged: { id, state: 'SUCCEEDED', records: 10 } } })
    const next = stream.events.next()
    // The watch may still be looking for the first time, so the other process goes on writing until it is heard.
    let count = 10
    const writing = setInterval(() => void server.sql('UPDATE handover_load SET records = ? WHERE id = ?', [++count, id]), 100)
    const { data } = (await next).value as { data: any }
    clearInterval(writing)
    expect(data.loadChanged.records).toBeGreaterThan(10)
  })

  it('tells of every load and source that changes', async () => {
    await using stream = await subscribe(server, 'subscription { changed { sources loads { state source { slug } balance { read } } } }')
    const both = { loads: false, sources: false }
    const seen = until(stream.events, ({ changed }) => {
      both.sources ||= changed.sources
      both.loads ||= changed.loads.some((load: any) => load.source?.slug === 'corner' && load.state === 'SUCCEEDED')
      return both.loads && both.sources
    })
    await server.shelf('corner')
    await seen
    expect(both).toEqual({ loads: true, sources: true })
  })

  it('goes on when a source brings new types meanwhile', async () => {
    await using stream = await subscribe(server, CHANGED)
    const ends = (slug: string) =>
      until(stream.events, ({ loadChanged: { source, state } }) => source?.slug === slug && state === 'SUCCEEDED')
    const early = ends('early')
    await server.shelf('early')
    expect((await early).length).toBeGreaterThan(0)
    const late = ends('late')
    await server.shelf('late')
    expect((await late).length).toBeGreaterThan(0)
    expect((await server.ask('{ late { items { totalCount } } }')).errors).toBeUndefined()
  })
})

describe('what is refused', () => {
  const refusals = async (query: string, variables?: object) => {
    await using stream = await subscribe(server, query, variables as never)
    const answers: any[] = []
    for await (const answer of stream.events) answers.push(answer)
    return answers
  }
  const logs = [...'abcdefghijklmnopqrstuvwxyz'].map((name) => `${name}: log(first: 1000) { at level message fields }`)
  const much = `subscription { changed { loads { ${logs.join(' ')} } } }`
  const deep = `subscription { loadChanged { ${'previous { '.repeat(12)} id ${'} '.repeat(12)} } }`

  it.each([
    ['no subscription', '{ platform { version } }', {}, 'REQUEST_INVALID'],
    ['a mutation', 'mutation { loadNow(source: "shop") { id } }', {}, 'REQUEST_INVALID'],
    ['no GraphQL', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { loadChanged { nothing } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a wrong variable', 'subscription ($id: ID!) { loadChanged(id: $id) { id } }', {}, 'BAD_USER_INPUT'],
    ['too deep', deep, {}, 'REQUEST_INVALID'],
    ['too much', much, {}, 'REQUEST_INVALID'],
    ['two operations', 'subscription A { changed { sources } } subscription B { changed { sources } }', {}, 'OPERATION_RESOLUTION_FAILURE'],
  ])('%s is answered with a code, and the stream ends', async (_, query, variables, code) => {
    expect(await refusals(query, variables)).toMatchObject([{ errors: [{ extensions: { code } }] }])
  })

  it('tells a load that does not exist', async () => {
    await using stream = await subscribe(server, CHANGED, { id: 'nothing' })
    const { value } = await stream.events.next()
    expect((value as any).errors).toMatchObject([{ message: 'There is no such load.', extensions: { code: 'NOT_FOUND' } }])
  })

  it('a request that is no stream, or comes under a foreign name', async () => {
    const plain = await fetch(`${server.url}/graphql/stream?query={platform{version}}`)
    expect([plain.status, ((await plain.json()) as any).errors[0].extensions.code]).toEqual([400, 'REQUEST_INVALID'])
    const foreign = get(`${server.url}/graphql/stream`, { headers: { accept: 'text/event-stream', host: 'evil.example' } })
    const [answer] = (await once(foreign, 'response')) as [IncomingMessage]
    answer.resume()
    expect(answer.statusCode).toBe(421)
  })

  it('shows nothing of a fault of ours', async () => {
    const { loads } = (await server.ask('{ loads(source: "shop", first: 1) { nodes { id } } }')).data
    await server.sql('ALTER TABLE handover_load_log RENAME TO hidden_log')
    await using stream = await subscribe(server, 'subscription ($id: ID) { loadChanged(id: $id) { log { message } } }', {
      id: loads.nodes[0].id,
    })
    const { value } = await stream.events.next()
    await server.sql('ALTER TABLE hidden_log RENAME TO handover_load_log')
    expect((value as any).errors[0]).toMatchObject({ extensions: { code: 'INTERNAL', requestId: expect.any(String) } })
    expect(JSON.stringify(value)).not.toContain('handover_load_log')
    expect(server.logged.join()).toContain((value as any).errors[0].extensions.requestId)
  })
})

describe('the end of the server', () => {
  it('ends every stream, and is not held up by them', async () => {
    const ending = await startServer()
    await using stream = await subscribe(ending, 'subscription { changed { sources } }')
    const next = stream.events.next()
    const begun = performance.now()
    await ending[Symbol.asyncDispose]()
    expect(performance.now() - begun).toBeLessThan(1400)
    expect((await next).done).toBe(true)
    expect(ending.logged).toEqual([])
  })

  it('is not held up by a reader that takes nothing', async () => {
    const ending = await startServer()
    const socket = connect(Number(new URL(ending.url).port), '127.0.0.1').pause()
    const query = encodeURIComponent('subscription { loadChanged { id } }')
    socket.write(`GET /graphql/stream?query=${query} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n`)
    await ending.shelf('shop')
    await ending[Symbol.asyncDispose]()
    socket.destroy()
    expect(ending.logged).toEqual([])
  })
})
