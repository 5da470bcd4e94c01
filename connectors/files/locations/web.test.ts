import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { ServerResponse } from 'node:http'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError, SourceError } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { serve, type TestServer } from '../testing/server.ts'
import { people, Source } from '../testing/source.ts'

const source = (server: TestServer, config: Record<string, unknown>) =>
  new Source(config, { filesFolder: import.meta.dirname, allowedHosts: [server.host] })

const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )
const fieldsOf = (error: unknown): string[] => (error as ConfigError).fields.map(({ name }) => name)

/** Files that a test may change, with an ETag each as servers make them. */
function shop(files: Record<string, string | Buffer>, token?: string) {
  return serve((request, response) => {
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
      return end(response, request.headers.authorization === undefined ? 401 : 403)
    const body = files[request.url!.split('?')[0]!]
    if (body === undefined) return end(response, 404)
    const etag = `"${Buffer.from(body).toString('base64').slice(-12)}"`
    if (request.headers['if-none-match'] === etag) return end(response, 304)
    response.writeHead(200, { etag }).end(body)
  })
}
const end = (response: ServerResponse, status: number): void => void response.writeHead(status).end()

describe('files at web addresses', () => {
  it('are read like those in a folder, packed or not, of every kind', async () => {
    const workbook = readFileSync(join(import.meta.dirname, '../fixtures/formats/book.xlsx'))
    const server = await shop({ '/a.csv': 'id,name\n1,a\n', '/b.ndjson.gz': gzipSync('{"id":2,"name":"b"}\n'), '/c%20d.xlsx': workbook })
    const address = `${server.origin}/a.csv ${server.origin}/b.ndjson.gz\n${server.origin}/c%20d.xlsx`
    const found = await source(server, { address }).load()
    expect(found.values('name')).toEqual(['a', 'b', 'Åsa & <co>', '2026-01-31', null])
    expect(found.values('file').slice(0, 3)).toEqual([`${server.host}/a.csv`, `${server.host}/b.ndjson.gz`, `${server.host}/c d.xlsx`])
    expect(found.discovery!.datasets[0]!.name).toBe('a')
  })

  it('are not sent again while they have the same ETag', async () => {
    const files = { '/a.csv': 'id\n1\n', '/b.csv': 'id\n2\n' }
    const server = await shop(files)
    const found = await source(server, { address: `${server.origin}/a.csv ${server.origin}/b.csv`, key: 'id' }).load()
    server.asked.length = 0
    expect((await found.load()).read).toBe(0)
    expect(server.asked).toEqual(['GET /a.csv 304', 'GET /b.csv 304', 'GET /a.csv 304', 'GET /b.csv 304'])
    files['/b.csv'] = 'id\n2\n3\n'
    expect((await found.load()).values('id')).toEqual([1, 2, 3])
  })

  it('are known by their time, or by their content, where a server gives no ETag', async () => {
    let body = 'id\n1\n'
    let modified: string | undefined = 'Sat, 31 Jan 2026 10:00:00 GMT'
    const server = await serve((request, response) => {
      if (modified !== undefined && request.headers['if-modified-since'] === modified) return end(response, 304)
      response.writeHead(200, modified === undefined ? {} : { 'last-modified': modified }).end(body)
    })
    const found = await source(server, { address: `${server.origin}/a.csv`, key: 'id' }).load()
    expect((await found.load()).read).toBe(0)
    modified = undefined
    expect((await found.load()).read).toBe(1)
    expect((await found.load()).read).toBe(0)
    body = 'id\n1\n2\n'
    expect((await found.load()).read).toBe(2)
  })

  it('go on inside the file where a load was broken off', async () => {
    const server = await shop({ '/a.csv.gz': gzipSync(`id,name\n${people(12_000)}`) })
    const found = source(server, { address: `${server.origin}/a.csv.gz`, key: 'id' })
    let read = 0
    for (let loads = 0; loads < 10; loads++) read += (await found.load(1)).read
    expect(read).toBe(12_000)
    expect(found.values('id')).toHaveLength(12_000)
  })

  it('get a name and a kind from what stands behind #, and packing that the server undid is no fault', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { etag: '"1"', 'content-encoding': 'gzip' }).end(gzipSync('id\n1\n')),
    )
    const found = await source(server, { address: `${server.origin}/export?format=csv&key=secret#sales.csv.gz` }).load()
    expect(found.pages[0]!.request).toBe('sales.csv.gz')
    expect(found.discovery!.datasets[0]!.name).toBe('sales')
    expect(JSON.stringify([found.discovery, found.pages])).not.toContain('secret')
  })

  it('are asked for with the token, which goes nowhere else', async () => {
    const other = await serve((request, response) =>
      response.writeHead(200, { etag: '"1"' }).end(`id,seen\n1,${request.headers.authorization ?? 'nothing'}\n`),
    )
    const server = await serve((request, response) => {
      if (request.headers.authorization !== 'Bearer letmein-123') return end(response, 401)
      response.writeHead(302, { location: `${other.origin}/b.csv` }).end()
    })
    const found = new Source(
      { address: `${server.origin}/a.csv`, token: 'letmein-123' },
      { filesFolder: import.meta.dirname, allowedHosts: [server.host, other.host] },
    )
    expect((await found.load()).values('seen')).toEqual(['nothing'])
    expect(JSON.stringify([found.discovery, found.cursor])).not.toContain('letmein')
  })
})

describe('what is wrong with a web address is said beside the field', () => {
  it.each<[string, string, string, RegExp]>([
    ['wrong path', '/b.csv', 'address', /has nothing at this address/],
    ['no ending', '/export?kind=csv', 'address', /does not say what kind of file it is\. Add # and a name/],
    ['no address at all', 'example', 'address', /is no address of a file\. Write it with https:\/\/ in front/],
    ['another protocol', 'ftp://x/a.csv', 'address', /is no address of a file/],
    ['a password inside', 'https://me:pass@x/a.csv', 'address', /holds a user name or password/],
    ['a private network', 'http://10.0.0.1/a.csv', 'address', /lies in a private network/],
    ['an archive', '/a.zip', 'address', /archives are not opened/],
    ['a web page', '/page.csv', 'address', /answers with a web page in place of a file/],
    ['twice the same', '/a.csv?x=1 /a.csv?x=2', 'address', /Two addresses have the same name/],
  ])('%s', async (_what, path, field, message) => {
    const server = await serve((request, response) => {
      if (request.url === '/page.csv')
        return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Sign in</html>')
      return request.url!.startsWith('/a.') ? response.end('id\n1\n') : end(response, 404)
    })
    const address = path
      .split(' ')
      .map((part) => (part.startsWith('/') ? server.origin + part : part))
      .join(' ')
    const error = await faultOf(source(server, { address }).check())
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as Error).message).toMatch(message)
    expect(fieldsOf(error)).toEqual([field])
    expect((error as Error).message).not.toContain('pass@')
  })

  it.each([
    ['no token', undefined, /does not accept our key/],
    ['a wrong token', 'wrong-token', /does not let us read this/],
  ])('%s', async (_what, token, message) => {
    const server = await shop({ '/a.csv': 'id\n1\n' }, 'right-token')
    const error = await faultOf(source(server, { address: `${server.origin}/a.csv`, ...(token !== undefined && { token }) }).check())
    expect((error as Error).message).toMatch(message)
    expect(fieldsOf(error)).toEqual(['token'])
    expect((await source(server, { address: `${server.origin}/a.csv`, token: 'right-token' }).load()).read).toBe(1)
  })

  it('wrong columns, sheets and lists', async () => {
    const server = await shop({ '/a.csv': 'id\n1\n', '/b.json': '{"x":[{"id":1}],"y":[{"id":2}]}' })
    const check = (config: Record<string, unknown>) => faultOf(source(server, config).check())
    const key = await check({ address: `${server.origin}/a.csv`, key: 'nr' })
    expect([fieldsOf(key), (key as Error).message]).toEqual([
      ['key'],
      expect.stringMatching(/names a column "nr" that the files do not have\. They have: id\./),
    ])
    const records = await check({ address: `${server.origin}/b.json` })
    expect([fieldsOf(records), (records as Error).message]).toEqual([['records'], expect.stringMatching(/more than one list \(x, y\)/)])
    expect(fieldsOf(await check({ address: `${server.origin}/a.csv`, folder: 'x' }))).toEqual(['address'])
  })

  it('a host that does not answer: for a form a fault of the field, for a load one that may pass', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    await new Promise((resolve) => server.close(resolve))
    const closed = new Source({ address: `http://${host}/a.csv` }, { filesFolder: import.meta.dirname, allowedHosts: [host] })
    const error = await faultOf(closed.check())
    expect([fieldsOf(error), (error as Error).message]).toEqual([
      ['address'],
      expect.stringMatching(/could not be reached: nothing listens there/),
    ])
    expect(await faultOf(closed.load())).toBeInstanceOf(SourceError)
  })
})

describe('a server that misbehaves', () => {
  it('and stops in the middle fails the load, to be tried again, and nothing of it is kept', async () => {
    let cut = true
    const body = `id,name\n${people(20_000)}`
    const server = await serve((_request, response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': Buffer.byteLength(body) })
      if (!cut) return response.end(body)
      response.write(body.slice(0, 100_000))
      setImmediate(() => response.destroy())
    })
    const found = source(server, { address: `${server.origin}/a.csv`, key: 'id' })
    const error = await faultOf(found.load())
    expect(error).toBeInstanceOf(SourceError)
    cut = false
    expect((await found.load()).values('id')).toHaveLength(20_000)
  })

  it('and sends a broken file of no version is told so once, and the others load', async () => {
    const server = await serve((request, response) =>
      response.end(request.url === '/a.csv.gz' ? gzipSync(people(1000)).subarray(0, 500) : 'id\n1\n'),
    )
    const found = await source(server, { address: `${server.origin}/a.csv.gz ${server.origin}/b.csv` }).load()
    expect(found.values('id')).toEqual([1])
    expect(found.reasons).toEqual([expect.stringMatching(/damaged or not whole/)])
    expect((await found.load()).read).toBe(0)
  })

  it('and sends a bomb is told so', async () => {
    const server = await shop({ '/a.csv.gz': gzipSync(Buffer.alloc(100_000_000)), '/b.csv': 'id\n1\n' })
    const found = await source(server, { address: `${server.origin}/a.csv.gz ${server.origin}/b.csv` }).load()
    expect(found.reasons).toEqual([expect.stringMatching(/unpacks to more than 500 times its size/)])
  })
})
