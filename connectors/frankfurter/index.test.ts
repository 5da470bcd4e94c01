import { ConfigError, recordText, SourceError, type Fetcher, type FetchRequest, type Json } from '@handover/sdk'
import { collectPages, MemoryTable, openConnector, readFixtures, replay, testConnector, type Fixture } from '@handover/sdk/testing'
import { describe, expect, it } from 'vitest'
import frankfurter from './index.ts'

const folder = import.meta.dirname
const recorded = readFixtures(`${folder}/fixtures`)
const since = '2026-01-02'

testConnector(frankfurter, { folder, fixtures: `${folder}/fixtures`, configs: { January: { since } } })

/** The recorded answers, with another one where the question begins with this day. */
const answering = (from: string, response: Partial<Fixture['response']>): Fixture[] =>
  recorded.map((fixture) =>
    fixture.request.url.endsWith(`from=${from}`) ? { ...fixture, response: { ...fixture.response, ...response } } : fixture,
  )

/** Remembers what was asked. */
function listening(fixtures: readonly Fixture[]): Fetcher & { readonly asked: FetchRequest[] } {
  const [asked, fetcher] = [[] as FetchRequest[], replay(fixtures)]
  return { asked, close: fetcher.close, fetch: (request) => (asked.push(request), fetcher.fetch(request)) }
}

async function load(fixtures: readonly Fixture[] = recorded, config: object = {}, cursor: Json = null) {
  const fetcher = listening(fixtures)
  const open = await openConnector(frankfurter, { config: { since, ...config }, filesFolder: folder, fetcher })
  const table = new MemoryTable(open.datasets[0]!)
  const pages = await collectPages(open.streams[0]!, cursor)
  for (const page of pages) table.add(page)
  const rows = table.rows() as { date: string; quote: string; rate: string }[]
  return { open, pages, table, rows, asked: fetcher.asked, cursor: pages.at(-1)?.cursor ?? cursor }
}

describe('rates', () => {
  it('come line by line, without weekends, and keep their own text and digits', async () => {
    const { rows, pages, asked } = await load()
    expect(asked[0]!.headers['accept']).toBe('application/x-ndjson')
    expect(new Set(rows.map(({ date }) => date)).size).toBe(21)
    expect(rows.some(({ date }) => date === '2026-01-03' || date === '2026-01-04')).toBe(false)
    const [first] = (recorded.find(({ request }) => request.url.endsWith(since))!.response.body as string).split('\n')
    expect(recordText(pages[0]!.records[0])).toBe(first)
    expect(rows[0]!.rate).toBe(`${(JSON.parse(first!) as { rate: number }).rate}`.padEnd(11, '0'))
  })

  it('are exact however small or long they are written', async () => {
    const line = (rate: string): string => `{"date":"2026-01-02","base":"IDR","quote":"EUR","rate":${rate}}\n`
    const rate = async (text: string) => (await load(answering(since, { body: line(text) }))).rows[0]!.rate
    expect(await rate('5.1e-05')).toBe('0.000051000')
    expect(await rate('17800.123456789')).toBe('17800.123456789')
    expect(await rate('123456789.123456789')).toBe('123456789.123456789')
  })

  it('are read again for the last days, because they come late or are corrected', async () => {
    const first = await load()
    const corrected = (recorded.find(({ request }) => request.url.endsWith('2026-01-23'))!.response.body as string)
      .split('\n')
      .map((line) => (line.includes('2026-01-28","base":"EUR","quote":"SEK"') ? line.replace(/"rate":.*/, '"rate":12.5}') : line))
      .join('\n')
    const second = await load(answering('2026-01-23', { body: corrected }), {}, first.cursor)
    expect(second.asked[0]!.url.searchParams.get('from')).toBe('2026-01-23')
    expect(second.rows.find(({ date, quote }) => date === '2026-01-28' && quote === 'SEK')!.rate).toBe('12.500000000')
  })

  it('are not sent again when nothing has changed since the same question', async () => {
    const second = await load(recorded, {}, (await load()).cursor)
    expect(second.asked[0]!.headers).not.toHaveProperty('if-none-match')
    const third = await load(answering('2026-01-23', { status: 304, body: '' }), {}, second.cursor)
    expect(third.asked[0]!.headers['if-none-match']).toBe('W/"5f0c2d"')
    expect(third.pages).toEqual([])
  })

  it('of a load that was broken off are asked for again from some days before', async () => {
    const [page] = (await load()).pages
    expect(page!.cursor).toMatchObject({ date: '2026-01-30', seen: null })
    expect((await load(recorded, {}, page!.cursor)).asked[0]!.headers).not.toHaveProperty('if-none-match')
  })

  it('begin anew with other settings, and never before the first day', async () => {
    const { cursor } = await load()
    const from = async (config: object, at: Json) => (await load(recorded, config, at)).asked[0]!.url.searchParams.get('from')
    const early = { ...(cursor as Record<string, Json>), date: '2026-01-05' }
    expect(await from({}, early)).toBe(since)
    await expect(load(recorded, { quotes: 'SEK' }, cursor)).rejects.toThrow('No fixture answers')
  })

  it('are read from the beginning when the cursor is none of ours', async () => {
    const { cursor } = await load()
    for (const odd of ['', 7, {}, { ...(cursor as object), date: 'soon' }, { ...(cursor as object), seen: 'yes' }])
      expect((await load(recorded, {}, odd as Json)).asked[0]!.url.searchParams.get('from')).toBe(since)
  })
})

describe('the settings', () => {
  it('that the source refuses are named beside the field, by the test and by a load', async () => {
    const wrong = { base: 'xyz', quotes: 'SEK, abc' }
    const { context, streams } = await openConnector(frankfurter, {
      config: { since, ...wrong },
      filesFolder: folder,
      fetcher: replay(recorded),
    })
    const message = 'Frankfurter does not know the currency XYZ, ABC.'
    const fields = [
      { name: 'base', message },
      { name: 'quotes', message },
    ]
    await expect(frankfurter.check!(context)).rejects.toMatchObject({ message, fields })
    await expect(collectPages(streams[0]!)).rejects.toMatchObject({ message, fields })
  })

  it('that there are no rates for are found by the test', async () => {
    const check = async (config: object, fixtures: readonly Fixture[] = recorded) => {
      const { context } = await openConnector(frankfurter, { config: { since, ...config }, filesFolder: folder, fetcher: replay(fixtures) })
      return frankfurter.check!(context)
    }
    await expect(check({ provider: 'nobody' })).rejects.toMatchObject({ fields: [{ name: 'provider' }] })
    const [sek, ...others] = recorded.find(({ request }) => !request.url.includes('from') && request.url.includes('ECB'))!.response
      .body as object[]
    expect(sek).toBeDefined()
    const without = recorded.map((fixture) =>
      Array.isArray(fixture.response.body) && fixture.response.body.length === 3
        ? { ...fixture, response: { ...fixture.response, body: others } }
        : fixture,
    )
    await expect(check({}, without)).rejects.toMatchObject({
      fields: [{ name: 'quotes', message: 'There are no rates in GBP from whom you chose.' }],
    })
    await expect(check({}, without)).rejects.toThrow(ConfigError)
  })

  it('have a sentence for what is written wrong', () => {
    const issues = frankfurter.config.safeParse({ base: 'euro', quotes: 'SEK;USD', since: '2024' }).error!.issues
    expect(issues.map(({ path, message }) => [path[0], message]).slice(0, 2)).toEqual([
      ['base', 'A currency of three letters, such as EUR.'],
      ['quotes', 'Currencies of three letters, separated by commas, such as SEK, USD.'],
    ])
    expect(issues[2]!.path).toEqual(['since'])
  })
})

describe('an answer that is none', () => {
  it.each([
    [{ body: '{"status":500,"message":"boom"}' }, 'not a rate'],
    [{ body: '' }, 'no rates at all. Check the settings: it knows nobody by a wrong name, perhaps "ECB"'],
    [{ body: '<html>\n<p>Sorry</p>\n</html>' }, 'not a rate'],
    [{ body: '{"date":"2026-01-02","base":"EUR","quote":"SEK","rate":11.1}\n{"date":"2026-0' }, 'not a rate'],
    [{ status: 503, body: '{"status":503,"message":"busy"}' }, 'a problem of its own (status 503)'],
    [{ status: 429, headers: { 'retry-after': '3600' }, body: '' }, 'come back later'],
    [{ status: 404, body: '' }, 'nothing at this address'],
  ])('fails the load with a sentence: %o', async (answer, sentence) => {
    const failing = load(answering(since, answer))
    await expect(failing).rejects.toThrow(SourceError)
    await expect(failing).rejects.toThrow(sentence)
  })
})
