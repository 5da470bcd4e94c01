import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answer } from './answer.ts'
import { readSettings } from './settings.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const running: Server[] = []
const serve = async (handler: Handler): Promise<{ url: string; server: Server }> => {
  const server = createServer(handler)
  running.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

let api: Handler
let url: string
let apiServer: Server
beforeEach(async () => {
  const behind = await serve((asked, response) => api(asked, response))
  apiServer = behind.server
  const { settings } = readSettings({ HANDOVER_INTERNAL_API: behind.url, HANDOVER_PUBLIC_URL: 'https://data.example.org' })
  const page: Handler = ({ headers }, response) => void response.end(`page over ${String(headers['x-forwarded-proto'])}`)
  url = (await serve(answer(settings, page))).url
})
afterEach(() => {
  for (const server of running.splice(0)) server.close().closeAllConnections()
})

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const part of request) text += String(part)
  return text
}
/** Asks under a name of its own, which `fetch` does not let one choose. */
const askAs = async (headers: Record<string, string>, path = '/'): Promise<{ status: number; text: string }> => {
  const { port } = new URL(url)
  const [response] = (await once(request({ host: '127.0.0.1', port, path, headers }).end(), 'response')) as [IncomingMessage]
  return { status: response.statusCode!, text: await textOf(response) }
}

describe('what belongs to the API', () => {
  it('is passed on with body and headers, but for those of the connection, and comes back as it is', async () => {
    api = async (asked, response) => {
      const { host, connection, 'x-request-id': id } = asked.headers
      const seen = { method: asked.method, url: asked.url, host, id, private: asked.headers['x-private'], body: await textOf(asked) }
      response.writeHead(418, { 'x-answer': 'yes', connection: connection === 'close' ? 'close' : 'keep-alive' }).end(JSON.stringify(seen))
    }
    const headers = { 'x-request-id': 'abc', 'content-type': 'application/json' }
    const response = await fetch(`${url}/graphql?x=1`, { method: 'POST', headers, body: '{"query":"{ å }"}' })
    expect([response.status, response.headers.get('x-answer')]).toEqual([418, 'yes'])
    const host = `127.0.0.1:${(apiServer.address() as AddressInfo).port}`
    expect(await response.json()).toEqual({ method: 'POST', url: '/graphql?x=1', host, id: 'abc', body: '{"query":"{ å }"}' })
    const hop = await askAs({ host: 'localhost', connection: 'x-private', 'x-private': 'secret' }, '/media/users/a')
    expect(JSON.parse(hop.text)).not.toHaveProperty('private')
  })

  it('is only what has a route there', async () => {
    api = (asked, response) => void response.end(`api ${asked.url}`)
    for (const path of ['/graphql', '/graphql/stream', '/graphql?a', '/media/a/b', '/export/a/b.csv'])
      expect(await (await fetch(url + path)).text()).toBe(`api ${path}`)
    for (const path of ['/', '/graphqlx', '/metrics', '/mediae', '/data/users'])
      expect(await (await fetch(url + path)).text()).toBe('page over http')
  })

  it('streams: the first line arrives before the last one is written, and who goes away ends it', async () => {
    let ended: Promise<unknown> = Promise.resolve()
    api = (_, response) => {
      ended = once(response, 'close')
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: next\n\n')
    }
    const leave = new AbortController()
    const response = await fetch(`${url}/graphql/stream`, { signal: leave.signal })
    const first = await response.body!.getReader().read()
    expect(new TextDecoder().decode(first.value)).toBe('event: next\n\n')
    leave.abort()
    await ended
  })

  it('is cut off where the API cuts it off, so that half an export does not look whole', async () => {
    api = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half')
      setImmediate(() => response.destroy())
    }
    await expect(fetch(`${url}/export/a/b.csv`).then((response) => response.text())).rejects.toThrow('terminated')
  })

  it('is refused in words while the API is down, with a body on its way as well', async () => {
    apiServer.close().closeAllConnections()
    for (const init of [{}, { method: 'POST', body: 'x'.repeat(2_000_000) }]) {
      const response = await fetch(`${url}/graphql`, init)
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'SERVER_UNREACHABLE' } }] })
    }
  })
})

describe('names', () => {
  it('that are not ours reach neither pages nor the API', async () => {
    api = (_, response) => void response.end('api')
    for (const path of ['/', '/graphql', '/export/a/b.csv']) {
      const { status, text } = await askAs({ host: 'evil.example' }, path)
      expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([421, 'HOST_REFUSED'])
    }
    for (const host of ['localhost:8080', 'DATA.example.org']) expect(await askAs({ host })).toMatchObject({ status: 200 })
  })

  it('tell over what people see the page, whatever a header says', async () => {
    expect((await askAs({ host: 'data.example.org' })).text).toBe('page over https')
    expect((await askAs({ host: 'localhost', 'x-forwarded-proto': 'https' })).text).toBe('page over http')
  })
})

describe('health', () => {
  it('is well while the API is down, but not ready', async () => {
    api = (_, response) => void response.end('{"status":"ready"}')
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' })
    apiServer.close().closeAllConnections()
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const response = await fetch(`${url}/readyz`)
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'not ready', reason: 'The server behind the dashboard does not answer.' },
    ])
  })

  it('is asked under any name, as probes do', async () => {
    expect(await askAs({ host: '10.1.2.3:3000' }, '/healthz')).toMatchObject({ status: 200 })
  })
})

it('has settings that say what is wrong, a line each', () => {
  const { faults } = readSettings({ HANDOVER_PORT: 'x', HANDOVER_INTERNAL_API: 'server:3000', HANDOVER_PUBLIC_URL: 'https://a/b' })
  expect(faults).toHaveLength(3)
  expect(readSettings({}).settings).toMatchObject({ host: '127.0.0.1', port: 3000, publicUrl: null })
})
