import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ConfigError, SourceError } from './errors.ts'
import { gone, open, serve, type Handle } from './testing/loopback.ts'

/** Answers with one status after the other, the last one for ever. */
const inTurn = (...answers: [number, Record<string, string>?][]): Handle => {
  let turn = 0
  return (_request, response) => {
    const [status, headers] = answers[Math.min(turn++, answers.length - 1)]!
    response.writeHead(status, headers).end('{"ok":true}')
  }
}

describe('get', () => {
  it('gives status, headers, address, bytes, text and body', async () => {
    const origin = await serve((request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'X-Seen': [request.headers['user-agent']!, request.url!] })
        .end('{"id":12345678901234567890}'),
    )
    const answer = await open([origin]).http.get(`${origin}/a?b=1`, { query: { since: '2026', none: null, list: [1, 2], b: 2n } })
    expect(answer).toMatchObject({ status: 200, text: '{"id":12345678901234567890}', body: { id: 12345678901234567890n } })
    expect(answer.headers['x-seen']).toBe('Handover, /a?since=2026&list=1&list=2&b=2')
    expect(answer.url).toBe(`${origin}/a?since=2026&list=1&list=2&b=2`)
    expect(answer.bytes.byteLength).toBe(27)
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['gzip, br', (bytes: Buffer) => brotliCompressSync(gzipSync(bytes))],
  ] as [string, (bytes: Buffer) => Buffer][])('unpacks %s', async (encoding, pack) => {
    const origin = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(pack(Buffer.from('["å"]'))),
    )
    expect(await open([origin]).http.json(origin)).toEqual(['å'])
  })

  it('counts the size after unpacking', async () => {
    const bomb = gzipSync(Buffer.alloc(2_000_000))
    const origin = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
    const { http, waits } = open([origin], { maxBytes: 1_000_000 })
    await expect(http.get(origin)).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE', message: 'The source sent more than 1 MB at once.' })
    expect(waits).toEqual([])
  })

  it('tries a broken packing again, then gives up', async () => {
    const origin = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello there').subarray(0, 20)),
    )
    const { http, waits } = open([origin])
    await expect(http.get(origin)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    expect(waits).toHaveLength(4)
  })

  it('refuses bytes that are no text instead of replacing them, and knows other charsets', async () => {
    const origin = await serve((request, response) =>
      response
        .writeHead(200, { 'content-type': `text/plain${request.url === '/latin' ? '; charset=iso-8859-1' : ''}` })
        .end(Buffer.from([0xe5])),
    )
    const { http } = open([origin])
    const wrong = await http.get(origin)
    expect(() => wrong.text).toThrow(expect.objectContaining({ code: 'SOURCE_NOT_TEXT' }))
    expect((await http.get(`${origin}/latin`)).text).toBe('å')
  })
})

describe('errors', () => {
  it.each([
    [401, ConfigError, 'SOURCE_UNAUTHORISED'],
    [403, ConfigError, 'SOURCE_FORBIDDEN'],
    [404, SourceError, 'SOURCE_NOT_FOUND'],
    [418, SourceError, 'SOURCE_FAILED'],
  ] as [number, typeof ConfigError | typeof SourceError, string][])('raises status %i at once', async (status, type, code) => {
    const origin = await serve(inTurn([status]))
    const { http, waits } = open([origin])
    const error = await http.get(`${origin}/x?token=hidden&page=2`).catch((raised: unknown) => raised)
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject({ code, detail: `GET ${origin}/x?token=…&page=2 answered ${status} with an unknown type` })
    expect(waits).toEqual([])
  })

  it('gives back what the caller allows', async () => {
    const origin = await serve(inTurn([404]))
    expect(await open([origin]).http.get(origin, { allow: [404] })).toMatchObject({ status: 404, body: { ok: true } })
  })

  it.each(['ftp://example.com/', 'example.com/orders', '/orders', 'https://user:pass@example.com/'])(
    'refuses the address %s',
    async (address) => {
      const error = await open([])
        .http.get(address)
        .catch((raised: unknown) => raised as Error)
      expect(error).toBeInstanceOf(ConfigError)
      expect(String(error)).not.toContain('pass@')
    },
  )

  it('refuses a header that cannot be sent, without showing it', async () => {
    const origin = await serve(inTurn([200]))
    const { http, waits } = open([origin])
    const error = await http.get(origin, { headers: { authorization: 'Bearer s3cret\nx' } }).catch((raised: unknown) => raised as Error)
    expect(error).toBeInstanceOf(ConfigError)
    expect(JSON.stringify([String(error), String((error as Error).cause)])).not.toContain('s3cret')
    expect(waits).toEqual([])
  })
})

describe('retries', () => {
  it('goes on after passing troubles, with full jitter, and says so without secrets', async () => {
    const origin = await serve(inTurn([500], [503], [408], [429], [200]))
    const { http, waits, logged } = open([origin])
    expect(await http.json(`${origin}/?key=s3cret`)).toEqual({ ok: true })
    expect(waits).toEqual([250, 500, 1000, 2000])
    expect(logged).toHaveLength(4)
    expect(JSON.stringify(logged)).not.toContain('s3cret')
  })

  it('gives up after five tries, and caps the wait', async () => {
    const origin = await serve(inTurn([503]))
    const { http, waits } = open([origin], { tries: 9 })
    await expect(http.get(origin)).rejects.toMatchObject({ code: 'SOURCE_FAILED', message: expect.stringContaining('503') })
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 15000, 15000])
    const usual = open([origin])
    await expect(usual.http.get(origin)).rejects.toThrow(SourceError)
    expect(usual.waits).toHaveLength(4)
  })

  it.each([
    ['7', [7000]],
    ['Sat, 31 Jan 2026 12:01:30 GMT', [90_000]],
    ['Sat, 31 Jan 2026 11:00:00 GMT', [0]],
    ['soon', [250]],
  ])('waits as Retry-After %s asks', async (header, expected) => {
    const origin = await serve(inTurn([429, { 'retry-after': header }], [200]))
    const { http, waits } = open([origin])
    await http.get(origin)
    expect(waits).toEqual(expected)
  })

  it('does not wait longer than two minutes', async () => {
    const origin = await serve(inTurn([429, { 'retry-after': '121' }], [200]))
    const { http, waits } = open([origin])
    await expect(http.get(origin)).rejects.toMatchObject({ code: 'SOURCE_BUSY' })
    expect(waits).toEqual([])
  })

  it('tries a refused and a broken connection again', async () => {
    let turn = 0
    const origin = await serve((request, response) => (turn++ < 2 ? request.socket.destroy() : response.end('1')))
    expect(await open([origin]).http.json(origin)).toBe(1)
    const nowhere = await gone()
    const { http, waits } = open([nowhere])
    await expect(http.get(nowhere)).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('nothing listens there'),
    })
    expect(waits).toHaveLength(4)
  })

  it('loses patience with a source that is silent, before or within its answer', async () => {
    const silent = await serve(() => {})
    await expect(open([silent], { headersMs: 50, tries: 1 }).http.get(silent)).rejects.toThrow('did not answer in time')
    const stuck = await serve((_request, response) => void response.write('['))
    await expect(open([stuck], { bodyIdleMs: 50, tries: 1 }).http.get(stuck)).rejects.toThrow('stopped in the middle')
    await expect(open([stuck], { totalMs: 50, tries: 1 }).http.get(stuck)).rejects.toThrow('took too long')
  })

  it('ends at once with the reason of the signal', async () => {
    const silent = await serve(() => abort.abort(new Error('load cancelled')))
    const { http, abort } = open([silent])
    await expect(http.get(silent)).rejects.toThrow('load cancelled')
    await expect(http.get(silent)).rejects.toThrow('load cancelled')
  })
})

describe('redirects', () => {
  it('follows five, keeps headers at the same origin and drops them elsewhere', async () => {
    const seen: unknown[] = []
    const other = await serve(
      (request, response) => (seen.push([request.headers.authorization, request.headers['x-key']]), response.end('1')),
    )
    const origin = await serve((request, response) => {
      seen.push(request.headers.authorization)
      const step = Number(request.url!.slice(1))
      response.writeHead(302, { location: step < 4 ? `/${step + 1}` : other }).end()
    })
    const answer = await open([origin, other]).http.get(`${origin}/0`, { headers: { Authorization: 'Bearer x', 'X-Key': 'y' } })
    expect(answer.url).toBe(`${other}/`)
    expect(seen).toEqual(['Bearer x', 'Bearer x', 'Bearer x', 'Bearer x', 'Bearer x', [undefined, undefined]])
  })

  it('does not run in circles', async () => {
    const origin = await serve((_request, response) => response.writeHead(301, { location: '/' }).end())
    await expect(open([origin]).http.get(origin)).rejects.toMatchObject({
      code: 'SOURCE_REDIRECT',
      message: expect.stringContaining('circles'),
    })
  })

  it('does not lead into a private network', async () => {
    const hidden = await serve(inTurn([200]))
    const origin = await serve((_request, response) => response.writeHead(302, { location: hidden }).end())
    await expect(open([origin]).http.get(origin)).rejects.toMatchObject({ code: 'ADDRESS_PRIVATE' })
  })
})

describe('at', () => {
  it('takes relative addresses, and sends its headers nowhere else', async () => {
    const echo: Handle = (request, response) => response.end(JSON.stringify([request.url, request.headers['x-key'] ?? null]))
    const [origin, other] = [await serve(echo), await serve(echo)]
    const http = open([origin, other]).http.at(`${origin}/api/`, { headers: { 'X-Key': 'y' } })
    expect(await http.json('/orders', { query: { a: 'å b' } })).toEqual(['/api/orders?a=%C3%A5+b', 'y'])
    expect(await http.json('orders?x=1')).toEqual(['/api/orders?x=1', 'y'])
    expect(await http.json('')).toEqual(['/api', 'y'])
    expect(await http.json(`${other}/orders`)).toEqual(['/orders', null])
    expect(await http.at('v2').json('orders')).toEqual(['/api/v2/orders', 'y'])
    expect(await http.at(other).json('orders')).toEqual(['/orders', null])
  })
})
