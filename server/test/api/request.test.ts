import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  await server.shelf('shop', { rows: 10 })
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${server.url}/graphql`, { method: 'POST', headers, body })

/** fetch does not let a Host header through. */
const statusUnderName = (host: string, path: string) =>
  new Promise<number>((resolve, reject) => {
    const { port } = new URL(server.url)
    request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end()
  })

describe('a limit', () => {
  const page = 'query ($first: Int) { shop { items(first: $first) { nodes { id } } } }'

  it.each([0, -1, 1001, 2_000_000_000])('refuses a page of %d, also through a variable', async (first) => {
    const { errors } = await server.ask(page, { first })
    expect(errors).toMatchObject([
      { message: expect.stringContaining('"first" must be from 1 to 1,000'), extensions: { code: 'REQUEST_INVALID' } },
    ])
    const written = await server.ask(`{ shop { items(first: ${first}) { nodes { id } } } }`)
    expect(written.errors![0]!.extensions.code).toBe('REQUEST_INVALID')
  })

  it('lets the largest page through', async () => expect((await server.ask(page, { first: 1000 })).data.shop.items.nodes).toHaveLength(10))

  it('refuses a page of nothing given', async () => {
    expect((await server.ask(page, { first: null })).errors![0]!.extensions.code).toBe('REQUEST_INVALID')
  })

  it('holds for the whole of a request, with variables filled in', async () => {
    const fields = Array.from({ length: 30 }, (_, index) => `a${index}: items(first: $first) { nodes { id name price weight } }`).join(' ')
    const query = `query ($first: Int) { shop { ${fields} } }`
    expect((await server.ask(query, { first: 10 })).errors).toBeUndefined()
    expect((await server.ask(query, { first: 1000 })).errors![0]!.message).toContain('asks for too much at once')
  })

  it('holds through fragments that multiply', async () => {
    const levels = Array.from(
      { length: 15 },
      (_, index) => `fragment f${index} on Query { a${index}: sources { slug } ...f${index + 1} ...f${index + 1} }`,
    )
    const { errors } = await server.ask(`{ ...f0 } ${levels.join('\n')} fragment f15 on Query { sources { slug } }`)
    expect(errors![0]!.extensions.code).toBe('REQUEST_INVALID')
  })

  it('holds for depth', async () => {
    const deep = 'source { datasets { '.repeat(7) + 'name' + ' } }'.repeat(7)
    const { errors } = await server.ask(`{ datasets { ${deep} } }`)
    expect(errors![0]!.message).toContain('more than 12 levels deep')
  })

  it('holds for the length of a question', async () => {
    const response = await post(JSON.stringify({ query: `{ ${'sources { slug } '.repeat(2000)} }` }))
    expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] }])
  })
})

describe('an error', () => {
  it('of ours is known by its code and a sentence', async () => {
    const { errors } = await server.ask('mutation { loadNow(source: "nobody") { id } }')
    expect(errors).toMatchObject([{ message: 'There is no source called "nobody".', extensions: { code: 'NOT_FOUND' } }])
  })

  it('names the settings at fault', async () => {
    const input = { slug: 'other', title: 'Other', connector: 'shelf', config: { rows: -1 } }
    const { errors } = await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
    expect(errors![0]!.extensions).toMatchObject({ code: 'CONFIG_INVALID', fields: [{ name: 'config.rows' }] })
  })

  it('that nobody foresaw says nothing but where it stands in the log', async () => {
    await server.sql('ALTER TABLE shop__items RENAME TO hidden')
    const { errors } = await server.ask('{ shop { items { nodes { name } } } }')
    await server.sql('ALTER TABLE hidden RENAME TO shop__items')
    expect(errors).toHaveLength(1)
    expect(errors![0]!.extensions).toEqual({ code: 'INTERNAL', requestId: expect.any(String) })
    expect(JSON.stringify(errors)).not.toMatch(/SELECT|sqlite|shop__items|node_modules/i)
    expect(server.logged.some((line) => line.includes(errors![0]!.extensions.requestId!) && /no such table|doesn't exist/.test(line))).toBe(
      true,
    )
  })

  it('of a cursor of something else is refused in words', async () => {
    const { errors } = await server.ask('{ shop { items(after: "bm9wZQ") { nodes { id } } } }')
    expect(errors![0]!.extensions.code).toBe('REQUEST_INVALID')
  })

  it('of a body that is not JSON is JSON itself', async () => {
    const response = await post('{ not json')
    expect(response.headers.get('content-type')).toContain('application/json')
    expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ extensions: { code: 'BAD_REQUEST' } }] }])
  })
})

describe('another web site', () => {
  it('cannot ask through a form that browsers send without asking', async () => {
    const response = await post('query={sources{slug}}', {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://evil.example',
    })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await response.text()).not.toContain('shop')
    const plain = await post(JSON.stringify({ query: '{ sources { slug } }' }), {
      'content-type': 'text/plain',
      origin: 'https://evil.example',
    })
    expect(plain.status).toBeGreaterThanOrEqual(400)
    const get = await fetch(`${server.url}/graphql?query=${encodeURIComponent('{ sources { slug } }')}`)
    expect(get.headers.get('cache-control')).toBe('no-store')
    expect(get.status).toBe(400)
  })

  it('gets no permission to read answers', async () => {
    const response = await post(JSON.stringify({ query: '{ sources { slug } }' }), {
      'content-type': 'application/json',
      origin: 'https://evil.example',
    })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('cannot reach the server by pointing its own name at it', async () => {
    for (const path of ['/graphql', '/', '/healthz', '/export/shop/items.csv'])
      expect(await statusUnderName('evil.example', path)).toBe(421)
    for (const host of ['localhost:3000', '127.0.0.1', '[::1]:80']) expect(await statusUnderName(host, '/healthz')).toBe(200)
  })
})

describe('the page at /graphql', () => {
  it('asks nothing of another host by itself and lets only itself run', async () => {
    const response = await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } })
    const html = await response.text()
    expect(html).toContain('Open Apollo Sandbox')
    expect(html).toContain('apollographql.com')
    expect(html).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//)
    expect(response.headers.get('content-security-policy')).toMatch(
      /script-src 'sha256-[^']+' https:\/\/embeddable-sandbox\.cdn\.apollographql\.com;/,
    )
  })

  it('leaves Apollo out when it is switched off', async () => {
    await using without = await startServer({ HANDOVER_SANDBOX: 'off' })
    const response = await fetch(`${without.url}/graphql`, { headers: { accept: 'text/html' } })
    expect((await response.text()) + response.headers.get('content-security-policy')).not.toContain('apollo')
  })
})

it('says that it is alive and ready', async () => {
  expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' })
  expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({
    status: 'ready',
    parts: { process: 'runs', database: 'answers', schedule: 'answers' },
  })
})
