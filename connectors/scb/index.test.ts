import { ConfigError, SourceError, type Json } from '@handover/sdk'
import { collectPages, MemoryTable, openConnector, readFixtures, replay, testConnector } from '@handover/sdk/testing'
import { describe, expect, it } from 'vitest'
import { rowsOf } from './cube.ts'
import scb from './index.ts'
import { codesOf, readJsonStat } from './json-stat.ts'
import { readMetadata } from './metadata.ts'
import { firstDay } from './periods.ts'

const folder = import.meta.dirname
const fixtures = `${folder}/fixtures`
const small = { table: 'TAB638', address: 'https://small.example/api/v2', selection: 'region=0180,1480; sex=*' }

testConnector(scb, {
  folder,
  fixtures,
  configs: {
    'a table summed up': { table: 'TAB638' },
    'two cities': { table: 'TAB638', selection: 'Region=Göteborg, 0180; Tid=last 2' },
    'more than one answer': small,
    'months and decimals': { table: 'TAB6596' },
  },
})

const open = (config: Record<string, unknown>, asked: string[] = []) => {
  const answers = replay(readFixtures(fixtures))
  const fetcher: typeof answers = {
    ...answers,
    fetch: (request) => {
      asked.push(`${request.method} ${request.url.pathname}`)
      return answers.fetch(request)
    },
  }
  return openConnector(scb, { config: { table: 'TAB638', ...config }, filesFolder: fixtures, fetcher })
}

/** The rows of a whole load. */
async function rows(config: Record<string, unknown>, cursor: Json = null) {
  const { streams, datasets } = await open(config)
  const table = new MemoryTable(datasets[0]!)
  for (const page of await collectPages(streams[0]!, cursor)) table.add(page)
  return table.rows()
}

const cursorOf = async (config: Record<string, unknown>): Promise<Json> => {
  const { streams } = await open(config)
  return (await collectPages(streams[0]!)).at(-1)!.cursor!
}

describe('an answer that is no table', () => {
  const side = { label: 'year', category: { index: ['1'], label: { '1': 'one' }, unit: { '1': { base: 'SEK', decimals: 1 } } } }
  const cube = { id: ['Tid'], role: { metric: ['Tid'] }, dimension: { Tid: side }, value: [1] }
  const withCategory = (category: unknown) => ({ ...cube, dimension: { Tid: { ...side, category } } })

  it('is told by its shape, with a sentence', () => {
    const odd = [
      { ...cube, role: { metric: ['What'] } },
      { ...cube, role: { time: 'Tid' } },
      { ...cube, id: ['constructor'] },
      { ...cube, dimension: { Tid: { ...side, label: 7 } } },
      ...[{ index: [null] }, { index: { '1': 'first' } }, { label: { '1': 7 } }, { unit: { '1': null } }].map(withCategory),
    ]
    for (const one of odd) expect(() => readJsonStat(one)).toThrow(SourceError)
  })

  it('is not one where something is left out, or is null', () => {
    for (const one of [cube, { ...cube, role: null, label: null, status: null }, withCategory({ index: ['1'], label: null, unit: null })])
      expect(readMetadata(readJsonStat(one)).dimensions[0]!.values).toHaveLength(1)
    expect(codesOf({ category: { label: { A: 'a' } } })).toEqual(['A'])
    // JavaScript puts names that are numbers in front, so that the numbers would stand under wrong codes.
    for (const category of [null, {}, { label: { B: 'b', '1': 'a' } }]) expect(() => codesOf({ category })).toThrow('have no codes')
  })
})

describe('the address', () => {
  it('may end in /', async () => {
    const { datasets } = await open({ ...small, address: `${small.address}/` })
    expect(datasets).toHaveLength(1)
  })
})

describe('a cube', () => {
  it('is read with its last side running fastest, what is measured side by side', () => {
    const side = (label: string, codes: string[]) => ({ label, category: { index: codes } })
    const cube = {
      id: ['Region', 'What', 'Tid'],
      size: [2, 2, 3],
      dimension: { Region: side('region', ['A', 'B']), What: side('what', ['n', 'm']), Tid: side('year', ['1', '2', '3']) },
      value: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    }
    expect([...rowsOf(cube, 'What', 12)].map(({ at, values }) => [at['Region'], at['Tid'], values['n'], values['m']])).toEqual([
      ['A', '1', 0, 3],
      ['A', '2', 1, 4],
      ['A', '3', 2, 5],
      ['B', '1', 6, 9],
      ['B', '2', 7, 10],
      ['B', '3', 8, 11],
    ])
  })

  it('gives a row for each place, with names, units and the first day of the period', async () => {
    const { datasets } = await open({})
    expect(datasets[0]!.shape).toMatchObject({ name: 'tab638', title: 'Population', key: ['period'], load: 'merge' })
    expect(await rows({})).toEqual([
      { period: '2022', date: '2022-01-01', population: 10521556, populationGrowth: 69230, marks: null },
      { period: '2023', date: '2023-01-01', population: 10551707, populationGrowth: 30151, marks: null },
      { period: '2024', date: '2024-01-01', population: 10587710, populationGrowth: 36003, marks: null },
    ])
    expect((await open(small)).datasets[0]!.shape.title).toBe('Population by region, sex')
    const [cpi] = (await open({ table: 'TAB6596' })).datasets
    expect(cpi!.shape.columns.map(({ name, kind, scale, unit, role }) => [name, kind, scale, unit, role])).toEqual([
      ['period', 'text', null, null, null],
      ['date', 'date', null, null, 'time'],
      ['annualChange', 'decimal', 1, 'percent', null],
      ['cpi2020100', 'decimal', 2, 'index', null],
      ['marks', 'text', null, null, null],
    ])
    expect(await rows({ table: 'TAB6596' })).toContainEqual({
      ...{ period: '2026M10', date: '2026-10-01', annualChange: '0.7', cpi2020100: '126.30', marks: null },
    })
  })

  it('leaves a number empty where the source has a mark instead, and says which', async () => {
    const found = await rows({ selection: 'Region=0180,1480;Tid=last 2' })
    expect(
      found.map(({ regionCode, region, period, population, populationGrowth, marks }) => [
        regionCode,
        region,
        period,
        population,
        populationGrowth,
        marks,
      ]),
    ).toEqual([
      ['0180', 'Stockholm', '2023', 984748, 5301, null],
      ['0180', 'Stockholm', '2024', 988943, null, 'populationGrowth ..'],
      ['1480', 'Göteborg', '2023', 600151, null, 'populationGrowth :'],
      ['1480', 'Göteborg', '2024', 604616, 4465, null],
    ])
  })

  it.each([
    ['sends fewer numbers than asked for', 'Region=00; Tid=last 1', 'SOURCE_INCOMPLETE', '1 numbers where 2 were asked for'],
    ['asks to come back later', 'Region=0180; Tid=last 1', 'SOURCE_BUSY', 'come back later'],
    ['breaks off in the middle', 'Alder=0; Tid=last 1', 'SOURCE_NOT_JSON', 'not JSON'],
    ['sends an error with status 200', 'Region=1480; Tid=last 1', 'SOURCE_SHAPE', 'no table of statistics'],
  ])('fails the load when the source %s', async (_what, selection, code, sentence) => {
    const { streams } = await open({ selection })
    const error: unknown = await collectPages(streams[0]!).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({ code, message: expect.stringContaining(sentence) })
  })
})

describe('a selection', () => {
  it('is cut into questions of at most as many numbers as the source gives at once', async () => {
    const asked: string[] = []
    const { streams } = await open(small, asked)
    const pages = await collectPages(streams[0]!)
    expect(pages.map(({ request }) => request)).toEqual(Array(3).fill('POST https://small.example/api/v2/tables/TAB638/data, 8 numbers'))
    // Invented so that each number says where it belongs: region, sex, measure and year.
    for (const { regionCode, konCode, period, population, populationGrowth } of await rows(small)) {
      const place = Number(regionCode) * 1_000_000 + Number(konCode) * 100_000 + Number(period)
      expect([population, populationGrowth]).toEqual([place, place + 10_000])
    }
    expect(await rows(small)).toHaveLength(12)
  })

  it('goes on with the part at which a load was broken off, and asks for no number when nothing is new', async () => {
    const { streams } = await open(small)
    const [, second] = await collectPages(streams[0]!)
    expect(await collectPages(streams[0]!, second!.cursor)).toHaveLength(1)
    const asked: string[] = []
    const again = await open(small, asked)
    expect(await collectPages(again.streams[0]!, await cursorOf(small))).toEqual([])
    expect(asked.filter((one) => one.startsWith('POST'))).toEqual([])
  })

  it.each([
    ['the source changed a number', (cursor: object) => ({ ...cursor, updated: '2024-02-21T07:00:00Z' })],
    ['another selection is wanted', (cursor: object) => ({ ...cursor, of: 'en TAB638 Kon=1' })],
    ['the source gives more at once', (cursor: object) => ({ ...cursor, parts: 2 })],
  ])('is asked for anew when %s', async (_what, change) => {
    const { streams } = await open(small)
    const cursor = change((await cursorOf(small)) as object) as Json
    expect(await collectPages(streams[0]!, cursor)).toHaveLength(3)
  })

  it.each([
    ['Regoin=0180', /not split by "Regoin". It is by: Region \(region\)/],
    ['Region=0181', /"0181" is no value of Region.*00 \(Sweden\)/],
    ['Region', /cannot be read/],
    ['Region=0180;region=1480', /named twice/],
    ['Tid=last 0', /"last 0" is no value/],
  ])('that reads %s is refused beside the field', async (selection, message) => {
    const error: unknown = await open({ selection }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ fields: [{ name: 'selection', message: expect.stringMatching(message) }] })
  })

  it('of another agency carries its name and terms', async () => {
    expect((await open({})).discovery!.provider).toBeUndefined()
    expect((await open(small)).discovery!.provider).toMatchObject({
      name: 'Statistics Sweden',
      url: 'https://small.example/api/v2',
      licenceUrl: expect.stringContaining('creativecommons.org'),
    })
  })

  it('of another agency is read, whatever that writes for its terms', async () => {
    for (const license of ['CC-BY:4.0', 'javascript:alert(1)', 7, null]) {
      const answers = readFixtures(fixtures).map((fixture) => {
        const { request, response } = fixture
        const body = request.url.endsWith('/config') ? { ...(response.body as object), license } : response.body
        return { ...fixture, response: { ...response, body } }
      })
      const opened = await openConnector(scb, { config: small, filesFolder: fixtures, fetcher: replay(answers) })
      expect(opened.discovery!.provider).toMatchObject({ licence: 'not stated' })
    }
  })

  it('that splits a table otherwise than before is refused, because its rows would be told apart by other columns', async () => {
    const before = await open({})
    const { context } = await open({ selection: 'Region=*' })
    await expect(scb.discover!(context, before.discovery)).rejects.toMatchObject({ fields: [{ name: 'selection' }] })
  })

  it('keeps the names of its columns when the source calls them something else', async () => {
    const { context, discovery } = await open({})
    const renamed = structuredClone(discovery!)
    ;(renamed.datasets[0]!.hint as { measures: Record<string, string> }).measures['BE0101N1'] = 'inhabitants'
    const [dataset] = (await scb.discover!(context, renamed)).datasets
    expect(dataset!.columns.map(({ name, title }) => [name, title])).toContainEqual(['inhabitants', 'Population'])
  })
})

it.each([
  [{ table: 'TAB0' }, 'table'],
  [{ address: 'https://elsewhere.example/api/v2' }, 'address'],
])('says beside the field what is wrong with %o', async (config, field) => {
  const { context } = await open({})
  const wrong = { ...context, config: { ...context.config, ...config } }
  await expect(scb.check!(wrong)).rejects.toMatchObject({ fields: [{ name: field }] })
})

it.each([
  ['2024', '2024-01-01'],
  ['2024H2', '2024-07-01'],
  ['2024K3', '2024-07-01'],
  ['2024Q4', '2024-10-01'],
  ['2024M12', '2024-12-01'],
  ['2024M02D29', '2024-02-29'],
  ['2020V53', '2020-12-28'],
  ['2021V01', '2021-01-04'],
  ['2019-2023', null],
  ['2024M13', null],
  ['2023/24', null],
])('takes the period %s for the day %s', (period, day) => expect(firstDay(period)).toBe(day))
