import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { giving, listed, records } from './listed.ts'
import { TestLoads } from './test-loads.ts'

let test: TestLoads
/** Ids of all loads, newest first. */
let ids: string[]

beforeAll(async () => {
  test = await TestLoads.open({ connectors: [listed({ a: giving({ records: records(1, 3) }) })] })
  const [shop, lines] = [await test.source('listed', {}, 'shop'), await test.source('listed', {}, 'lines')]
  await test.loads.start()
  await test.loads.idle()
  for (const source of [shop, lines, shop, shop, lines]) {
    test.pass(60_000)
    await test.load(source)
  }
  await test.sources.remove('lines')
  ids = (await test.loads.list({ first: 100 })).nodes.map(({ id }) => id)
})
afterAll(() => test[Symbol.asyncDispose]())

const idsOf = (nodes: readonly { id: string }[]): string[] => nodes.map(({ id }) => id)

describe('the list of loads', () => {
  it('is paged to older and back to newer ones, and says how many there are', async () => {
    expect(ids).toHaveLength(7)
    const newest = await test.loads.list({ first: 3 })
    expect(newest).toMatchObject({ totalCount: 7, hasNextPage: true, newer: null })
    const middle = await test.loads.list({ first: 3, after: newest.endCursor })
    const oldest = await test.loads.list({ first: 3, after: middle.endCursor })
    expect([...idsOf(newest.nodes), ...idsOf(middle.nodes), ...idsOf(oldest.nodes)]).toEqual(ids)
    expect(oldest.hasNextPage).toBe(false)
    const back = await test.loads.list({ first: 3, before: oldest.newer })
    expect(back).toMatchObject({ totalCount: 7, hasNextPage: true, newer: middle.newer, endCursor: middle.endCursor })
    expect(idsOf(back.nodes)).toEqual(idsOf(middle.nodes))
    expect(await test.loads.list({ first: 3, before: back.newer })).toEqual(newest)
  })

  it('gives the whole newest page when fewer loads are newer', async () => {
    const shifted = await test.loads.list({ first: 3, after: (await test.loads.list({ first: 2 })).endCursor })
    expect(idsOf((await test.loads.list({ first: 3, before: shifted.newer })).nodes)).toEqual(ids.slice(0, 3))
  })

  it('is narrowed by source, state, trigger, dataset and time, all together', async () => {
    const count = async (query: object) => (await test.loads.list({ first: 10, ...query })).totalCount
    expect(await count({ slug: 'shop' })).toBe(4)
    expect(await count({ slug: 'lines' })).toBe(3)
    expect(await count({ states: ['failed', 'held'] })).toBe(0)
    expect(await count({ states: ['failed', 'succeeded'], slug: 'shop', trigger: 'person' })).toBe(3)
    expect(await count({ trigger: 'first' })).toBe(2)
    expect(await count({ dataset: 'a', states: [] })).toBe(7)
    expect(await count({ since: new Date(test.now.getTime() - 120_000) })).toBe(3)
  })

  it('takes one cursor', async () => {
    const { endCursor } = await test.loads.list({ first: 1 })
    await expect(test.loads.list({ first: 1, after: endCursor, before: endCursor })).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
  })
})

describe('a load', () => {
  it('knows the ones beside it of its own source', async () => {
    const shop = (await test.loads.list({ first: 10, slug: 'shop' })).nodes
    expect((await test.loads.beside(shop[1]!, 'before'))?.id).toBe(shop[2]!.id)
    expect((await test.loads.beside(shop[1]!, 'after'))?.id).toBe(shop[0]!.id)
    expect(await test.loads.beside(shop[0]!, 'after')).toBeNull()
    expect(await test.loads.beside(shop.at(-1)!, 'before')).toBeNull()
  })
})
