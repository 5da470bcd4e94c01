import { ConfigError, recordText, SourceError, type Json } from '@handover/sdk'
import { collectPages, MemoryTable, openConnector, readFixtures, replay, testConnector, type Fixture } from '@handover/sdk/testing'
import { describe, expect, it } from 'vitest'
import queueTimes from './index.ts'

const folder = import.meta.dirname
const recorded = readFixtures(`${folder}/fixtures`)

testConnector(queueTimes, {
  folder,
  fixtures: `${folder}/fixtures`,
  configs: { Liseberg: {}, 'two parks': { parks: '11, 7' } },
})

const at = (park: number) => `https://queue-times.com/parks/${park}/queue_times.json`

/** The recorded answers, with another one at this address. */
const answering = (url: string, response: Partial<Fixture['response']>): Fixture[] =>
  recorded.map((fixture) => (fixture.request.url === url ? { ...fixture, response: { ...fixture.response, ...response } } : fixture))

interface Ride {
  readonly name: string
  readonly wait_time: number
  readonly last_updated: string
}

/** What Liseberg says with one ride changed. */
function liseberg(change: (ride: Ride) => object): Fixture[] {
  const answer = recorded.find(({ request }) => request.url === at(11))!.response.body as { lands: unknown; rides: Ride[] }
  return answering(at(11), { body: { ...answer, rides: answer.rides.map((ride) => ({ ...ride, ...change(ride) })) } })
}

const open = (config: Record<string, unknown>, fixtures: readonly Fixture[] = recorded, now = '2026-07-11T12:01:00Z') =>
  openConnector(queueTimes, { config, filesFolder: folder, fetcher: replay(fixtures), now: new Date(now) })

/** A load that goes on from these cursors; rows and new cursors by dataset and stream. */
async function load(config: Record<string, unknown>, fixtures: readonly Fixture[] = recorded, cursors: Record<string, Json> = {}) {
  const opened = await open(config, fixtures)
  const tables = opened.datasets.map((dataset) => new MemoryTable(dataset))
  const ends = { ...cursors }
  const pages = []
  for (const stream of opened.streams) {
    const name = `${stream.name} ${stream.partition}`
    for (const page of await collectPages(stream, ends[name] ?? null)) {
      for (const table of tables) if (table.dataset.shape.from === stream.name) table.add(page, stream.partition)
      if (page.cursor !== undefined) ends[name] = page.cursor
      pages.push(page)
    }
  }
  const rows = (name: string) => tables.find(({ dataset }) => dataset.shape.name === name)!.rows() as Record<string, any>[]
  return { rows, ends, pages, rejected: tables.flatMap((table) => table.rejected) }
}

describe('parks', () => {
  it('are the chosen ones, with coordinates that came as text', async () => {
    const { rows } = await load({ parks: '7,11, 11' })
    expect(rows('parks').map(({ name }) => name)).toEqual(['Disney Hollywood Studios', 'Liseberg'])
    expect(rows('parks')[0]).toMatchObject({ company: 'Walt Disney Attractions', latitude: 28.3575294, longitude: -81.5582714 })
  })

  it('without a place on the map stay; with a place that is no number they are set aside', async () => {
    const parks = (latitude: unknown) => [{ id: 1, name: 'Liseberg', parks: [{ id: 11, name: 'Liseberg', latitude }] }]
    const place = async (latitude: unknown) => load({}, answering('https://queue-times.com/parks.json', { body: parks(latitude) }))
    for (const latitude of [null, '', undefined]) expect((await place(latitude)).rows('parks')).toMatchObject([{ latitude: null }])
    expect((await place('north')).rejected).toMatchObject([{ column: 'latitude' }])
  })

  it('are asked for once a day, and again when others are chosen', async () => {
    const { ends } = await load({})
    const requests = async (config: object, now: string) => {
      const { streams } = await open({ ...config }, recorded, now)
      return (await collectPages(streams[0]!, ends['parks '] ?? null)).map(({ request }) => request)
    }
    expect(await requests({}, '2026-07-11T23:59:00Z')).toEqual([])
    expect(await requests({}, '2026-07-12T00:00:00Z')).toEqual(['GET https://queue-times.com/parks.json'])
    expect(await requests({ parks: '7' }, '2026-07-11T12:02:00Z')).toHaveLength(1)
  })

  it('that do not exist are named beside the setting', async () => {
    const { context } = await open({ parks: '11, 9999, 8888' })
    const sentence = 'Queue-Times.com has no park with the number 9999, 8888.'
    await expect(queueTimes.check!(context)).rejects.toMatchObject({ fields: [{ name: 'parks', message: sentence }] })
    await expect(open({ parks: '9999' })).rejects.toThrow(ConfigError)
    const mixed = await load({ parks: '11, 9999' })
    expect(mixed.rows('waits')).toHaveLength(5)
    expect(mixed.rejected).toMatchObject([{ reason: 'Queue-Times.com has no park with the number 9999.' }])
    const issues = queueTimes.config.safeParse({ parks: 'Liseberg' }).error!.issues
    expect(issues).toMatchObject([{ path: ['parks'], message: 'Numbers of parks, separated by commas, such as 11, 9.' }])
  })

  it('that are no longer chosen are not asked', async () => {
    const { streams } = await open({ parks: '11, 7' })
    const narrowed = await open({ parks: '7' })
    const row = { name: 'rides', partition: '11' }
    expect(streams.some((stream) => stream.name === row.name && stream.partition === row.partition)).toBe(true)
    const partition = { key: '11', value: { id: 11 } }
    const pages = queueTimes.streams!['rides']!.extract({ ...narrowed.context, cursor: null, hint: null, partition })
    for await (const page of pages) expect(page).toBe('not asked')
  })
})

describe('rides', () => {
  it('come from lands and from outside of them, each with its park', async () => {
    const { rows, pages } = await load({ parks: '7' })
    expect(rows('rides').map(({ name, land, park }) => [name, land, park])).toEqual([
      ['Muppet*Vision 3D', 'Muppets Courtyard', 7],
      ["Rock 'n' Roller Coaster Starring Aerosmith", 'Sunset Boulevard', 7],
      ['The Twilight Zone Tower of Terror™', 'Sunset Boulevard', 7],
      ['Vacation Fun', null, 7],
    ])
    expect(recordText(pages.at(-1)!.records.at(-1))).toContain('"Vacation Fun"')
  })

  it('that are closed have no waiting time', async () => {
    const { rows } = await load({})
    expect(rows('waits').map(({ ride, open, wait }) => [ride, open, wait])).toEqual([
      ['AtmosFear', true, 20],
      ['Balder', true, 35],
      ['Helix', true, 45],
      ['Lisebergbanan', false, null],
      ['Valkyria', true, 25],
    ])
  })
})

describe('a ride that is not whole', () => {
  it('is set aside and does not hold up the others', async () => {
    const without = async (field: string) =>
      load(
        {},
        liseberg(({ name }) => (name === 'Helix' ? { [field]: undefined } : {})),
      )
    for (const field of ['id', 'name', 'is_open', 'last_updated']) {
      const { rows, rejected } = await without(field)
      expect(rows('waits').map(({ ride }) => ride)).not.toContain('Helix')
      expect([rows('waits').length, rejected.length]).toEqual([4, 2])
    }
  })
})

describe('waiting times', () => {
  it('are not written twice when the source has not looked again', async () => {
    const first = await load({ parks: '11, 7' })
    expect(first.rows('waits')).toHaveLength(9)
    const second = await load({ parks: '11, 7' }, recorded, first.ends)
    expect(second.pages).toEqual([])
  })

  it('are written for the rides alone that the source looked at again', async () => {
    const first = await load({})
    const later = '2026-07-11T12:05:19.000Z'
    const changed = liseberg(({ name }) => (name === 'Helix' ? { wait_time: 60, last_updated: later } : {}))
    const second = await load({}, changed, first.ends)
    expect(second.rows('waits')).toMatchObject([{ ride: 'Helix', rideId: 1105, wait: 60, at: later }])
    expect(second.rows('rides')).toMatchObject([{ id: 1105, wait: 60 }])
    expect((await load({}, changed, second.ends)).pages).toEqual([])
    expect((second.ends['rides 11'] as Record<string, Json>)['1107']).toBe('2026-07-11T11:55:20.000Z')
  })

  it('of a ride that left for a while and came back are not written twice', async () => {
    const first = await load({})
    const without = answering(at(11), { body: { lands: [], rides: [] } })
    const closed = await load({}, without, first.ends)
    expect(closed.pages).toEqual([])
    expect((await load({}, recorded, closed.ends)).pages).toEqual([])
  })
})

describe('an answer that is none', () => {
  it.each([
    [{ body: { error: 'Something went wrong' } }, 'without a list of lands'],
    [{ body: 'null' }, 'without a list of lands'],
    [{ body: { lands: [], rides: null } }, 'without a list of rides'],
    [{ body: { lands: [], rides: [null] } }, 'without a list of rides'],
    [{ body: { lands: [null], rides: [] } }, 'without a list of lands'],
    [{ body: '{"lands":[],"rides":[{"id":1' }, 'text that is not JSON'],
    [{ status: 404, body: '<h1>Not found</h1>' }, 'nothing at this address'],
    [{ status: 429, headers: { 'retry-after': '600' }, body: '' }, 'come back later'],
  ])('fails the park with a sentence: %o', async (answer, sentence) => {
    const failing = load({}, answering(at(11), answer))
    await expect(failing).rejects.toThrow(SourceError)
    await expect(failing).rejects.toThrow(sentence)
  })

  it('fails the list of parks with a sentence', async () => {
    await expect(load({}, answering('https://queue-times.com/parks.json', { body: { error: 'busy' } }))).rejects.toThrow(
      'without a list of parks',
    )
  })
})
