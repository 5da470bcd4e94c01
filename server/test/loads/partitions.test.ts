import {
  ConfigError,
  defineConnector,
  SourceError,
  type Connector,
  type Dataset,
  type ExtractContext,
  type Json,
  type Page,
} from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { previewOf } from '../../src/sources/preview.ts'
import { gate } from './listed.ts'
import { TestLoads } from './test-loads.ts'

const columns = z.object({ id: z.string().max(60).describe('Name') })
const days = (count: number): string[] => Array.from({ length: count }, (_, day) => `2026-01-${String(day + 1).padStart(2, '0')}`)

/** What a test sees of the calls of `extract`. */
interface Asked {
  readonly key: string
  readonly cursor: Json
}

/** One stream with a partition for each key; `read` gives its pages. */
function pieces(keys: () => readonly string[], read: (context: ExtractContext) => AsyncIterable<Page>, asked: Asked[] = []): Connector {
  return defineConnector({
    ...{ name: 'pieces', title: 'Pieces', about: 'For a test.', config: z.object({}) },
    streams: {
      prices: {
        about: 'Prices.',
        *partitions() {
          for (const key of keys()) yield { key, value: { day: key } }
        },
        extract(context) {
          asked.push({ key: context.partition.key, cursor: context.cursor })
          return read(context)
        },
      },
    },
    datasets: { prices: { from: 'prices', about: 'Prices.', load: 'append', columns, transform: ({ id }) => ({ id }) } },
  }) as unknown as Connector
}

/** Two pages per partition, each only once. */
async function* twoPages({ partition, cursor }: ExtractContext): AsyncGenerator<Page> {
  const { day } = partition.value as { day: string }
  for (let page = (cursor as number | null) ?? 0; page < 2; page++) yield { records: [{ id: `${day} ${page}` }], cursor: page + 1 }
}

const expected = (keys: readonly string[]): string[] => keys.flatMap((key) => [`${key} 0`, `${key} 1`])
const idsOf = async (test: TestLoads, dataset = 'prices'): Promise<unknown[]> =>
  (await test.rows(await test.sources.get('pieces'), dataset)).map(({ id }) => id).toSorted()

describe('a stream in partitions', { timeout: 20_000 }, () => {
  it('reads each with a cursor of its own, and a new one from its beginning', async () => {
    const [keys, asked] = [days(120), [] as Asked[]]
    await using test = await TestLoads.open({ connectors: [pieces(() => keys, twoPages, asked)] })
    const { source, load } = await test.firstLoad('pieces')
    expect(load).toMatchObject({ state: 'succeeded', pages: 240, records: 240 })
    expect(await idsOf(test)).toEqual(expected(keys).toSorted())
    keys.push('new')
    asked.length = 0
    expect(await test.load(source)).toMatchObject({ state: 'succeeded', records: 2 })
    expect(asked.filter(({ cursor }) => cursor === 2)).toHaveLength(120)
    expect(asked.at(-1)).toEqual({ key: 'new', cursor: null })
    expect(await idsOf(test)).toEqual(expected(keys).toSorted())
  })

  it('reads up to four at the same time', async () => {
    const { open, opened } = gate()
    let reading = 0
    let most = 0
    const connector = pieces(
      () => days(9),
      async function* (context) {
        most = Math.max(most, ++reading)
        if (reading === 4) setImmediate(open)
        await opened
        yield* twoPages(context)
        reading--
      },
    )
    await using test = await TestLoads.open({ connectors: [connector] })
    await test.firstLoad('pieces')
    expect([most, (await idsOf(test)).length]).toEqual([4, 18])
  })

  it('goes on with the others when one fails, says which, and comes back to it', async () => {
    const [failing, asked] = [new Set(['2026-01-02', '2026-01-05']), [] as Asked[]]
    const connector = pieces(
      () => days(9),
      async function* (context) {
        for await (const page of twoPages(context)) {
          yield page
          if (failing.has(context.partition.key)) throw new SourceError('The server is tired.')
        }
      },
      asked,
    )
    await using test = await TestLoads.open({ connectors: [connector] })
    const { source, load } = await test.firstLoad('pieces')
    expect(load.state).toBe('failed')
    expect(load.errorMessage).toBe('"2026-01-02" of prices could not be read: The server is tired. 1 more could not be read either.')
    expect(await idsOf(test)).toHaveLength(16)
    failing.clear()
    asked.length = 0
    expect((await test.load(source)).state).toBe('succeeded')
    expect(asked.filter(({ cursor }) => cursor === 1).map(({ key }) => key)).toEqual(['2026-01-02', '2026-01-05'])
    expect(await idsOf(test)).toEqual(expected(days(9)))
  })

  it('stops at once for what a person must mend, and soon when everything fails', async () => {
    let asked = 0
    const refusing = (error: Error) =>
      pieces(
        () => days(100),
        async function* () {
          asked++
          yield* []
          throw error
        },
      )
    await using test = await TestLoads.open({ connectors: [refusing(new ConfigError('The key is wrong.'))] })
    expect((await test.firstLoad('pieces')).load).toMatchObject({ state: 'failed', errorMessage: 'The key is wrong.' })
    expect(asked).toBeLessThanOrEqual(4)
    asked = 0
    await using other = await TestLoads.open({ connectors: [refusing(new SourceError('Down.'))] })
    await other.firstLoad('pieces')
    expect(asked).toBeLessThan(10)
  })

  it.each([
    [['a', 'a'], 'names the partition "a" twice'],
    [['a', ''], 'no text of 1 to 191 characters'],
    [['x'.repeat(192)], 'no text of 1 to 191 characters'],
  ])('refuses the keys %j', async (keys, reason) => {
    await using test = await TestLoads.open({ connectors: [pieces(() => keys, twoPages)] })
    expect((await test.firstLoad('pieces')).load).toMatchObject({ state: 'failed', errorMessage: expect.stringContaining(reason) })
  })

  it('fails when something comes that is no page, and does not take it for the end', async () => {
    async function* torn(context: ExtractContext): AsyncGenerator<Page> {
      if (context.partition.key === days(2)[1]) yield undefined as never
      yield* twoPages(context)
    }
    await using test = await TestLoads.open({ connectors: [pieces(() => days(2), torn)] })
    expect((await test.firstLoad('pieces')).load).toMatchObject({ state: 'failed', errorMessage: expect.stringContaining('not a page') })
  })

  it('writes what lies in the lake with the cursor of its partition, without asking again', async () => {
    const [asked, points] = [[] as Asked[], { dies: true }]
    const probe = (point: string): void => {
      if (point === 'before-write' && points.dies) throw new SourceError('Cut off.')
    }
    await using test = await TestLoads.open({ connectors: [pieces(() => days(3), twoPages, asked)], probe })
    const { source } = await test.firstLoad('pieces')
    expect(await idsOf(test)).toEqual([])
    points.dies = false
    asked.length = 0
    expect((await test.load(source)).state).toBe('succeeded')
    expect(asked.every(({ cursor }) => cursor !== null)).toBe(true)
    expect(await idsOf(test)).toEqual(expected(days(3)))
  })

  it('hands its key to transform: in a load, in a preview, and when what was set aside runs again from the lake', async () => {
    const labelled = (transform: Dataset['transform']): Connector => {
      const connector = pieces(() => days(3), twoPages)
      return { ...connector, datasets: { prices: { ...connector.datasets!['prices']!, transform } } }
    }
    const mended = labelled(({ id }, partition) => ({ id: `${partition}: ${id}` }))
    const stumbling = labelled((record, partition) =>
      partition === '2026-01-02' ? {} : mended.datasets!['prices']!.transform(record, partition),
    )
    const labels = days(3).flatMap((day) => [`${day}: ${day} 0`, `${day}: ${day} 1`])

    const first = await TestLoads.open({ connectors: [stumbling] })
    await first.firstLoad('pieces')
    expect(await idsOf(first)).toEqual(labels.filter((label) => !label.startsWith('2026-01-02')))
    await first.stop()
    await using test = await TestLoads.open({ connectors: [mended], folder: first.folder })
    await test.loads.start()
    await test.loads.replay(await test.sources.get('pieces'), null)
    await test.loads.idle()
    expect(await idsOf(test)).toEqual(labels)

    const context = { config: {}, signal: new AbortController().signal, log: () => undefined } as never
    const [previewed] = await previewOf(mended, context, 20)
    expect(previewed!.rows.map(({ id }) => id)).toEqual(labels.slice(0, 3))
  })
})

/** Parks, and the rides of each; the child is declared first. */
function parks(names: () => readonly string[], asked: string[] = [], meet: (park: string) => void = () => undefined): Connector {
  const row = { about: 'For a test.', transform: (record: { id: string }) => record, columns }
  return defineConnector({
    ...{ name: 'pieces', title: 'Parks', about: 'For a test.', config: z.object({}) },
    streams: {
      rides: {
        about: 'Rides of a park.',
        parent: 'parks',
        async *extract({ partition, cursor }) {
          meet(partition.key)
          asked.push(`${partition.key} ${JSON.stringify(cursor)}`)
          const { id } = partition.value as { id: string }
          yield { records: id.startsWith('closed') ? [] : [{ id: `${id} ride` }], cursor: 'seen' }
        },
      },
      parks: {
        about: 'Parks.',
        async *extract() {
          yield { records: names().map((id) => ({ id })) }
        },
      },
    },
    datasets: {
      rides: { ...row, from: 'rides', key: ['id'], load: 'merge' },
      parks: { ...row, from: 'parks', key: ['id'], load: 'replace' },
    },
  }) as unknown as Connector
}

describe('a child stream', () => {
  it('is read once for each row of its parent, after it', async () => {
    const [names, asked] = [['Liseberg', 'Tivoli'], [] as string[]]
    await using test = await TestLoads.open({ connectors: [parks(() => names, asked)] })
    const { source, load } = await test.firstLoad('pieces')
    expect(load.state).toBe('succeeded')
    expect(asked.toSorted()).toEqual(['Liseberg null', 'Tivoli null'])
    expect(await idsOf(test, 'rides')).toEqual(['Liseberg ride', 'Tivoli ride'])
    names.push('Efteling')
    asked.length = 0
    await test.load(source)
    expect(asked.toSorted()).toEqual(['Efteling null', 'Liseberg "seen"', 'Tivoli "seen"'])
  })

  it('is asked for each of more rows than one page holds', async () => {
    const [names, asked] = [Array.from({ length: 1_500 }, (_, park) => `closed ${park}`), [] as string[]]
    await using test = await TestLoads.open({ connectors: [parks(() => names, asked)] })
    await test.firstLoad('pieces')
    expect(new Set(asked).size).toBe(1_500)
  })

  it('passes over a row that the source does not know any more, but not all of them', async () => {
    const notFound = new SourceError('The source has nothing at this address.', { code: 'SOURCE_NOT_FOUND' })
    const closed = new Set(['Tivoli'])
    const names = ['Liseberg', 'Tivoli']
    await using test = await TestLoads.open({
      connectors: [
        parks(
          () => names,
          [],
          (park) => {
            if (closed.has(park)) throw notFound
          },
        ),
      ],
    })
    const { source, load } = await test.firstLoad('pieces')
    expect(load.state).toBe('succeeded')
    expect(await idsOf(test, 'rides')).toEqual(['Liseberg ride'])
    expect((await test.log(load)).find(({ message }) => message.includes('passed over'))).toMatchObject({ fields: { part: 'Tivoli' } })
    closed.add('Liseberg')
    expect(await test.load(source)).toMatchObject({
      state: 'failed',
      errorMessage: expect.stringMatching(/of rides could not be read: .* 1 more could not be read either/) as string,
    })
  })

  it('is previewed for the first rows of its parent', async () => {
    const context = { config: {}, signal: new AbortController().signal, log: () => undefined } as never
    const [rides, all] = await previewOf(
      parks(() => days(5)),
      context,
      20,
    )
    expect(rides).toMatchObject({ complete: false, rows: days(3).map((day) => ({ id: `${day} ride` })) })
    expect(all).toMatchObject({ complete: true, rows: days(5).map((id) => ({ id })) })
  })
})

it('parents that cannot be are refused', () => {
  const shape = { about: 'For a test.', columns, transform: (record: { id: string }) => record }
  const declare = (parent: string, load: 'merge' | 'append'): unknown =>
    defineConnector({
      ...{ name: 'pieces', title: 'Parks', about: 'For a test.', config: z.object({}) },
      streams: { a: { about: 'A.', parent, async *extract() {} } },
      datasets: { a: { ...shape, from: 'a', load, ...(load === 'merge' && { key: ['id'] as const }) } },
    })
  expect(() => declare('b', 'merge')).toThrow('Stream a has the parent b, which is no dataset.')
  expect(() => declare('a', 'append')).toThrow('whose rows have no key')
  expect(() => declare('a', 'merge')).toThrow('Stream a would be its own parent.')
})
