import { describe, expect, it } from 'vitest'
import type { Fetcher } from './http-fetch.ts'
import { createHttp } from './http-client.ts'
import type { Http, HttpPage, PageStep, RequestOptions } from './http.ts'
import { linkHeader, nextToken, nextUrl, offset, pageNumber } from './page-steps.ts'
import { recordText } from './record.ts'

interface Asked {
  readonly url: string
  readonly key: string | undefined
}

/** An `Http` whose source answers by address; what it was asked is kept. */
function source(answer: (url: URL) => { body: unknown; headers?: Record<string, string> }): { http: Http; asked: Asked[] } {
  const asked: Asked[] = []
  const fetcher: Fetcher = {
    async fetch({ url, headers }) {
      asked.push({ url: url.href, key: headers['x-key'] })
      const { body, headers: sent = {} } = answer(url)
      const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
      return { status: 200, headers: sent, body: (async function* () { yield bytes })() } // prettier-ignore
    },
    close: async () => {},
  }
  const signal = new AbortController().signal
  return {
    asked,
    http: createHttp({ fetcher, clock: { now: () => new Date(0) }, sleep: async () => {}, random: () => 0, signal, log: () => {} }),
  }
}

async function all(http: Http, url: string, options: RequestOptions & { next: PageStep }): Promise<HttpPage[]> {
  const pages: HttpPage[] = []
  for await (const page of http.pages(url, options)) pages.push(page)
  return pages
}

const rows = Array.from({ length: 5 }, (_, id) => ({ id }))

describe('linkHeader', () => {
  it('follows rel="next" through commas, other links and relative addresses', async () => {
    const { http, asked } = source((url) => {
      const page = Number(url.searchParams.get('page') ?? 1)
      const next = page < 3 ? `</orders?page=${page + 1}&a=1,2>; title="a, b"; rel="last next"` : '<https://shop.test/orders>; rel=first'
      return { body: [{ id: page }], headers: { link: `<https://shop.test/?page=9>; rel="prev", ${next}` } }
    })
    const pages = await all(http, 'https://shop.test/orders', { next: linkHeader() })
    expect(pages.map((page) => page.body[0].id)).toEqual([1, 2, 3])
    expect(asked.at(-1)!.url).toBe('https://shop.test/orders?page=3&a=1,2')
    expect(pages.map((page) => page.request)).toEqual([
      'GET https://shop.test/orders',
      'GET https://shop.test/orders?page=2&a=…',
      'GET https://shop.test/orders?page=3&a=…',
    ])
  })

  it('ends when the source names a page twice', async () => {
    const { http, asked } = source(() => ({ body: [], headers: { link: '<https://shop.test/b>; rel=next' } }))
    await expect(all(http, 'https://shop.test/a', { next: linkHeader() })).rejects.toMatchObject({
      code: 'SOURCE_PAGING',
      message: expect.stringContaining('twice'),
    })
    expect(asked).toHaveLength(2)
  })

  it('sends headers to the first origin only, and does not go from https to http', async () => {
    const { http, asked } = source((url) => ({
      body: [],
      headers: { link: url.host === 'a.test' ? '<https://b.test/>; rel=next' : '<http://a.test/>; rel=next' },
    }))
    await expect(all(http, 'https://a.test/', { headers: { 'X-Key': 's3cret' }, next: linkHeader() })).rejects.toMatchObject({
      code: 'SOURCE_REDIRECT',
    })
    expect(asked).toEqual([
      { url: 'https://a.test/', key: 's3cret' },
      { url: 'https://b.test/', key: undefined },
    ])
  })
})

it('reads a link header that was made to take for ever in no time', () => {
  const began = performance.now()
  const page = {
    headers: { link: `${'<'.repeat(60_000)}https://shop.test/b>; rel=next` },
    url: 'https://shop.test/a',
  } as unknown as HttpPage
  const isRight = JSON.stringify(linkHeader().next(page, 0)) === '{"url":"https://shop.test/b"}'
  expect([isRight, performance.now() - began < 1000]).toEqual([true, true])
})

describe('nextToken', () => {
  it('takes the token from the body until there is none, and keeps the rest of the query', async () => {
    const { http, asked } = source((url) => ({
      body: { meta: { next: { '': 'a b', 'a b': 2, '2': '' }[url.searchParams.get('token') ?? ''] } },
    }))
    await all(http, 'https://shop.test/', { query: { since: 7 }, next: nextToken({ at: 'meta.next', param: 'token' }) })
    expect(asked.map(({ url }) => new URL(url).search)).toEqual(['?since=7', '?since=7&token=a+b', '?since=7&token=2'])
  })

  it('ends when the same token comes again, and refuses one that is no text', async () => {
    const again = source(() => ({ body: { next: 'x' } }))
    await expect(all(again.http, 'https://shop.test/', { next: nextToken({ at: 'next', param: 'token' }) })).rejects.toThrow('twice')
    const odd = source(() => ({ body: { next: {} } }))
    await expect(
      all(odd.http, 'https://shop.test/', { next: nextToken({ at: (page) => page.body.next, param: 'token' }) }),
    ).rejects.toThrow('not text')
  })
})

describe('pageNumber', () => {
  const paged = () => source((url) => ({ body: { rows: rows.slice((Number(url.searchParams.get('p')) - 1) * 2).slice(0, 2) } }))

  it('goes on until a page is empty', async () => {
    const { http, asked } = paged()
    const pages = await all(http, 'https://shop.test/', { next: pageNumber({ param: 'p', stopWhenEmpty: 'rows' }) })
    expect(pages.flatMap((page) => page.body.rows)).toEqual(rows)
    expect(asked).toHaveLength(4)
  })

  it('goes on until a page is short when it knows the size, also from page 0', async () => {
    const { http, asked } = paged()
    await all(http, 'https://shop.test/', { next: pageNumber({ param: 'p', size: 2, stopWhenEmpty: 'rows' }) })
    expect(asked).toHaveLength(3)
    const zero = source((url) => ({ body: url.searchParams.get('p') === '0' ? [1] : [] }))
    await all(zero.http, 'https://shop.test/', { next: pageNumber({ param: 'p', from: 0 }) })
    expect(zero.asked.map(({ url }) => new URL(url).search)).toEqual(['?p=0', '?p=1'])
  })

  it('starts where the caller says, and refuses an answer without list', async () => {
    const { http, asked } = paged()
    await all(http, 'https://shop.test/', { query: { p: 3 }, next: pageNumber({ param: 'p', from: 3, size: 2, stopWhenEmpty: 'rows' }) })
    expect(asked).toHaveLength(1)
    await expect(all(http, 'https://shop.test/', { next: pageNumber({ param: 'p' }) })).rejects.toThrow('without a list')
  })
})

describe('pageNumber with a size that is not that of the pages', () => {
  const people = Array.from({ length: 12 }, (_, id) => ({ id }))
  const read = async (size: number | undefined, beside: (page: number) => object) => {
    const { http, asked } = source((url) => {
      const page = Number(url.searchParams.get('page'))
      return { body: { people: people.slice((page - 1) * 5, page * 5), ...beside(page) } }
    })
    const next = pageNumber({ param: 'page', stopWhenEmpty: 'people', ...(size && { size }) })
    const pages = await all(http, 'https://a.test/', { next })
    return [pages.flatMap((page) => page.body.people).length, asked.length]
  }

  it.each([
    ['a total', () => ({ total: 12 })],
    ['a total in an object', () => ({ meta: { total: { value: 12 } } })],
    ['the number of pages', () => ({ totalPages: 3 })],
    ['an address of the next page', (page: number) => ({ links: { next: { href: page < 3 ? '/more' : null } } })],
    ['that there is more', (page: number) => ({ has_more: page < 3 })],
  ])('loses nothing when the answer says %s', async (_name, beside) => {
    const [records, asked] = await read(100, beside)
    expect([records, asked! <= 4]).toEqual([12, true])
  })

  it('asks for no page beyond the end when the size is right, whatever the answer says', async () => {
    expect(await read(5, () => ({ total: 12, pages: 3 }))).toEqual([12, 3])
    expect(await read(5, (page) => ({ count: page < 3 ? 5 : 2 }))).toEqual([12, 3])
  })
})

describe('nextUrl', () => {
  it('follows addresses, whole or relative, until there is none, and refuses what is none', async () => {
    const { http, asked } = source((url) => ({ body: { next: url.search === '' ? '?page=2' : null } }))
    await all(http, 'https://a.test/items', { next: nextUrl({ at: 'next' }) })
    expect(asked.map(({ url }) => url)).toEqual(['https://a.test/items', 'https://a.test/items?page=2'])
    const odd = source(() => ({ body: { next: 7 } }))
    await expect(all(odd.http, 'https://a.test/', { next: nextUrl({ at: 'next' }) })).rejects.toThrow('that is none')
  })
})

describe('pages without next', () => {
  it.each([[undefined], [{}], [{ next: linkHeader }]])('are refused with a sentence: %o', (options) => {
    const { http } = source(() => ({ body: [] }))
    expect(() => http.pages('https://a.test/', options as never)).toThrow('http.pages needs next')
  })
})

describe('offset', () => {
  const sliced = () =>
    source((url) => {
      const skip = Number(url.searchParams.get('skip'))
      return { body: { count: rows.length, rows: rows.slice(skip, skip + Number(url.searchParams.get('n'))) } }
    })

  it('reads up to the total', async () => {
    const { http, asked } = sliced()
    const pages = await all(http, 'https://shop.test/', { next: offset({ param: 'skip', limitParam: 'n', limit: 2, total: 'count' }) })
    expect(pages.flatMap((page) => page.body.rows)).toEqual(rows)
    expect(asked.map(({ url }) => new URL(url).search)).toEqual(['?skip=0&n=2', '?skip=2&n=2', '?skip=4&n=2'])
  })

  it('begins at another number where records are not counted from 0', async () => {
    const asked: string[] = []
    const { http } = source((url) => {
      asked.push(url.search)
      const start = Number(url.searchParams.get('offset')) - 1
      return { body: { rows: rows.slice(start, start + 2) } }
    })
    const next = offset({ param: 'offset', from: 1, limitParam: 'n', limit: 2, records: 'rows' })
    const pages = await all(http, 'https://shop.test/', { next })
    expect(pages.flatMap((page) => page.body.rows)).toEqual(rows)
    expect(asked).toEqual(['?offset=1&n=2', '?offset=3&n=2', '?offset=5&n=2'])
  })

  it('reads up to a short page when there is no total, and refuses a total that is no number', async () => {
    const { http, asked } = sliced()
    await all(http, 'https://shop.test/', { next: offset({ param: 'skip', limitParam: 'n', limit: 5, records: 'rows' }) })
    expect(asked).toHaveLength(2)
    const next = offset({ param: 'skip', limitParam: 'n', limit: 2, total: 'count' })
    for (const count of [undefined, null, '', 'many', [], false, -1, 2.5])
      await expect(all(source(() => ({ body: { count, rows } })).http, 'https://shop.test/', { next })).rejects.toThrow('how many')
    const text = source((url) => ({ body: { count: '4', rows: rows.slice(Number(url.searchParams.get('skip'))).slice(0, 2) } }))
    expect(await all(text.http, 'https://shop.test/', { next })).toHaveLength(2)
  })
})

describe('a page', () => {
  it('keeps the own text of its records', async () => {
    const { http } = source(() => ({ body: '{"rows":[{"id" : 1}]}' }))
    const [page] = await all(http, 'https://shop.test/', { next: { next: () => null } })
    expect(recordText(page!.body.rows[0])).toBe('{"id" : 1}')
    expect(page).toMatchObject({ status: 200, url: 'https://shop.test/', text: '{"rows":[{"id" : 1}]}' })
  })
})
