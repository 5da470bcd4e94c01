import { ConfigError, SourceError, type Json } from '@handover/sdk'
import {
  collectPages,
  MemoryTable,
  openConnector,
  readFixtures,
  replay,
  testConnector,
  type Fixture,
  type OpenConnector,
} from '@handover/sdk/testing'
import { describe, expect, it } from 'vitest'
import smhi from './index.ts'

const folder = import.meta.dirname
const fixtures = `${folder}/fixtures`

testConnector(smhi, {
  folder,
  fixtures,
  configs: {
    'one station': {},
    'two stations, with history': { stations: 'göteborg a, 98230', history: true },
    'sums of a day': { parameter: 'precipitation, each day', stations: '*', history: true },
    'means of a month': { parameter: 'air temperature, mean of a month' },
  },
  setAside: { 'sums of a day': 1 },
})

type Change = (url: string, body: any) => unknown

/** Opens the connector on the fixtures, or on what a test makes of them; `asked` fills with the addresses that are asked for. */
function open(config: Record<string, unknown>, asked: string[] = [], change: Change = (_url, body) => body): Promise<OpenConnector> {
  const recorded = readFixtures(fixtures).map((fixture): Fixture => {
    const { request, response } = fixture
    return { ...fixture, response: { ...response, body: change(request.url, structuredClone(response.body)) } }
  })
  const answers = replay(recorded)
  const fetcher: typeof answers = {
    ...answers,
    fetch(request) {
      asked.push(request.url.pathname)
      return answers.fetch(request)
    },
  }
  return openConnector(smhi, { config, filesFolder: fixtures, fetcher })
}

it('says that an answer is odd when a link in it leads nowhere', async () => {
  for (const href of [undefined, null, 7])
    await expect(
      open({}, [], (_url, body: any) =>
        body?.version ? { ...body, version: [{ key: '1.0', link: [{ type: 'application/json', href }] }] } : body,
      ),
    ).rejects.toMatchObject({
      code: 'SOURCE_SHAPE',
    })
})

it('says that an answer is odd when something else than entries stands in a list', async () => {
  for (const name of ['version', 'resource', 'station', 'period', 'data']) {
    const spoilt = async () => rowsOf(await open({}, [], (_url, body: any) => (body?.[name] ? { ...body, [name]: [null] } : body)))
    await expect(spoilt()).rejects.toMatchObject({ code: 'SOURCE_SHAPE' })
  }
})

const values = ({ streams }: OpenConnector) => streams.filter(({ name }) => name !== 'stations')

async function rowsOf(opened: OpenConnector) {
  const table = new MemoryTable(opened.datasets[1]!)
  for (const stream of values(opened)) for (const page of await collectPages(stream)) table.add(page)
  return { rows: table.rows(), rejected: table.rejected }
}

const shown = ({ time, value, quality }: Record<string, unknown>) => [time, value, quality]

const periodsOf = (level: any): { readonly key: string; updated: number }[] => (Array.isArray(level?.period) ? level.period : [])

/** What the levels say when everything was updated by so many hours later. */
const later =
  (hours: number): Change =>
  (_url, body) => {
    for (const period of periodsOf(body)) if (period.key.startsWith('latest')) period.updated += hours * 3_600_000
    return body
  }

/** Where the stream of values of the only station ends, and what was asked for it. */
async function load(cursor: Json, change?: Change, config: Record<string, unknown> = {}) {
  const asked: string[] = []
  const [stream] = values(await open(config, asked, change))
  asked.length = 0
  const pages = await collectPages(stream!, cursor)
  return { cursor: pages.at(-1)?.cursor ?? cursor, asked, pages }
}

describe('the levels', () => {
  it('are walked by their links, from the newest version to the data, wherever those lie', async () => {
    const asked: string[] = []
    await rowsOf(await open({}, asked))
    expect(asked).toEqual([
      '/api.json',
      '/api/version/1.0.json',
      '/api/version/1.0/parameter/1.json',
      '/api/version/1.0/parameter/1/station/71420.json',
      '/api/version/1.0/parameter/1/station/71420/period/latest-months.json',
      '/files/gothenburg/months.json',
    ])
  })

  it('give all stations with their place, whichever are chosen', async () => {
    const opened = await open({})
    const table = new MemoryTable(opened.datasets[0]!)
    for (const page of await collectPages(opened.streams[0]!)) table.add(page)
    expect(table.values('name')).toHaveLength(5)
    expect(table.rows()[0]).toMatchObject({ id: 71400, name: 'Göteborg', state: 'closed', latitude: 57.7156, longitude: 11.9924 })
  })
})

describe('values', () => {
  it('are numbers of the unit that SMHI names, empty where the station was silent', async () => {
    const opened = await open({})
    expect(opened.datasets[1]!.shape).toMatchObject({ name: 'airTemperature', key: ['station', 'time'] })
    expect(opened.datasets[1]!.shape.columns.find(({ name }) => name === 'value')).toMatchObject({ title: 'Air temperature', unit: '°C' })
    expect((await rowsOf(opened)).rows.map(shown)).toEqual([
      ['2025-10-31T23:00:00.000Z', 9.9, 'Y'],
      ['2025-11-01T00:00:00.000Z', 8.1, 'G'],
      ['2026-01-30T23:00:00.000Z', -0.4, 'G'],
      ['2026-01-31T10:00:00.000Z', -1.2, 'Y'],
      ['2026-01-31T11:00:00.000Z', null, 'Y'],
    ])
  })

  it('of the archive are read behind the tables about the station, and go before unchecked ones', async () => {
    expect((await rowsOf(await open({ history: true }))).rows.map(shown).slice(0, 5)).toEqual([
      ['1961-01-01T06:00:00.000Z', -3.5, 'G'],
      ['1961-01-01T12:00:00.000Z', -1, 'Y'],
      ['1961-01-01T18:00:00.000Z', null, 'G'],
      ['2025-10-31T23:00:00.000Z', 9.8, 'G'],
      ['2025-11-01T00:00:00.000Z', 8.1, 'G'],
    ])
  })

  it('of a day or month stand at its first moment; what is no number is set aside', async () => {
    const day = await rowsOf(await open({ parameter: 'precipitation, each day', history: true }))
    expect(day.rows.map(shown)).toEqual([
      ['2025-10-30T00:00:00.000Z', 0, 'G'],
      ['2025-10-31T00:00:00.000Z', 8.7, 'G'],
      ['2026-01-29T00:00:00.000Z', 2.4, 'Y'],
    ])
    expect(day.rejected.map(({ reason }) => reason)).toEqual([expect.stringContaining('The value is no number')])
    const month = await rowsOf(await open({ parameter: 'air temperature, mean of a month' }))
    expect(month.rows.map(shown)).toEqual([['2025-12-01T00:00:00.000Z', 3.1, 'Y']])
  })

  it('are none for a station that was silent all the time', async () => {
    expect((await rowsOf(await open({ stations: '98230' }))).rows).toEqual([])
  })
})

describe('later loads', () => {
  it('ask only whether there is something new', async () => {
    const { cursor } = await load(null)
    expect(await load(cursor)).toMatchObject({ pages: [], asked: [expect.stringContaining('/station/71420.json')] })
  })

  it('read the last day within a day, and the four months after that', async () => {
    const first = await load(null)
    const second = await load(first.cursor, later(2))
    expect(second.asked.at(-1)).toContain('latest-day/data.json')
    expect(second.pages[0]!.records).toHaveLength(2)
    expect((await load(second.cursor, later(23))).asked.at(-1)).toContain('latest-day/data.json')
    expect((await load(second.cursor, later(24))).asked.at(-1)).toContain('months.json')
  })

  it('never put an unchecked value over one of the archive, and read the archive again when it has grown', async () => {
    const first = await load(null, undefined, { history: true })
    const again = await load(first.cursor, later(48), { history: true })
    expect(again.asked.filter((path) => path.endsWith('.csv'))).toEqual([])
    expect(again.pages[0]!.records).not.toContainEqual(expect.objectContaining({ value: '9.9' }))
    const grown: Change = (_url, body) => {
      for (const period of periodsOf(body)) if (period.key === 'corrected-archive') period.updated++
      return body
    }
    expect((await load(first.cursor, grown, { history: true })).asked.filter((path) => path.endsWith('.csv'))).toHaveLength(1)
  })
})

describe('settings', () => {
  it.each([
    [
      { stations: 'Göteborg B' },
      'stations',
      /No station "Göteborg B" measures this. There is: Göteborg A \(71420\), Göteborg \(71400, closed\)\./,
    ],
    [{ stations: '12345' }, 'stations', /No station "12345"/],
    [{ stations: ' , ' }, 'stations', /at least one station/],
    [{ parameter: 'snow depth, each day' }, 'parameter', /does not offer/],
    [{ address: 'https://elsewhere.example/api.json' }, 'address', /no open data/],
  ])('%o are refused beside the field', async (config, name, message) => {
    const { context } = await open({})
    const error: unknown = await smhi.check!({ ...context, config: { ...context.config, ...config } }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ fields: [{ name, message: expect.stringMatching(message) }] })
  })
})

describe('a source in trouble', () => {
  it.each([
    ['has no such station any more', '99999', undefined, 'SOURCE_NOT_FOUND'],
    ['asks to come back later', '97400', undefined, 'SOURCE_BUSY'],
    [
      'breaks off in the middle',
      '71420',
      (url, body) => (url.endsWith('/months.json') ? '{"value": [{"date": 17' : body),
      'SOURCE_NOT_JSON',
    ],
    ['sends an error with status 200', '71420', (url, body) => (url.endsWith('/71420.json') ? { error: 'sorry' } : body), 'SOURCE_SHAPE'],
  ] as [string, string, Change | undefined, string][])(
    'that %s fails the load, to be tried again',
    async (_what, stations, change, code) => {
      const error: unknown = await rowsOf(await open({ stations }, [], change)).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(SourceError)
      expect(error).toMatchObject({ code })
    },
  )
})
