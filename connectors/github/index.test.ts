import { ConfigError, SourceError, type Json } from '@handover/sdk'
import { collectPages, MemoryTable, openConnector, readFixtures, replay, testConnector, type OpenConnector } from '@handover/sdk/testing'
import { describe, expect, it } from 'vitest'
import github from './index.ts'
import { repositoriesOf } from './settings.ts'

const folder = import.meta.dirname
const fixtures = `${folder}/fixtures`
const shop = 'kattegatt/webshop'

testConnector(github, {
  folder,
  fixtures,
  configs: {
    'two repositories': { repositories: `${shop}, kattegatt/empty` },
    'from a day on, with a token': { repositories: shop, from: '2025-12-10', token: 'github_pat_invented' },
  },
})

/** What GitHub was asked, and with which ETag or token. */
interface Asked {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

interface Options {
  readonly asked?: Asked[]
  readonly notModified?: readonly string[]
  readonly from?: string
  readonly token?: string
}

/** Opens the connector; `notModified` names the ETags that GitHub still holds. */
function open(repositories: string, { asked = [], notModified = [], ...config }: Options = {}): Promise<OpenConnector> {
  const answers = replay(readFixtures(fixtures))
  const fetcher: typeof answers = {
    ...answers,
    async fetch(request) {
      asked.push({ path: `${request.url.pathname}${request.url.search}`, headers: request.headers })
      const answer = await answers.fetch(request)
      const tag = request.headers['if-none-match']
      return tag === undefined || !notModified.includes(tag) ? answer : { ...answer, status: 304, body: nothing() }
    },
  }
  return openConnector(github, { config: { repositories, ...config }, filesFolder: fixtures, fetcher })
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

const stream = ({ streams }: OpenConnector, name: string) => streams.find((one) => one.name === name)!

async function rowsOf(opened: OpenConnector, name: string, cursor: Json = null) {
  const table = new MemoryTable(opened.datasets.find(({ shape }) => shape.name === name)!)
  for (const page of await collectPages(stream(opened, name), cursor)) table.add(page)
  return table.rows()
}

const endOf = async (name: string, cursor: Json = null): Promise<Json> =>
  (await collectPages(stream(await open(shop), name), cursor)).at(-1)!.cursor!

describe('issues', () => {
  it('come with pull requests, told apart, the author empty where the account is gone', async () => {
    expect(
      (await rowsOf(await open(shop), 'issues')).map(({ number, kind, state, author, labels, mergedAt }) => [
        number,
        kind,
        state,
        author,
        labels,
        mergedAt,
      ]),
    ).toEqual([
      [1, 'issue', 'closed', 'maja-ek', 'bug, basket', null],
      [2, 'issue', 'open', 'maja-ek', null, null],
      [3, 'pull request', 'closed', 'bo-lind', null, '2025-12-10T12:00:00.000Z'],
      [4, 'issue', 'open', null, null, null],
    ])
  })

  it('go on from the last change, which is read again, and cost nothing when nothing is new', async () => {
    const end = await endOf('issues')
    expect(end).toEqual({ since: '2025-12-20T07:15:00Z', etag: null, from: null })
    const again = await endOf('issues', end)
    expect(again).toEqual({ since: '2025-12-20T07:15:00Z', etag: 'W/"since-d"', from: null })
    const asked: Asked[] = []
    const opened = await open(shop, { asked, notModified: ['W/"since-d"'] })
    expect(await collectPages(stream(opened, 'issues'), again)).toEqual([])
    expect(asked.map(({ headers }) => headers['if-none-match'])).toEqual(['W/"since-d"'])
  })

  it('are paged by their last change, and by the link of GitHub where a whole page has the same', async () => {
    const asked: Asked[] = []
    const opened = await open('kattegatt/bulk', { asked })
    expect((await rowsOf(opened, 'issues')).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
    const paging = asked.map(({ path }) =>
      [...new URL(path, 'https://x.example').searchParams].filter(([name]) => /^(since|page)$/.test(name)).flat(),
    )
    const [same, later] = ['2025-12-05T00:00:00Z', '2025-12-06T00:00:00Z']
    expect(paging).toEqual([[], ['since', same, 'page', '1'], ['since', same, 'page', '2'], ['since', later, 'page', '1']])
  })

  it('begin anew when another day is set', async () => {
    const opened = await open(shop, { from: '2025-12-10' })
    expect(await rowsOf(opened, 'issues', await endOf('issues'))).toHaveLength(2)
  })

  it('of a renamed repository are found under its new name', async () => {
    expect((await rowsOf(await open('kattegatt/shop'), 'issues')).map(({ repository }) => repository)).toEqual([shop, shop])
  })
})

describe('commits', () => {
  it('come with the first line only, and without address of the author', async () => {
    const rows = await rowsOf(await open(shop), 'commits')
    expect(rows.map(({ title, author, login, isMerge }) => [title, author, login, isMerge])).toEqual([
      ['Merge the prices with VAT', 'Maja Ek', 'maja-ek', true],
      ['Show prices with VAT', 'Maja Ek', null, false],
      ['Keep the basket', 'Maja Ek', null, false],
      ['Keep the basket', 'Maja Ek', 'maja-ek', false],
    ])
    expect(JSON.stringify(rows)).not.toContain('example.com')
  })

  it('are read to the end of a list that was broken off, then look back by 30 days', async () => {
    const [first] = await collectPages(stream(await open(shop), 'commits'))
    const asked: Asked[] = []
    const opened = await open(shop, { asked })
    const rest = await collectPages(stream(opened, 'commits'), first!.cursor)
    await collectPages(stream(opened, 'commits'), rest.at(-1)!.cursor)
    expect(asked.map(({ path }) => path)).toEqual([
      '/repositories/1300192/commits?per_page=100&page=2',
      `/repos/${shop}/commits?since=${encodeURIComponent('2025-11-20T07:00:00.000Z')}&per_page=100`,
    ])
  })

  it('cost nothing when the branch has not moved', async () => {
    const idle = await endOf('commits', await endOf('commits'))
    const opened = await open(shop, { notModified: ['W/"look-back"'] })
    expect(await collectPages(stream(opened, 'commits'), idle)).toEqual([])
  })
})

describe('a token', () => {
  it('goes with every request to GitHub, the pages of a list included', async () => {
    const asked: Asked[] = []
    await rowsOf(await open(shop, { asked, token: 'github_pat_invented' }), 'issues')
    expect(asked.map(({ headers }) => headers['authorization'])).toEqual(['Bearer github_pat_invented', 'Bearer github_pat_invented'])
  })
})

describe('settings', () => {
  it.each([
    ['kattegatt/secret', 'repositories', /no repository "kattegatt\/secret".*A private one needs a token/],
    ['kattegatt/bad-token', 'token', /does not take this token/],
  ])('with %s are refused beside the field', async (repositories, name, message) => {
    const { context } = await open(repositories)
    const error: unknown = await github.check!(context).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ fields: [{ name, message: expect.stringMatching(message) }] })
  })

  it('with a repository that is no longer there stop the load too', async () => {
    await expect(rowsOf(await open('kattegatt/secret'), 'issues')).rejects.toMatchObject({ fields: [{ name: 'repositories' }] })
  })

  it('take one repository or several, each once', () => {
    expect(repositoriesOf('a/b, c/d;A/B\n e/f')).toEqual(['a/b', 'c/d', 'e/f'])
    for (const repositories of ['', 'webshop', 'https://github.com/a/b', 'a/b/c'])
      expect(github.config.safeParse({ repositories })).toMatchObject({ success: false })
  })
})

describe('a source in trouble', () => {
  it.each([
    ['is asked too often', 'issues', 'kattegatt/busy', 'SOURCE_BUSY'],
    ['asks to come back later', 'commits', 'kattegatt/busy', 'SOURCE_BUSY'],
    ['breaks off in the middle', 'issues', 'kattegatt/truncated', 'SOURCE_NOT_JSON'],
  ])('that %s fails the load, to be tried again', async (_what, name, repository, code) => {
    const error: unknown = await rowsOf(await open(repository), name).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({ code })
  })
})
