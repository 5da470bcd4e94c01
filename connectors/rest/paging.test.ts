import { recordValue, SourceError } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { discover } from './discover.ts'
import { extract } from './extract.ts'
import { readStream, startApi, type Answer } from './testing/api.ts'

const IDS = [1, 2, 3, 4, 5]
const things = (from: number, size: number) => IDS.slice(from, from + size).map((id) => ({ id }))

/** Answers with two things at a time, in the way that the query or the path asks for. */
function answer({ pathname, searchParams }: URL): Answer {
  const number = (name: string, otherwise: number) => Number(searchParams.get(name) ?? otherwise)
  switch (pathname) {
    case '/none':
      return { body: things(0, 5) }
    case '/link': {
      const page = number('page', 1)
      return { body: things((page - 1) * 2, 2), headers: page < 3 ? { link: `</link?page=${page + 1}>; rel="next"` } : {} }
    }
    case '/page':
      return { body: { list: things((number('p', 0) - 10) * 2, 2) } }
    case '/offset':
      return { body: { all: { count: 5 }, list: things(number('skip', 0), number('take', 5)) } }
    case '/token': {
      const at = number('after', 0)
      return { body: { list: things(at, 2), meta: { next: at + 2 < 5 ? at + 2 : null } } }
    }
    default: {
      const page = number('page', 1)
      return { body: { list: things((page - 1) * 2, 2), links: { next: page < 3 ? `/url?page=${page + 1}` : null } } }
    }
  }
}

describe('how a list goes on', () => {
  it.each([
    ['none', '', ['/none']],
    ['link', '', ['/link', '/link?page=2', '/link?page=3']],
    ['page', ', param: p, first: 10, size: 2, sizeParam: n', ['/page?p=10&n=2', '/page?n=2&p=11', '/page?n=2&p=12']],
    ['page', ', param: p, first: 10', ['/page?p=10', '/page?p=11', '/page?p=12', '/page?p=13']],
    ['offset', ', param: skip, sizeParam: take, size: 2', ['/offset?skip=0&take=2', '/offset?skip=2&take=2', '/offset?skip=4&take=2']],
    [
      'offset',
      ', param: skip, sizeParam: take, size: 2, total: all.count',
      ['/offset?skip=0&take=2', '/offset?skip=2&take=2', '/offset?skip=4&take=2'],
    ],
    ['token', ', at: meta.next, param: after', ['/token', '/token?after=2', '/token?after=4']],
    ['url', ', at: links.next', ['/url', '/url?page=2', '/url?page=3']],
  ])('%s%s', async (kind, more, wanted) => {
    await using api = await startApi((_, url) => answer(url))
    const context = api.context(`url: "%"\nstreams: { things: { path: /${kind}, paging: { kind: ${kind}${more} } } }`)
    const pages = await readStream(context, 'things')
    expect(pages.flatMap(({ records }) => records.map((record) => (recordValue(record) as { id: number }).id))).toEqual(IDS)
    // The first one is asked once more, to learn the columns.
    expect(api.asked).toEqual([wanted[0], ...wanted])
  })
})

describe('an answer without the list', () => {
  it('is a fault of that answer, so that other pieces go on', async () => {
    let body: unknown = { list: [{ id: 1 }] }
    await using api = await startApi(() => ({ body }))
    const context = api.context('url: "%"\nstreams: { things: { path: /things, records: list } }')
    const { streams } = await discover(context, null)
    body = { error: 'none' }
    const pages = extract('things', { ...context, cursor: null, hint: streams[0]!.hint!, partition: { key: '', value: null } })
    await expect(pages.next()).rejects.toThrow(SourceError)
  })
})

describe('the cursor', () => {
  const DATES = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-03']
  const definition = (more: string, load = 'merge') => `url: "%"
streams:
  things:
    path: /things
    query: { since: "{cursor}" }
    paging: { kind: page, size: 2 }
    load: ${load}
    cursor: { field: at${more} }`
  const listed =
    (dates: readonly string[]) =>
    (_: unknown, { searchParams }: URL): Answer => {
      const [since, page] = [searchParams.get('since') ?? '', Number(searchParams.get('page'))]
      const all = dates.map((at, index) => ({ id: index, at })).filter(({ at }) => at >= since)
      return { body: all.slice((page - 1) * 2, page * 2) }
    }

  it('moves with the last page only, unless the oldest changes come first', async () => {
    await using api = await startApi(listed(DATES))
    expect((await readStream(api.context(definition('')), 'things')).map(({ cursor }) => cursor)).toEqual([
      undefined,
      undefined,
      '2026-01-03',
    ])
    const sorted = await readStream(api.context(definition(', oldestFirst: true')), 'things')
    expect(sorted.map(({ cursor }) => cursor)).toEqual(['2026-01-02', '2026-01-03', '2026-01-03'])
  })

  it('does not trust an order that is none', async () => {
    await using api = await startApi(listed(['2026-01-02', '2026-01-04', '2026-01-03', '2026-01-01']))
    const pages = await readStream(api.context(definition(', oldestFirst: true')), 'things')
    expect(pages.map(({ cursor }) => cursor)).toEqual(['2026-01-04', undefined, '2026-01-04'])
  })

  it('leaves the value out of the first request, or begins where the definition says', async () => {
    await using api = await startApi(listed(DATES))
    await readStream(api.context(definition('')), 'things')
    expect(api.asked[0]).toBe('/things?page=1')
    await readStream(api.context(definition(', start: 2026-01-02')), 'things')
    expect(api.asked.at(-1)).toContain('since=2026-01-02')
  })

  it('reads what is equal again in a merge, and leaves it out of an append', async () => {
    await using api = await startApi(listed(DATES))
    const count = async (load: string) =>
      (await readStream(api.context(definition('', load)), 'things', '2026-01-02')).flatMap(({ records }) => records).length
    expect([await count('merge'), await count('append')]).toEqual([3, 2])
  })

  it('takes numbers by their size and times by their moment', async () => {
    for (const [values, largest] of [
      [[9, 100, 20], 100],
      [['9', '100', '20'], '100'],
      [['2026-01-01T01:00:00+02:00', '2026-01-01T00:30:00Z'], '2026-01-01T00:30:00Z'],
      [['a', 'B', 'b'], 'b'],
    ] as const) {
      await using api = await startApi(() => ({ body: values.map((at, id) => ({ id, at })) }))
      const [page] = await readStream(api.context(definition('').replace('{ kind: page, size: 2 }', '{ kind: none }')), 'things')
      expect(page!.cursor).toBe(largest)
    }
  })
})
