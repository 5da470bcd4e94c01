import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ConfigError, SourceError } from './errors.ts'
import type { LinesPage, RequestOptions } from './http.ts'
import { linkHeader, nextUrl } from './page-steps.ts'
import { recordText, recordValue } from './record.ts'
import { open, serve } from './testing/loopback.ts'

async function all(pages: AsyncIterable<LinesPage>): Promise<LinesPage[]> {
  const found: LinesPage[] = []
  for await (const page of pages) found.push(page)
  return found
}

describe('post and form', () => {
  it('sends JSON or a form, and the headers that say which', async () => {
    const origin = await serve(async (request, response) => {
      response.end(JSON.stringify([request.method, request.headers['content-type'], await text(request)]))
    })
    const { http } = open([origin])
    expect(await http.json(origin, { post: { year: [2026] } })).toEqual(['POST', 'application/json', '{"year":[2026]}'])
    expect(await http.json(origin, { form: { grant: 'a b' } })).toEqual(['POST', 'application/x-www-form-urlencoded', 'grant=a+b'])
    await expect(http.json(origin, { post: 1, form: {} })).rejects.toThrow(ConfigError)
  })

  it('asks page by page in the body, and sees a question that comes again', async () => {
    const origin = await serve(async (request, response) => {
      const { page } = JSON.parse(await text(request)) as { page: number }
      response.end(JSON.stringify({ page }))
    })
    const { http } = open([origin])
    const asked = async (last: number): Promise<number[]> => {
      const pages: number[] = []
      const next = (page: { body: { page: number } }) => ({ post: { page: Math.min(page.body.page + 1, last) } })
      for await (const page of http.pages(origin, { post: { page: 1 }, next: { next } })) {
        pages.push(page.body.page)
        if (page.body.page === 3) break
      }
      return pages
    }
    expect(await asked(3)).toEqual([1, 2, 3])
    await expect(asked(2)).rejects.toThrow('the same page twice')
  })

  it('does not carry what is posted to another server that a page names as the next', async () => {
    const asked: string[] = []
    const other = await serve(async (request, response) => {
      asked.push(await text(request))
      response.end('[]')
    })
    const origin = await serve((_request, response) => response.writeHead(200, { link: `<${other}/>; rel=next` }).end('[]'))
    const { http } = open([origin, other])
    const read = async (options: RequestOptions): Promise<void> => {
      for await (const _page of http.pages(origin, { ...options, next: linkHeader() }));
    }
    await expect(read({ form: { secret: 's3cret' } })).rejects.toThrow('to another server')
    await expect(read({ post: { secret: 's3cret' } })).rejects.toThrow('to another server')
    expect(asked).toEqual([])
    await read({})
    expect(asked).toEqual([''])
  })

  it('does not carry what is posted to another server', async () => {
    const other = await serve((_request, response) => response.end('{}'))
    const origin = await serve((_request, response) => response.writeHead(307, { location: other }).end())
    await expect(open([origin, other]).http.json(origin, { post: {} })).rejects.toThrow('to another server')
    expect(await open([origin, other]).http.json(origin)).toEqual({})
  })
})

describe('what proves who asks', () => {
  it('sets what is hidden in every query to that address, and shows it nowhere', async () => {
    const seen: string[] = []
    const other = await serve((request, response) => response.end(JSON.stringify({ url: request.url })))
    const origin = await serve((request, response) => {
      seen.push(request.url!)
      if (request.url!.startsWith('/old')) response.writeHead(302, { location: `/a?appid=k1` }).end()
      else response.end(JSON.stringify({ url: request.url, next: seen.length < 3 ? `?page=${seen.length}&appid=k1` : null }))
    })
    const { http } = open([origin, other])
    const at = http.at(origin, { query: { appid: 'k1' } })
    const requests: string[] = []
    for await (const page of at.pages('/a', { next: nextUrl({ at: 'next' }) })) requests.push(page.request, page.url)
    expect(seen).toEqual(['/a?appid=k1', '/a?page=1&appid=k1', '/a?page=2&appid=k1'])
    expect(requests.join(' ')).not.toContain('k1')
    expect((await at.get('/old')).url).toBe(`${origin}/a`)
    expect(await at.json(`${other}/b`)).toEqual({ url: '/b' })
  })

  it('signs in once more when the source does not accept it, and goes on with the page', async () => {
    let valid = 'one'
    const origin = await serve((request, response) => {
      const page = Number(new URL(request.url!, 'http://x').searchParams.get('page') ?? 0)
      if (request.headers.authorization !== valid) response.writeHead(401).end()
      else response.end(JSON.stringify({ page, next: page < 3 ? `?page=${page + 1}` : null }))
      if (page === 1) valid = 'two'
    })
    const asked: boolean[] = []
    const signIn = async (isRefused: boolean) => {
      asked.push(isRefused)
      return { authorization: isRefused || asked.length > 4 ? 'two' : 'one' }
    }
    const at = open([origin]).http.at(origin, { signIn })
    const pages: number[] = []
    for await (const page of at.pages('/', { next: nextUrl({ at: 'next' }) })) pages.push(page.body.page)
    expect([pages, asked]).toEqual([
      [0, 1, 2, 3],
      [false, false, false, true, false],
    ])
    valid = 'three'
    await expect(at.get('/')).rejects.toMatchObject({ code: 'SOURCE_UNAUTHORISED' })
  })
})

it('shows no password and no query of an address that is not complete', async () => {
  const asked = open([]).http.get('shop//me:s3cret@shop.example/a?key=s3cret')
  await expect(asked).rejects.toThrow('This address is not complete: shop//shop.example/a. ')
})

describe('pace', () => {
  const answers = async () => serve((_request, response) => response.end('[]'))

  it('keeps to the rate that was named, whoever asks', async () => {
    const origin = await answers()
    const { http, waits } = open([origin])
    const slow = http.at(origin, { rate: { calls: 2, seconds: 10 } })
    for (let call = 0; call < 5; call++) await slow.json('/a')
    expect(waits).toEqual([10_000, 10_000])
    const at = open([origin])
    const together = at.http.at(origin, { rate: { calls: 1, seconds: 10 } })
    await Promise.all([together.json('/a'), together.at(`${origin}/b`).json('/c')])
    expect(at.waits).toEqual([10_000])
    await at.http.at(origin, { rate: { calls: 1, seconds: 10 } }).json('/a')
    expect(at.waits).toEqual([10_000, 10_000])
  })

  it('waits before the next request when the source says that this was the last one', async () => {
    const reset = String(Date.parse('2026-01-31T12:00:30Z') / 1000)
    const origin = await serve((_request, response) =>
      response.writeHead(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }).end('1'),
    )
    const { http, waits } = open([origin])
    await http.json(origin)
    expect(waits).toEqual([])
    await http.json(origin)
    expect(waits).toEqual([30_000])
  })

  it('says when it may ask again where that is far ahead', async () => {
    const origin = await serve((_request, response) =>
      response.writeHead(200, { 'ratelimit-remaining': '0', 'ratelimit-reset': '3600' }).end('1'),
    )
    const { http } = open([origin])
    await http.json(origin)
    await expect(http.json(origin)).rejects.toThrow(/may be asked again at 13:00 UTC/)
  })

  it.each([{ 'x-ratelimit-remaining': '0' }, { 'retry-after': '1' }])('takes 403 with %o for too many requests', async (headers) => {
    let asked = 0
    const origin = await serve((_request, response) => response.writeHead(asked++ === 0 ? 403 : 200, headers).end('1'))
    expect(await open([origin]).http.json(origin)).toBe(1)
    const plain = await serve((_request, response) => response.writeHead(403, { 'x-ratelimit-remaining': '12' }).end())
    await expect(open([plain]).http.json(plain)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' })
  })
})

describe('lines', () => {
  const pagesOf = async (body: string | Buffer, headers = {}) => {
    const origin = await serve((_request, response) => response.writeHead(200, headers).end(body))
    return all(open([origin]).http.lines(origin))
  }

  it('gives records with their own text, in pages', async () => {
    const lines = Array.from({ length: 2_001 }, (_, index) => `{"id": ${index}}`)
    const pages = await pagesOf(gzipSync(lines.join('\r\n')), { 'content-encoding': 'gzip', etag: '"1"' })
    expect(pages.map(({ records }) => records.length)).toEqual([1_000, 1_000, 1])
    expect(pages.flatMap(({ records }) => records.map(recordText))).toEqual(lines)
    expect(recordValue(pages[2]!.records[0])).toEqual({ id: 2_000 })
    expect(pages[0]).toMatchObject({ status: 200, headers: { etag: '"1"' }, request: expect.stringMatching(/^GET http/) as string })
  })

  it('sets aside a line that is no JSON, and leaves out empty ones', async () => {
    const [page] = await pagesOf(Buffer.concat([Buffer.from('\ufeff{"id":1}\n\n{"id":\n'), Buffer.from([0x22, 0xff, 0x22])]))
    expect(page!.records.map(({ problem }) => problem === null)).toEqual([true, false, false])
  })

  it('gives one page for an answer without lines', async () => {
    const origin = await serve((_request, response) => response.writeHead(304).end())
    const pages = await all(open([origin]).http.lines(origin, { allow: [304] }))
    expect(pages).toMatchObject([{ status: 304, records: [] }])
  })

  it('says that a connection broke', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"id":1}\n')
      setImmediate(() => response.destroy())
    })
    await expect(all(open([origin]).http.lines(origin))).rejects.toThrow(SourceError)
  })

  it('refuses a line without end', async () => {
    await expect(pagesOf('x'.repeat(5_000_000))).rejects.toMatchObject({ code: 'SOURCE_TOO_LARGE' })
  })
})

describe('stream', () => {
  it('tries again until the answer begins, and gives bytes beyond the size of an answer that is held', async () => {
    let asked = 0
    const origin = await serve((_request, response) => response.writeHead(asked++ === 0 ? 503 : 200).end(Buffer.alloc(50_000)))
    const { body, status } = await open([origin], { maxBytes: 1_000 }).http.stream(origin)
    let bytes = 0
    for await (const chunk of body) bytes += chunk.byteLength
    expect([status, bytes, asked]).toEqual([200, 50_000, 2])
  })

  it('closes the connection of a reader who leaves', async () => {
    let close = (): void => undefined
    const closed = new Promise<void>((resolve) => (close = resolve))
    const origin = await serve((_request, response) => {
      response.on('close', close)
      const more = (): void => void (response.write(Buffer.alloc(65_536)) ? setImmediate(more) : response.once('drain', more))
      more()
    })
    const { body } = await open([origin]).http.stream(origin)
    for await (const _chunk of body) break
    await expect(closed).resolves.toBeUndefined()
  })
})
