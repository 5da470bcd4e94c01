import { expect, describe, it } from 'vitest'
import { z } from 'zod'
import type { ExtractContext, Page } from '../contract.ts'
import type { HttpPage } from '../http.ts'
import { linkHeader, recordsAt } from '../page-steps.ts'
import { runTests } from './conformance.ts'
import type { Fixture } from './replay.ts'
import { extract, failing, fixtures, folder, run, shop, url, type Change } from './test-shop.ts'

const SETTINGS = 'refuses settings that are missing, of another kind or out of bounds'
const CURSOR = 'takes an odd cursor without a crash and comes to an end'
const FIELDS = 'sets a record aside, or says so, when a field is missing or of another type'
const ANSWERS = 'says so when an answer is cut off, empty, a web page or something else'
const DOUBLES = 'keeps calm when a page comes twice'
const BUSY = 'loads the same when the source is busy at first'

describe('the conformance kit, with a source that is not as it should be', () => {
  const answering = (records: (page: HttpPage) => readonly unknown[]): Change => ({
    stream: {
      async *extract({ http, cursor }) {
        const query = { page: typeof cursor === 'number' ? cursor : 1 }
        for await (const page of http.pages('https://shop.test/orders', { query, next: linkHeader() }))
          yield { records: records(page), cursor: Number(new URL(page.url).searchParams.get('page')), request: page.request }
      },
    },
  })

  it('sees an answer that ends in a raw error, and one that is swallowed', async () => {
    expect(await run(shop(answering((page) => page.body.orders)))).toEqual([ANSWERS])
    expect(await run(shop(answering((page) => page.body?.orders ?? [])))).toEqual([ANSWERS])
    const careless = async function* (context: ExtractContext): AsyncGenerator<Page> {
      try {
        yield* extract(context)
      } catch {
        return
      }
    }
    expect(await run(shop({ stream: { extract: careless } }))).toContain(ANSWERS)
  })

  it('sees extract stumble over a field, and records that are left out without a word', async () => {
    const stumbling = answering((page) => {
      const records = recordsAt(page, 'orders') as { name: string }[]
      records.forEach((record) => record.name.length > 0 || record.name.trim())
      return records
    })
    expect(await run(shop(stumbling))).toEqual([FIELDS])
    const picky = shop({
      dataset: { transform: (record) => (typeof record.name === 'string' ? { id: record.id, name: record.name } : null) },
    })
    expect(await run(picky)).toEqual([FIELDS])
    const dropping = answering((page) => recordsAt(page, 'orders').filter((record) => Number.isInteger((record as { id: number }).id)))
    expect(await run(shop(dropping))).toEqual([FIELDS])
  })

  it('takes a row of a parent that is set aside with its children, of which some are set aside too', async () => {
    const answer = (path: string, body: unknown): Fixture => ({
      origin: 'made for this test',
      request: { method: 'GET', url: `https://shop.test/${path}` },
      response: { status: 200, headers: {}, body },
    })
    const recorded = [
      answer('orders', [{ id: 1, name: 'a' }, { id: 2, name: 'b' }]), // prettier-ignore
      answer('orders/1', [{ no: 'odd' }, { no: 1 }]),
      answer('orders/2', [{ no: 1 }]),
    ]
    const reading = (path: (partition: string) => string) =>
      async function* ({ http, partition }: ExtractContext): AsyncGenerator<Page> {
        yield { records: recordsAt((await http.get(`https://shop.test/${path(partition.key)}`)) as HttpPage) }
      }
    const good = shop()
    const parents = shop({
      connector: {
        check: undefined,
        streams: {
          orders: { about: 'Orders.', extract: reading(() => 'orders') },
          lines: { about: 'Lines.', parent: 'orders', extract: reading((key) => `orders/${key}`) },
        },
        datasets: {
          ...good.datasets,
          lines: {
            ...{ from: 'lines', about: 'Lines.', key: ['order', 'no'], load: 'merge' },
            columns: z.object({ order: z.string().max(9).describe('Order'), no: z.int().describe('Number') }),
            transform: (raw, order) => ({ order, no: raw.no }),
          },
        },
      },
    })
    expect(await run(parents, 1, recorded)).toEqual([])
  })

  it('sees a page that comes twice bring the connector down', async () => {
    const counting = () => {
      const seen = new Set<unknown>()
      return (record: any) => {
        if (seen.has(record.id)) throw new TypeError('twice')
        seen.add(record.id)
      }
    }
    const strict = async function* (context: ExtractContext): AsyncGenerator<Page> {
      const note = counting()
      for await (const page of extract(context)) {
        page.records.forEach(note)
        yield page
      }
    }
    expect(await run(shop({ stream: { extract: strict } }))).toEqual([DOUBLES])
  })

  it('sees a connector that takes "too many requests" for the end', async () => {
    const hasty = async function* ({ http }: ExtractContext): AsyncGenerator<Page> {
      for (let page = 1; page <= 3; page++) {
        const answer = await http.get(url(page), { allow: [429] })
        if (answer.status === 429) return
        yield { records: recordsAt(answer as HttpPage, 'orders') }
      }
    }
    expect(await run(shop({ stream: { extract: hasty } }))).toEqual([BUSY])
  })

  it('sees an odd cursor that is trusted: a crash, and a load without end', async () => {
    const trusting = async function* ({ cursor }: ExtractContext): AsyncGenerator<Page> {
      const from = cursor === null ? 1 : (cursor as { page: string[] }).page.length
      if (from === 1) yield { records: [{ id: 1, name: 'a' }], cursor: { page: ['a', 'b'] } }
    }
    expect(await run(shop({ stream: { extract: trusting } }))).toEqual([CURSOR])
    const counting = async function* ({ cursor }: ExtractContext): AsyncGenerator<Page> {
      for (let left = (cursor as number | null) ?? 2; left > 0; left--) yield { records: [{ id: left, name: 'a' }], cursor: left - 1 }
    }
    expect(await run(shop({ stream: { extract: counting } }))).toEqual([CURSOR])
  })

  it('sees settings that take anything, crash, or let unknown ones through', async () => {
    const settings = async (config: z.ZodObject, given: Record<string, unknown> = {}) =>
      failing(runTests(shop({ connector: { config } }), { config: given, filesFolder: folder, fixtures, setAside: 0 }))
    const address = z.url().max(60)
    expect(
      await settings(z.object({ url: address, most: z.int().min(1).max(9).default(2), kind: z.enum(['a', 'b']).optional() }), {
        url: url(1),
      }),
    ).toEqual([])
    expect(await settings(z.object({ most: z.coerce.string() }), { most: '' })).toEqual([SETTINGS])
    expect(await settings(z.object({ most: z.coerce.boolean().default(true) }))).toEqual([SETTINGS])
    expect(await settings(z.object({ most: z.number().min(1).catch(1) }))).toEqual([SETTINGS])
    expect(await settings(z.looseObject({}))).toEqual([SETTINGS])
    expect(await settings(z.object({ name: z.preprocess((value: any) => value.trim(), z.string()) }), { name: 'x' })).toEqual([SETTINGS])
  })
})
