import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Connector } from '@handover/sdk'
import { z } from 'zod'
import { dataset, discovery, NOW, shop, someLines, TestSources, webShop } from '../../test/sources/test-sources.ts'
import { ConfigError } from '../shared/errors.ts'
import { tableOf } from './sources.service.ts'

let test: TestSources

beforeEach(async () => {
  test = await TestSources.make()
})

afterEach(() => test.close())

describe('discovery', () => {
  it('names the tables of the connector that a load began with', async () => {
    const sources = await test.open()
    const source = await sources.create(webShop)
    const began = shop(z.object({ id: z.int().describe('Number') }))
    expect(sources.tables(source, began)[0]!.shape.columns.map(({ name }) => name)).toEqual(['id'])
    expect(await sources.discover(source, undefined, began)).toEqual(sources.tables(source, began))
    expect(sources.tables(source)[0]!.shape.columns).toHaveLength(2)
  })

  it('asks with the last answer, keeps the one before, and stays silent when nothing changed', async () => {
    const sources = await test.open()
    const source = await sources.create(someLines)
    const first = test.found
    test.found = structuredClone(test.found)
    expect(await sources.discover(source)).toEqual(sources.tables(source))
    test.found = discovery(dataset('a', 'replace', ['id', 'city']), dataset('b', 'append'))
    const tables = await sources.discover(source)
    expect(tables.map(({ name, shape }) => [name, shape.columns.length])).toEqual([
      ['lines__a', 2],
      ['lines__b', 1],
    ])
    expect(test.asked).toEqual([null, first, first])
    expect(test.changes.map(({ kind }) => kind)).toEqual(['created', 'found'])
    const stored = await sources.get('lines')
    expect(JSON.parse(stored.discovery!)).toMatchObject({ version: 2, previous: first, current: test.found })
    expect(sources.discoveryOf(stored)).toEqual(test.found)
    expect((await sources.datasets()).map((row) => tableOf(row))).toEqual(tables)
    for (const table of tables) expect(await test.warehouse.rowCount(table)).toBe(0)
  })

  it('keeps the table of a dataset that is gone, and takes it up when it is back', async () => {
    const sources = await test.open()
    const source = await sources.create(someLines)
    test.found = discovery(dataset('b'))
    await sources.discover(source)
    expect((await sources.datasets()).map(({ name, detachedAt }) => [name, detachedAt])).toEqual([
      ['a', NOW],
      ['b', null],
    ])
    test.found = discovery(dataset('a'))
    await sources.discover(await sources.get('lines'))
    expect((await sources.datasets()).map(({ name, detachedAt }) => [name, detachedAt])).toEqual([
      ['a', null],
      ['b', NOW],
    ])
  })

  it('says whose data it is: what was found before what the connector says', async () => {
    const own = { name: 'Lines Ltd', url: 'https://lines.example/', licence: 'free' }
    const found = { ...own, name: 'A city', attribution: 'Data of a city' }
    const sources = await test.open([{ ...shop(), provider: own } as Connector, { ...test.lines(), provider: own }])
    const source = await sources.create(someLines)
    expect(sources.providerOf(source)).toEqual(own)
    test.found = { ...test.found, provider: found }
    await sources.discover(source)
    expect(sources.providerOf(await sources.get('lines'))).toEqual(found)
    expect(sources.providerOf(await sources.create(webShop))).toEqual(own)
    test.found = { ...test.found, provider: { ...found, url: 'javascript:alert(1)' } }
    await expect(sources.discover(await sources.get('lines'))).rejects.toThrow(/url must be a web address/)
  })

  it('refuses an answer that cannot be tables, and stays with the last one', async () => {
    const sources = await test.open()
    const source = await sources.create(someLines)
    const known = test.found
    test.found = discovery(dataset('a', 'replace', ['id', 'id']))
    await expect(sources.discover(source)).rejects.toThrow(ConfigError)
    expect(sources.discoveryOf(await sources.get('lines'))).toEqual(known)
  })

  it('asks again when settings change', async () => {
    const sources = await test.open()
    await sources.create(someLines)
    test.found = discovery(dataset('b'))
    const changed = await sources.update('lines', { config: { folder: 'x' } })
    expect(sources.tables(changed).map(({ name }) => name)).toEqual(['lines__b'])
  })
})

describe('a new version of a connector', () => {
  it('gets its new columns at the next start', async () => {
    await (await test.open()).create(webShop)
    const sources = await test.open([
      shop(z.object({ id: z.int().describe('Number'), total: z.number().describe('Sum'), note: z.string().optional().describe('Note') })),
    ])
    const [row] = await sources.datasets()
    expect(tableOf(row!).shape.columns.map(({ name }) => name)).toEqual(['id', 'total', 'note'])
    expect(await test.warehouse.page(tableOf(row!), { columns: ['note'], where: null, orderBy: [], first: 1, after: null })).toMatchObject({
      rows: [],
    })
  })

  it('leaves the tables alone when they do not fit any more, and the server starts', async () => {
    await (await test.open()).create(webShop)
    const sources = await test.open([shop(z.object({ id: z.string().max(20).describe('Number'), total: z.number().describe('Sum') }))])
    expect((await sources.datasets()).map((row) => tableOf(row).shape.columns[0]!.kind)).toEqual(['int'])
  })
})
