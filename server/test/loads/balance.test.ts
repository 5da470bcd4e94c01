import { describe, expect, it } from 'vitest'
import { balances } from '../../src/loads/loads.service.ts'
import { ledger, oracle, pagesOf } from './ledger.ts'
import { TestLoads } from './test-loads.ts'

describe('the balance of a load', () => {
  it.each([1, 2, 3])('is exact, and the tables equal the oracle (seed %i)', async (seed) => {
    await using test = await TestLoads.open({ connectors: [ledger()] })
    const { source, load } = await test.firstLoad('ledger', { seed, pages: 7, size: 1500 })
    expect(load).toMatchObject({ state: 'succeeded', errorMessage: null, pages: 14, records: 21_000, attempt: 1, trigger: 'first' })
    const expected = oracle(pagesOf(seed, 7, 1500).flat())
    for (const dataset of ['items', 'events'] as const) {
      const { rows, counts } = expected[dataset]
      expect(await test.rows(source, dataset)).toEqual(rows)
      const balance = await test.balance(load, dataset)
      const { read, transformed, filtered, quarantinedRecords, made, quarantinedRows } = counts
      expect(balance).toMatchObject({ read, transformed, filtered, quarantinedRecords, made, quarantinedRows, rowsAfter: rows.length })
      expect(balances(balance)).toBe(true)
      expect(balance.inserted - balance.removed).toBe(rows.length)
    }
    const list = await test.balance(load, 'list')
    expect(balances(list)).toBe(true)
    expect(list.rowsAfter).toBe((await test.rows(source, 'list')).length)
  })

  it('keeps what was set aside with its raw text, its place and a reason', async () => {
    await using test = await TestLoads.open({ connectors: [ledger()] })
    const { load } = await test.firstLoad('ledger', { pages: 1, size: 400 })
    const { nodes, totalCount } = await test.loads.quarantine({ slug: 'ledger', dataset: 'items', first: 1000 })
    const { quarantinedRecords, quarantinedRows } = await test.balance(load, 'items')
    expect(totalCount).toBe(quarantinedRecords + quarantinedRows)
    expect(new Set(nodes.map(({ code }) => code))).toEqual(new Set(['RECORD_UNREADABLE', 'TRANSFORM_FAILED', 'ROW_INVALID']))
    for (const { part, line, raw, loadId } of nodes) {
      expect((await test.lake.record(part, line)).text).toBe(raw)
      expect(loadId).toBe(load.id)
    }
    expect(nodes.find(({ code }) => code === 'ROW_INVALID')).toMatchObject({ column: 'value', item: 0, state: 'open' })
    expect(await test.loads.quarantined()).toEqual(new Map(['events', 'items', 'list'].map((name) => [`ledger/${name}`, totalCount])))
  })

  it('does nothing twice: a second load of an unchanged source changes no row of a merge or an append', async () => {
    await using test = await TestLoads.open({ connectors: [ledger()] })
    const { source } = await test.firstLoad('ledger', { pages: 2, size: 300 })
    const before = [await test.rows(source, 'items'), await test.rows(source, 'events')]
    const again = await test.load(source)
    expect(again.state).toBe('succeeded')
    expect((await test.balance(again, 'items')).read).toBe(0)
    expect([await test.rows(source, 'items'), await test.rows(source, 'events')]).toEqual(before)
    expect(await test.loads.trend(source.id, 'items')).toEqual([1, 2].map(() => ({ at: test.now, rows: before[0]!.length })))
    const open = (await test.loads.quarantined()).get('ledger/list')
    expect(open).toBe((await test.balance(again, 'list')).quarantinedRecords + (await test.balance(again, 'list')).quarantinedRows)
  })
})
