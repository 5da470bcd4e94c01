import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataset, discovery, NOW, someLines, TestSources, webShop } from '../../test/sources/test-sources.ts'
import { ConfigError, ConflictError, NotFoundError } from '../shared/errors.ts'

let test: TestSources

beforeEach(async () => {
  test = await TestSources.make()
})

afterEach(() => test.close())

describe('making a source', () => {
  it('keeps it, makes its empty tables and tells who listens', async () => {
    const sources = await test.open()
    const source = await sources.create(webShop)
    expect(await sources.get('web-shop')).toEqual(source)
    expect(source).toMatchObject({
      slug: 'web-shop',
      title: 'Web shop',
      connector: 'shop',
      schedule: { every: 120 },
      paused: false,
      createdAt: NOW,
    })
    expect(await sources.datasets()).toMatchObject([
      {
        sourceId: source.id,
        slug: 'web-shop',
        name: 'orders',
        tableName: 'web_shop__orders',
        rowCount: 0,
        loadedAt: null,
        changedAt: null,
        detachedAt: null,
      },
    ])
    expect(await test.warehouse.rowCount(sources.tables(source)[0]!)).toBe(0)
    expect(test.changes).toEqual([{ kind: 'created', source }])
  })

  it.each([
    ['x', ConfigError],
    ['Web-shop', ConfigError],
    ['web_shop', ConfigError],
    ['web-shop-', ConfigError],
    ['web--shop', ConfigError],
    ['1shop', ConfigError],
    ['a'.repeat(32), ConfigError],
    ['sources', ConfigError],
    ['raw-record', ConfigError],
    ['sqlite-shop', ConfigError],
    ['web-shop', ConflictError],
    ['web-2', ConflictError],
  ])('refuses the name %s', async (slug, kind) => {
    const sources = await test.open()
    await sources.create(webShop)
    await sources.create({ ...webShop, slug: 'web2' })
    await expect(sources.create({ ...webShop, slug })).rejects.toThrow(kind)
    expect(await sources.list()).toHaveLength(2)
  })

  it('lets one of two win that are made at the same time', async () => {
    const sources = await test.open()
    const made = await Promise.allSettled([sources.create({ ...webShop, slug: 'web-2' }), sources.create({ ...webShop, slug: 'web2' })])
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await sources.list()).toHaveLength(1)
  })

  it('refuses wrong settings, schedules, titles and connectors, and keeps nothing', async () => {
    const sources = await test.open()
    await expect(sources.create({ ...webShop, config: { url: 'u' } })).rejects.toMatchObject({
      fields: [{ name: 'config.token', message: 'Missing. Text.' }],
    })
    await expect(sources.create({ ...webShop, schedule: { every: 5 } })).rejects.toMatchObject({ fields: [{ name: 'schedule.every' }] })
    await expect(sources.create({ ...webShop, title: ' ' })).rejects.toMatchObject({ fields: [{ name: 'title' }] })
    await expect(sources.create({ ...webShop, connector: 'shops' })).rejects.toThrow(NotFoundError)
    expect([await sources.list(), await sources.datasets(), test.changes]).toEqual([[], [], []])
  })

  it('refuses tables whose names MySQL could not hold', async () => {
    const sources = await test.open()
    test.found = discovery(dataset('x'.repeat(30)))
    await expect(sources.create({ ...someLines, slug: 'a'.repeat(31) })).rejects.toThrow('too long')
    test.found = discovery(dataset('x'.repeat(30), 'append'))
    expect((await sources.create({ ...someLines, slug: 'a'.repeat(31) })).slug).toHaveLength(31)
  })

  it('does not let a listener that throws stop anybody', async () => {
    const sources = await test.open()
    sources.onChanged(() => Promise.reject(new Error('no')))
    const silence = sources.onChanged(() => test.changes.push(test.changes[0]!) as never)
    silence()
    await sources.create(webShop)
    expect(test.changes).toHaveLength(1)
  })
})

describe('changing a source', () => {
  it('changes what is given and nothing else', async () => {
    const sources = await test.open()
    const source = await sources.create(webShop)
    test.now = new Date(NOW.getTime() + 1000)
    const changed = await sources.update('web-shop', { title: 'Shop', paused: true, schedule: { cron: '0 6 * * *', timeZone: 'UTC' } })
    expect(changed).toEqual({
      ...source,
      title: 'Shop',
      paused: true,
      schedule: { cron: '0 6 * * *', timeZone: 'UTC' },
      updatedAt: test.now,
    })
    expect(await sources.get('web-shop')).toEqual(changed)
    expect((await sources.update('web-shop', { schedule: null })).schedule).toBeNull()
    expect(test.changes.map(({ kind }) => kind)).toEqual(['created', 'updated', 'updated'])
  })

  it('refuses what is not there and what is wrong', async () => {
    const sources = await test.open()
    await expect(sources.update('web-shop', { paused: true })).rejects.toThrow(NotFoundError)
    await sources.create(webShop)
    await expect(sources.update('web-shop', { schedule: { every: 1 } })).rejects.toThrow(ConfigError)
    await expect(sources.update('web-shop', { config: { url: 'u', frist: 1 } })).rejects.toThrow(ConfigError)
  })
})

describe('removing a source', () => {
  it('keeps its tables, marked as detached, until the name is typed', async () => {
    const sources = await test.open()
    const source = await sources.create(webShop)
    const [table] = sources.tables(source)
    await sources.remove('web-shop')
    expect(await sources.find('web-shop')).toBeNull()
    expect(await sources.datasets()).toMatchObject([{ sourceId: null, slug: 'web-shop', detachedAt: NOW }])
    expect(await test.warehouse.rowCount(table!)).toBe(0)
    await expect(sources.create(webShop)).rejects.toThrow('Tables of an earlier source "web-shop" are still kept')
    await expect(sources.remove('web-shop')).rejects.toThrow(NotFoundError)
    await sources.remove('web-shop', 'web-shop')
    expect(await sources.datasets()).toEqual([])
    await expect(test.warehouse.rowCount(table!)).rejects.toThrow(/no such table|doesn't exist/)
    await sources.create(webShop)
  })

  it('drops the tables when the name is typed, after everybody was told', async () => {
    const sources = await test.open()
    const [table] = sources.tables(await sources.create(webShop))
    let rowsWhenTold: number | undefined
    sources.onChanged(async ({ kind }) => {
      if (kind === 'removed') rowsWhenTold = await test.warehouse.rowCount(table!)
    })
    await expect(sources.remove('web-shop', 'webshop')).rejects.toThrow('type the name of the source')
    await sources.remove('web-shop', 'web-shop')
    expect(rowsWhenTold).toBe(0)
    await expect(test.warehouse.rowCount(table!)).rejects.toThrow(/no such table|doesn't exist/)
  })
})

it('writes down what a load did: when it was fresh, and when rows last changed', async () => {
  const sources = await test.open()
  const { id: sourceId } = await sources.create(webShop)
  const later = new Date(NOW.getTime() + 60_000)
  await test.db.transaction((manager) => sources.markLoaded(manager, { sourceId, dataset: 'orders', at: NOW, rowCount: 7, changed: true }))
  await test.db.transaction((manager) =>
    sources.markLoaded(manager, { sourceId, dataset: 'orders', at: later, rowCount: 7, changed: false }),
  )
  expect(await sources.datasets()).toMatchObject([{ rowCount: 7, loadedAt: later, changedAt: NOW }])
})
