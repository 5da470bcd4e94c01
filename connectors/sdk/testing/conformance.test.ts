import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { image } from '../column-types.ts'
import { deleted, type Connector, type ExtractContext, type Page } from '../contract.ts'
import { RecordError } from '../errors.ts'
import { rawRecord, unreadable } from '../record.ts'
import { declarationTests, runTests } from './conformance.ts'
import { readFixtures, replay } from './replay.ts'
import { extract, failing, fixtures, folder, run, shop, url } from './test-shop.ts'

const ROWS = 'gives records, and rows that pass their schema'
const DECLARED = 'fills declared columns only'
const PURE = 'transforms a record to the same rows every time, without changing it'
const TEXT = 'reads a record back from its own text'
const TWICE = 'reads the same twice'
const RESUME = 'fills the same tables when it goes on after any checkpoint'

describe('the conformance kit', () => {
  it('is content with a good connector', async () => {
    expect(await run(shop())).toEqual([])
    const removing = shop({
      dataset: { transform: (record) => (record.id === 4 ? deleted({ id: 2 }) : { id: record.id, name: record.name }) },
    })
    expect(await run(removing)).toEqual([])
  })

  it('wants a readme with title and headings, and a folder with the name', async () => {
    const place = join(folder, 'web-shop')
    mkdirSync(place)
    const [, , readme] = declarationTests(shop(), place).map(({ name }) => name)
    expect(await failing(declarationTests(shop(), place))).toEqual([readme])
    writeFileSync(join(place, 'readme.md'), '# Web shop\n\n## What it loads\n\n## Settings\n')
    expect(await failing(declarationTests(shop(), place))).toEqual([readme])
    writeFileSync(join(place, 'readme.md'), '# Web shop\n\n## What it loads\n\n## Settings\n\n## Limits\n')
    expect(await failing(declarationTests(shop(), place))).toEqual([])
    expect(await failing(declarationTests({ ...shop(), name: 'other', about: '' }, place))).toHaveLength(2)
  })

  it('sees a request that is not recorded, even when the connector swallows the error', async () => {
    expect(await run(shop(), 0, fixtures.slice(0, 2))).toContain(ROWS)
    const swallowing = async function* (context: ExtractContext): AsyncGenerator<Page> {
      await context.http.get('https://shop.test/other').catch(() => {})
      yield* extract(context)
    }
    expect(await run(shop({ stream: { extract: swallowing } }))).toContain(ROWS)
  })

  it('sees rows that do not pass, and counts those that are set aside on purpose', async () => {
    const bad = shop({ dataset: { transform: (record) => ({ id: record.id, name: record.id === 3 ? 3 : record.name }) } })
    expect(await run(bad)).toEqual([ROWS])
    expect(await run(bad, 1)).toEqual([])
    expect(await run(shop(), 1)).toEqual([ROWS])
    const transform = (record: { id: number; name: string }): { id: number; name: string } => {
      if (record.id === 3) throw new RecordError('The name is odd.')
      return record
    }
    expect(await run(shop({ dataset: { transform } }), 1)).toEqual([])
  })

  it('says which records were set aside, why, and how to say that it is on purpose', async () => {
    const bad = shop({ dataset: { transform: (record) => ({ id: record.id, name: record.id }) } })
    const test = runTests(bad, { name: 'two orders', config: {}, filesFolder: folder, fixtures, setAside: 0 }).find(
      ({ name }) => name === ROWS,
    )!
    const { message } = (await test.run().then(
      () => null,
      (error: unknown) => error,
    )) as Error
    expect(message).toContain('Set aside: 6, where 0 was expected.\n  orders: name: ')
    expect(message).toContain('{"id": 2, "name":"a"}')
    expect(message).toContain('and 3 more')
    expect(message).toContain('setAside: { "two orders": 6 }')
  })

  it('warns when the one answer that was asked for says that there is more', async () => {
    const alone = async function* ({ http }: ExtractContext): AsyncGenerator<Page> {
      const { orders } = await http.json(url(1))
      yield { records: orders }
    }
    const warnings = async (body: object) => {
      const response = { status: 200, headers: {}, body: { orders: [{ id: 1, name: 'a' }], ...body } }
      const options = { config: {}, filesFolder: folder, fixtures: [{ ...fixtures[0]!, response }], setAside: 0 }
      return runTests(shop({ stream: { extract: alone } }), options)
        .find(({ name }) => name === ROWS)!
        .run()
    }
    expect(await warnings({ total: 1, next: null })).toEqual([])
    expect(await warnings({ page: 1, pages: 3, total: 12 })).toEqual([
      'Stream orders: The answer says total: 12, pages: 3; 1 record was read on 1 page. Is the paging right?',
    ])
    expect(await warnings({ paging: { next_cursor: 'x' } })).toEqual([expect.stringContaining('at paging.next_cursor')])
  })

  it('sees a stream without records', async () => {
    const empty = async function* (): AsyncGenerator<Page> {}
    expect(await run(shop({ stream: { extract: empty } }))).toEqual([ROWS])
  })

  it('sees columns that are not declared', async () => {
    expect(await run(shop({ dataset: { transform: (record) => ({ id: record.id, name: 'a', more: 1 }) } }))).toEqual([DECLARED])
  })

  it('sees a transform with a memory, and one that changes its record', async () => {
    let calls = 0
    expect(await run(shop({ dataset: { transform: (record) => ({ id: record.id, name: String(calls++) }) } }))).toContain(PURE)
    const changing = shop({ dataset: { transform: (record) => ({ id: record.id, name: (record.name = 'x') }) } })
    expect(await run(changing)).toContain(PURE)
  })

  it('sees records that were changed after they were read', async () => {
    const changing = async function* (context: ExtractContext): AsyncGenerator<Page> {
      for await (const page of extract(context)) {
        for (const record of page.records as { name: string }[]) record.name = 'changed'
        yield page
      }
    }
    expect(await run(shop({ stream: { extract: changing } }))).toEqual([TEXT])
  })

  it('wants parse for records that are not JSON, and lets unreadable ones pass', async () => {
    const lines = async function* (): AsyncGenerator<Page> {
      yield { records: [rawRecord('1;a', { id: 1, name: 'a' }), unreadable('2', 'no name')], cursor: 1 }
    }
    const stream = { extract: lines }
    expect(await run(shop({ stream }), 1)).toEqual([TEXT])
    const parse = (text: string) => ({ id: Number(text.split(';')[0]), name: text.split(';')[1] })
    expect(await run(shop({ stream: { ...stream, parse } }), 1)).toEqual([])
  })

  it('sees a source that reads differently the second time', async () => {
    let reads = 0
    const growing = async function* (): AsyncGenerator<Page> {
      yield { records: [{ id: ++reads, name: 'a' }] }
    }
    expect(await run(shop({ stream: { extract: growing } }))).toEqual([TWICE])
  })

  it('sees a cursor that runs ahead of its rows, or repeats them in an append', async () => {
    const ahead = async function* (context: ExtractContext): AsyncGenerator<Page> {
      for await (const page of extract(context)) yield { ...page, cursor: Math.min((page.cursor as number) + 2, 3) }
    }
    expect(await run(shop({ stream: { extract: ahead } }))).toEqual([RESUME])
    expect(await run(shop({ dataset: { load: 'append', key: undefined } }))).toEqual([RESUME])
  })

  it('takes a source that holds more at every load', async () => {
    const growing = async function* ({ cursor }: ExtractContext): AsyncGenerator<Page> {
      const start = typeof cursor === 'number' && cursor < 1e9 ? cursor : 0
      for (let id = start; id < start + 3; id++) yield { records: [{ id, name: 'a' }], cursor: id + 1 }
    }
    expect(await run(shop({ stream: { extract: growing }, dataset: { load: 'append', key: undefined } }))).toEqual([])
  })

  it('wants pictures of a kind that browsers show', async () => {
    const pictured = (type: string) =>
      shop({
        connector: { media: async () => ({ bytes: new Uint8Array(1), type }) },
        dataset: {
          columns: z.object({ id: z.int().describe('Number'), face: image().describe('Face') }),
          transform: (record) => ({ id: record.id, face: `f${record.id}` }),
        },
      })
    expect(await run(pictured('image/png'))).toEqual([])
    expect(await run(pictured('text/html'))).toEqual(['gives the pictures that its rows name'])
  })

  it('holds a connector that discovers to the same tests', async () => {
    const { streams: _streams, datasets: _datasets, ...head } = shop()
    const column = {
      title: 'X',
      about: 'X',
      nullable: false,
      max: null,
      precision: null,
      scale: null,
      values: null,
      unit: null,
      role: null,
      personal: false,
    }
    const discovering = (about: () => string): Connector => ({
      ...head,
      discover: async () => ({
        streams: [{ name: 'lines', about: 'Lines.', hint: { mark: ';' } }],
        datasets: [
          {
            name: 'lines',
            title: 'Lines',
            about: about(),
            from: 'lines',
            key: [],
            load: 'append',
            columns: [{ ...column, name: 'x', kind: 'int' }],
            hint: 'h',
          },
        ],
      }),
      async *extract(stream, { hint, cursor }) {
        const { mark } = hint as { mark: string }
        if (cursor === null) yield { records: [rawRecord(`1${mark}${stream}`, [1, stream])], cursor: 1 }
      },
      parse: (_stream, text, hint) => [Number(text.split((hint as { mark: string }).mark)[0]), text.split(';')[1]],
      transform: ({ hint }, record) => ({ x: hint === 'h' ? record[0] : null }),
    })
    expect(await run(discovering(() => 'Same.'))).toEqual([])
    let times = 0
    expect(await run(discovering(() => `Time ${times++}.`))).toEqual(['discovers the same plain data again'])
  })
})

describe('readFixtures', () => {
  it('reads a folder, and refuses what is no fixture and two answers to one request', () => {
    const place = join(folder, 'fixtures')
    expect(() => readFixtures(place)).toThrow('There is no fixtures folder')
    mkdirSync(place)
    writeFileSync(join(place, 'one.json'), JSON.stringify(fixtures[0]))
    writeFileSync(join(place, 'notes.txt'), 'not read')
    expect(readFixtures(place)).toEqual([fixtures[0]])
    writeFileSync(join(place, 'two.json'), JSON.stringify(fixtures[0]))
    expect(() => readFixtures(place)).toThrow('Two fixtures answer GET https://shop.test/orders?page=1')
    writeFileSync(join(place, 'two.json'), JSON.stringify({ ...fixtures[1], origin: '' }))
    expect(() => readFixtures(place)).toThrow('two.json is no fixture')
  })
})

describe('replay', () => {
  it('answers whatever the order of the query, with JSON or text, and never claims that it is packed', async () => {
    const response = { status: 200, headers: { 'Content-Encoding': 'gzip', 'X-A': '1' }, body: { id: 1 } }
    const fetcher = replay([{ origin: 'x', request: { method: 'get', url: 'https://a.test/?b=1&a=2' }, response }])
    const answer = await fetcher.fetch({
      method: 'GET',
      body: null,
      url: new URL('https://a.test/?a=2&b=1'),
      headers: {},
      signal: new AbortController().signal,
    })
    expect(answer.headers).toEqual({ 'x-a': '1' })
    for await (const bytes of answer.body) expect(Buffer.from(bytes).toString()).toBe('{"id":1}')
  })
})
