import { ConfigError, RawRecord, recordText, SourceError, type Json } from '@handover/sdk'
import { collectPages, MemoryTable, openConnector, readFixtures, replay, testConnector, type Fixture } from '@handover/sdk/testing'
import { describe, expect, it } from 'vitest'
import elpris from './index.ts'

const folder = import.meta.dirname
const recorded = readFixtures(`${folder}/fixtures`)

testConnector(elpris, {
  folder,
  fixtures: `${folder}/fixtures`,
  configs: { 'two days and tomorrow': { since: '2026-01-30' }, 'two zones': { since: '2026-01-30', zones: 'se3, SE4' } },
})

/** A load at a moment in which every partition has the cursor that is given for it. */
async function load(
  config: Record<string, unknown>,
  now: string,
  fixtures: readonly Fixture[] = recorded,
  cursors: Record<string, Json> = {},
) {
  const open = await openConnector(elpris, { config, filesFolder: folder, fetcher: replay(fixtures), now: new Date(now) })
  const table = new MemoryTable(open.datasets[0]!)
  const ends: Record<string, Json> = {}
  const pages = []
  for (const stream of open.streams) {
    for (const page of await collectPages(stream, cursors[stream.partition] ?? null)) {
      table.add(page, stream.partition)
      pages.push(page)
      if (page.cursor !== undefined) ends[stream.partition] = page.cursor
    }
  }
  return { open, pages, ends, rejected: table.rejected, rows: table.rows() as Record<string, any>[] }
}

/** The answer for one day in SE3 put in place of the recorded one. */
function answering(day: string, response: Partial<Fixture['response']>): Fixture[] {
  return recorded.map((fixture) =>
    fixture.request.url.endsWith(`${day.slice(0, 4)}/${day.slice(5)}_SE3.json`)
      ? { ...fixture, response: { ...fixture.response, ...response } }
      : fixture,
  )
}

describe('the days', () => {
  it('go from the first one to tomorrow in Sweden, in each zone', async () => {
    const { open } = await load({ since: '2026-01-30', zones: 'SE3,SE4,SE3' }, '2026-01-31T12:00:00Z')
    const keys = ['2026-01-30', '2026-01-31', '2026-02-01'].flatMap((day) => [`${day} SE3`, `${day} SE4`])
    expect(open.streams.map(({ partition }) => partition)).toEqual(keys)
    const late = await openConnector(elpris, {
      config: { since: '2026-01-30' },
      filesFolder: folder,
      fetcher: replay([]),
      now: new Date('2026-01-30T23:30:00Z'),
    })
    expect(late.streams.at(-1)!.partition).toBe('2026-02-01 SE3')
  })

  it('that are over are read once; today and tomorrow are asked again', async () => {
    const first = await load({ since: '2026-01-30' }, '2026-01-31T12:00:00Z')
    expect(first.ends).toEqual({ '2026-01-30 SE3': 'read' })
    const again = await load({ since: '2026-01-30' }, '2026-01-31T12:00:00Z', recorded, first.ends)
    expect(again.pages.map(({ request }) => request)).toEqual(['GET https://www.elprisetjustnu.se/api/v1/prices/2026/01-31_SE3.json'])
  })

  it.each([
    ['2026-03-29', 92, '2026-03-29T01:00:00.000Z'],
    ['2025-10-26', 100, '2025-10-26T01:15:00.000Z'],
  ])('with a change of the clock are whole: %s has %i prices', async (since, count, inTheGap) => {
    const { rows, rejected } = await load({ since }, `${since}T12:00:00Z`)
    expect([rows.length, rejected]).toEqual([count, []])
    expect(rows.every(({ minutes }) => minutes === 15)).toBe(true)
    expect(rows.some(({ start }) => start === inTheGap)).toBe(true)
    const starts = rows.map(({ start }) => Date.parse(start as string))
    expect(starts.slice(1).every((start, index) => start === starts[index]! + 900_000)).toBe(true)
  })

  it('have hours before October 2025 and quarters since', async () => {
    const { rows } = await load({ since: '2025-09-30' }, '2025-09-30T12:00:00Z')
    expect(rows).toHaveLength(24 + 96)
    expect(rows.filter(({ minutes }) => minutes === 60).at(-1)).toMatchObject({ end: '2025-09-30T22:00:00.000Z' })
    expect(rows.find(({ minutes }) => minutes === 15)).toMatchObject({ start: '2025-09-30T22:00:00.000Z' })
  })
})

describe('a price', () => {
  it('keeps its five decimals and its sign, and belongs to the zone of its file', async () => {
    const { rows, pages } = await load({ since: '2026-01-31', zones: 'SE3, SE4' }, '2026-01-31T12:00:00Z')
    const raw = pages[0]!.records as { SEK_per_kWh: number }[]
    expect(rows.slice(0, 96).map(({ price }) => price)).toEqual(raw.map(({ SEK_per_kWh }) => SEK_per_kWh.toFixed(5)))
    expect(rows.filter(({ price }) => price.startsWith('-')).length).toBeGreaterThan(10)
    expect(rows.map(({ zone }) => zone)).toEqual([...Array(96).fill('SE3'), ...Array(96).fill('SE4')])
  })

  it('is exact in every way that a number is written, and its record stays as it came', async () => {
    const text =
      '{"SEK_per_kWh": -1e-05, "EUR_per_kWh":0.0,"EXR":11.091763,"time_start":"2026-01-31T00:00:00+01:00","time_end":"2026-01-31T00:15:00+01:00"}'
    const { rows, pages } = await load({ since: '2026-01-31' }, '2026-01-31T12:00:00Z', answering('2026-01-31', { body: `[${text}]` }))
    expect(rows[0]).toMatchObject({ price: '-0.00001', priceEur: '0.00000', exchangeRate: '11.091763' })
    expect(recordText(pages[0]!.records[0] as RawRecord)).toBe(text)
  })
})

describe('a file that is not there', () => {
  it('is no fault for tomorrow, and one with a sentence for any other day', async () => {
    const missing = { status: 404, body: '<h1>404</h1>' }
    const at = '2026-01-31T12:00:00Z'
    expect((await load({ since: '2026-01-31' }, at)).pages).toHaveLength(1)
    for (const [day, answer] of [
      ['2026-01-31', missing],
      ['2026-01-30', missing],
      ['2026-01-31', { body: [] }],
    ] as const) {
      const failing = load({ since: '2026-01-30' }, at, answering(day, answer))
      await expect(failing).rejects.toThrow(`elprisetjustnu.se has no prices of ${day} for SE3.`)
    }
  })

  it.each([
    [{ body: { error: 'busy' } }, 'not a list of prices'],
    [{ body: '<html>Sorry</html>' }, 'a web page where JSON was expected'],
    [{ body: '[{"SEK_per_kWh":0.1,' }, 'text that is not JSON'],
    [{ status: 429, headers: { 'retry-after': '900' }, body: '' }, 'come back later'],
    [{ status: 500, body: '' }, 'problem of its own'],
  ])('is not taken for prices: %o', async (answer, sentence) => {
    const failing = load({ since: '2026-01-31' }, '2026-01-31T12:00:00Z', answering('2026-01-31', answer))
    await expect(failing).rejects.toThrow(sentence)
    await expect(failing).rejects.toThrow(SourceError)
  })
})

describe('the settings', () => {
  const faultOf = (config: Record<string, unknown>) =>
    elpris.config.safeParse(config).error?.issues.map(({ path, message }) => [...path, message])

  it('name what is wrong beside the field', async () => {
    expect(faultOf({ zones: 'SE5' })).toEqual([['zones', 'One or more of SE1, SE2, SE3 and SE4, separated by commas.']])
    expect(faultOf({ since: '2022-10-31' })).toEqual([['since', 'Prices begin with 2022-11-01.']])
    expect(faultOf({})).toBeUndefined()
    const { context } = await openConnector(elpris, { config: { since: '2026-02-02' }, filesFolder: folder, fetcher: replay([]) })
    const refused = elpris.check!(context)
    await expect(refused).rejects.toThrow(ConfigError)
    await expect(refused).rejects.toMatchObject({ fields: [{ name: 'since', message: expect.stringContaining('still to come') }] })
  })
})
