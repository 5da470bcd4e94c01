import { ConfigError, SourceError, type Fetcher, type Json } from '@handover/sdk'
import { collectPages, MemoryTable, openConnector, readFixtures, replay, testConnector, type Fixture } from '@handover/sdk/testing'
import { describe, expect, it } from 'vitest'
import { catalogue, type Quake } from './fake-usgs.ts'
import usgs from './index.ts'

const folder = import.meta.dirname
const recorded = readFixtures(`${folder}/fixtures`)
const since = '2026-01-30'

testConnector(usgs, { folder, fixtures: `${folder}/fixtures`, configs: { 'two days': { since } } })

/** The recorded answers, the first page replaced. */
const answering = (response: Partial<Fixture['response']>): Fixture[] =>
  recorded.map((fixture) =>
    fixture.request.url.includes('/query?') && !fixture.request.url.includes('updatedafter')
      ? { ...fixture, response: { ...fixture.response, ...response } }
      : fixture,
  )

async function load(fetcher: Fetcher, config: Record<string, unknown> = { since }, cursor: Json = null, table?: MemoryTable) {
  const open = await openConnector(usgs, { config, filesFolder: folder, fetcher })
  const filled = table ?? new MemoryTable(open.datasets[0]!)
  const pages = await collectPages(open.streams[0]!, cursor)
  for (const page of pages) filled.add(page)
  return { pages, table: filled, cursor: pages.at(-1)?.cursor ?? cursor, rows: filled.rows() as Record<string, any>[] }
}

describe('an event', () => {
  it('becomes a row: longitude before latitude, times in milliseconds, a depth above the sea', async () => {
    const { rows, table } = await load(replay(recorded))
    expect(table.rejected).toEqual([])
    expect(rows.find(({ id }) => id === 'ak026abcd')).toMatchObject({
      time: '2026-01-31T09:00:00.000Z',
      updated: '2026-01-31T09:10:00.000Z',
      latitude: 51.7,
      longitude: -173.4,
      depth: -0.5,
      tsunami: true,
      region: 'Alaska',
    })
    expect(rows.map(({ region }) => region).slice(0, 2)).toEqual(['South of the Fiji Islands', 'CA'])
  })

  it('is corrected, renamed and taken back by a later load', async () => {
    const first = await load(replay(recorded))
    expect(first.rows).toHaveLength(4)
    const changed = replay(readFixtures(`${folder}/fixtures/changes`))
    const second = await load(changed, { since }, first.cursor, first.table)
    expect(second.rows.map(({ id, magnitude, status }) => [id, magnitude, status])).toEqual([
      ['us7000aaa1', 4.7, 'automatic'],
      ['ak026abcd', 6.3, 'reviewed'],
      ['ci40000001', 5, 'reviewed'],
    ])
    const third = await load(changed, { since }, second.cursor, second.table)
    expect([third.pages, third.rows.length]).toEqual([[], 3])
  })
})

describe('an event that is not whole', () => {
  const first = () => recorded.find(({ request }) => request.url.includes('/query?') && !request.url.includes('T09'))!.response.body as any
  const spoilt = (change: (event: any) => object) => {
    const { features, ...rest } = first()
    return load(replay(answering({ body: { ...rest, features: [...features.slice(0, 3), change(features[3])] } })))
  }

  it('is set aside, and removes no row under another name', async () => {
    const { rows, table } = await spoilt(({ id, ...event }) => ({
      ...event,
      properties: { ...event.properties, ids: `,us7000aaa1,${id},` },
    }))
    expect(rows).toHaveLength(3)
    expect(table.rejected).toMatchObject([{ reason: expect.stringContaining('no id') }])
  })

  it('does not move the place where the next load goes on', async () => {
    for (const change of [{ properties: null }, { properties: { time: 'noon' } }, { properties: { time: 9e18 } }]) {
      const { pages, table } = await spoilt((event) => ({ ...event, ...change }))
      expect(pages[0]!.cursor).toMatchObject({ sweep: { from: Date.parse('2026-01-31T03:02:01.001Z') } })
      expect(table.rejected).toHaveLength(1)
    }
  })
})

it('begins anew with a cursor that is none of ours', async () => {
  const { cursor } = await load(replay(recorded))
  for (const odd of ['', 7, {}, { ...(cursor as object), after: 9e15 }, { ...(cursor as object), sweep: { from: 'then' } }])
    expect((await load(replay(recorded), { since }, odd as Json)).rows).toHaveLength(4)
})

/** One event every `everyMs`, from the first moment of `since` on. */
const quakes = (count: number, everyMs: number): Quake[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `us${index}`,
    time: Date.parse(since) + index * everyMs,
    updated: Date.parse(since),
    mag: 5,
  }))

describe('paging', () => {
  it('asks from the last event on, and never beyond the end', async () => {
    const source = catalogue(quakes(3_999, 1_000))
    const { rows } = await load(source)
    expect(rows).toHaveLength(3_999)
    expect(source.asked.map(({ searchParams: query }) => [query.get('starttime'), query.get('offset')])).toEqual([
      ['2026-01-30T00:00:00.000', null],
      ['2026-01-30T00:00:00.000', '1'],
      ['2026-01-30T00:33:19.000', '1'],
      ['2026-01-30T01:06:38.000', '1'],
    ])
  })

  it('misses no event when one leaves the list, or comes into it, between two pages', async () => {
    for (const change of [{ mag: 1 }, null]) {
      const all = quakes(4_000, 1_000)
      const source = catalogue(all)
      const fetcher: Fetcher = {
        ...source,
        fetch(request) {
          if (source.asked.length === 2) {
            if (change === null) all.push({ ...all[0]!, id: 'late', time: all[0]!.time + 1 })
            else all[5] = { ...all[5]!, ...change }
          }
          return source.fetch(request)
        },
      }
      const { rows } = await load(fetcher)
      const found = new Set(rows.map(({ id }) => id))
      expect(all.filter(({ id }) => id !== 'late' && !found.has(id))).toEqual([])
    }
  })

  it('reads on where more events than a page have the same moment', async () => {
    const { rows } = await load(catalogue([...quakes(3_000, 0), ...quakes(10, 1_000).map((one) => ({ ...one, id: `b${one.id}` }))]))
    expect(rows).toHaveLength(3_010)
  })

  it('halves the time until no question has more than 20,000 events', async () => {
    const source = catalogue(quakes(20_500, 3_000))
    const { streams } = await openConnector(usgs, { config: { since }, filesFolder: folder, fetcher: source })
    const pages = await collectPages(streams[0]!)
    expect(new Set(pages.flatMap(({ records }) => records.map((record) => (record as Quake).id))).size).toBe(20_500)
    const counts = source.asked.filter(({ pathname }) => pathname.endsWith('/count'))
    expect(counts).toHaveLength(5)
    expect(source.most).toBeLessThanOrEqual(20_000)
  })

  it('refuses with a sentence when a single moment has too many', async () => {
    const refused = load(catalogue(quakes(20_001, 0)))
    await expect(refused).rejects.toThrow(ConfigError)
    await expect(refused).rejects.toMatchObject({ fields: [{ name: 'magnitude', message: expect.stringContaining('stronger') }] })
  })

  it('goes on after a load that was broken off, and misses no change that came meanwhile', async () => {
    const all = quakes(5_000, 10_000)
    const source = catalogue(all)
    const whole = await load(source)
    const open = await openConnector(usgs, { config: { since }, filesFolder: folder, fetcher: source })
    const broken = new MemoryTable(open.datasets[0]!)
    broken.add(whole.pages[0]!)
    // Changed behind the place the first load has come to, after it began.
    all[10] = { ...all[10]!, mag: 7, updated: source.now + 60_000 }
    source.now += 3_600_000
    const resumed = await load(source, { since }, whole.pages[0]!.cursor, broken)
    expect(resumed.rows).toHaveLength(5_000)
    const next = await load(source, { since }, resumed.cursor, broken)
    expect(next.rows.find(({ id }) => id === 'us10')).toMatchObject({ magnitude: 7 })
  })

  it('begins anew when the settings are others', async () => {
    const source = catalogue(quakes(10, 1_000))
    const { cursor } = await load(source)
    expect((await load(source, { since }, cursor)).pages).toEqual([])
    expect((await load(source, { since, magnitude: 4 }, cursor)).rows).toHaveLength(10)
  })
})

describe('the box', () => {
  const faults = (box: object) =>
    usgs.config.safeParse(box).error?.issues.map(({ path, message }) => `${String(path[0])}: ${message}`) ?? []

  it('goes into the question', async () => {
    const source = catalogue(quakes(1, 0))
    await load(source, { since, south: 54, north: 70, west: 10, east: 25 })
    const asked = Object.fromEntries(source.asked[1]!.searchParams)
    expect(asked).toMatchObject({ minlatitude: '54', maxlatitude: '70', minlongitude: '10', maxlongitude: '25' })
  })

  it('has four sides or none, and says beside which one it is wrong', () => {
    expect(faults({})).toEqual([])
    expect(faults({ south: 0, north: 10, west: 170, east: 190 })).toEqual([])
    expect(faults({ south: 0, north: 10, west: 170 })).toEqual([expect.stringMatching(/^east: A box needs all four sides/)])
    expect(faults({ south: 10, north: 0, west: 170, east: -170 })).toEqual([
      'north: North must be more than south.',
      expect.stringMatching(/^east: East must be more than west. Across the date line/),
    ])
  })
})

describe('an answer that is none', () => {
  it.each([
    [{ body: { error: 'busy' } }, 'without earthquakes'],
    [{ body: { features: [] } }, 'when its answer was made'],
    [{ body: '{"type":"FeatureCollection","features":[{"type"' }, 'text that is not JSON'],
    [{ status: 404, body: '' }, 'nothing at this address'],
    [{ status: 400, body: 'Error 400: Bad Request' }, 'refused the request'],
    [{ status: 429, headers: { 'retry-after': '3600' }, body: '' }, 'come back later'],
  ])('fails the load with a sentence: %o', async (answer, sentence) => {
    const failing = load(replay(answering(answer)))
    await expect(failing).rejects.toThrow(SourceError)
    await expect(failing).rejects.toThrow(sentence)
  })

  it('fails the test of the connection too', async () => {
    const fetcher = replay(recorded.map((fixture) => ({ ...fixture, response: { ...fixture.response, body: '<html>' } })))
    const { context } = await openConnector(usgs, { config: { since }, filesFolder: folder, fetcher })
    await expect(usgs.check!(context)).rejects.toThrow('a web page')
  })
})
