import type { Page } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { gate, giving, listed, records, stuck, type Extract } from './listed.ts'
import { newest, TestLoads } from './test-loads.ts'

describe('the end of a load', () => {
  it('comes at a batch edge when a person cancels it, and the next load goes on from there', async () => {
    const reached = gate()
    let fetches = 0
    const extract: Extract = async function* (context) {
      if (fetches++ > 0) return
      yield* stuck({ records: records(1, 3), cursor: 1 }, reached.open)(context)
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: extract })] })
    const source = await test.source('listed')
    await test.loads.start()
    await reached.opened
    const load = await newest(test, source.id)
    await test.loads.cancel(load.id)
    await test.loads.idle()
    expect(await test.loads.get(load.id)).toMatchObject({
      state: 'cancelled',
      errorCode: 'LOAD_CANCELLED',
      retryAt: null,
      cancelRequested: true,
    })
    expect((await test.load(source)).state).toBe('succeeded')
    expect(await test.rows(source, 'a')).toHaveLength(3)
  })

  it('comes at once while the load still waits', async () => {
    await using test = await TestLoads.open({ connectors: [listed({ a: giving() })] })
    const source = await test.source('listed')
    const { id } = await newest(test, source.id)
    expect(await test.loads.cancel(id)).toMatchObject({ state: 'cancelled' })
    expect(await test.loads.cancel(id)).toMatchObject({ state: 'cancelled' })
    await expect(test.loads.cancel('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('is put off to the next start when the server stops, without an error and without reading twice', async () => {
    const reached = gate()
    let starts = 0
    const cursors: unknown[] = []
    const extract: Extract = async function* (context) {
      cursors.push(context.cursor)
      if (starts++ === 0) yield* stuck({ records: records(1, 4), cursor: 4 }, reached.open)(context)
      else yield { records: records(5, 2), cursor: 6 }
    }
    const connectors = [listed({ a: extract }, 'append')]
    const first = await TestLoads.open({ connectors })
    const source = await first.source('listed')
    await first.loads.start()
    await reached.opened
    const { id } = await newest(first, source.id)
    await first.stop()
    expect(first.logged).toEqual([])
    await using test = await TestLoads.open({ connectors, folder: first.folder })
    expect(await test.loads.get(id)).toMatchObject({ state: 'queued', startedAt: null, errorCode: null })
    await test.loads.start()
    await test.loads.idle()
    const load = await test.loads.get(id)
    expect(load).toMatchObject({ state: 'succeeded', attempt: 1, records: 6 })
    expect((await test.rows(source, 'a')).map(({ id }) => Number(id))).toEqual([1, 2, 3, 4, 5, 6])
    expect(await test.balance(load, 'a')).toMatchObject({ read: 6, inserted: 6, rowsAfter: 6 })
    expect(cursors).toEqual([null, 4])
  })

  it('changes no row when the lease was lost meanwhile', async () => {
    const [reached, on] = [gate(), gate()]
    const extract: Extract = async function* () {
      yield { records: records(1, 2), cursor: 2 }
      reached.open()
      await on.opened
      yield { records: records(3, 2), cursor: 4 }
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: extract })] })
    const source = await test.source('listed')
    await test.loads.start()
    await reached.opened
    const before = await newest(test, source.id)
    const state = async () => [
      await test.rows(source, 'a'),
      await test.db.read.query('SELECT * FROM handover_stream_state'),
      await test.db.read.query('SELECT * FROM handover_load_dataset'),
      await test.db.read.query('SELECT id, state FROM handover_load'),
    ]
    await test.db.write.query(`UPDATE handover_lease SET epoch = epoch + 1, holder = 'another'`)
    const seen = await state()
    on.open()
    await test.loads.idle()
    expect(await state()).toEqual(seen)
    expect(before.state).toBe('running')
    expect(test.logged.join()).toContain('lost its lease')
  })

  it('begins a replace anew after a stop, and counts it once', async () => {
    const reached = gate()
    let starts = 0
    const extract: Extract = async function* (context) {
      if (starts++ === 0) yield* stuck({ records: [...records(1, 3), { id: 4, value: 'much too long' }] } as Page, reached.open)(context)
      else yield { records: [...records(1, 5), { id: 6, value: 'much too long' }] }
    }
    const connectors = [listed({ a: extract }, 'replace')]
    const first = await TestLoads.open({ connectors })
    const source = await first.source('listed')
    await first.loads.start()
    await reached.opened
    await first.stop()
    await using test = await TestLoads.open({ connectors, folder: first.folder })
    expect(await test.rows(source, 'a')).toEqual([])
    await test.loads.start()
    await test.loads.idle()
    expect(await test.balance(await newest(test, source.id), 'a')).toMatchObject({
      read: 6,
      made: 6,
      inserted: 5,
      quarantinedRows: 1,
      rowsAfter: 5,
    })
    expect((await test.loads.quarantine({ first: 10 })).nodes.map(({ raw }) => raw)).toEqual(['{"id":6,"value":"much too long"}'])
  })

  it('does not begin while somebody else has the lease, and comes to it when that ends', async () => {
    await using test = await TestLoads.open({ connectors: [listed({ a: giving({ records: records(1, 1) }) })] })
    const source = await test.source('listed')
    const lease = (ends: string) => `UPDATE handover_lease SET epoch = 7, holder = 'another', expires_at = ${ends}`
    await test.db.write.query(lease(test.db.moment(60_000)))
    await test.loads.start()
    await test.loads.idle()
    expect((await newest(test, source.id)).state).toBe('queued')
    await test.db.write.query(lease(test.db.moment(-1)))
    test.pass(1_000)
    await test.loads.idle()
    expect((await newest(test, source.id)).state).toBe('succeeded')
    expect(await test.db.read.query('SELECT epoch FROM handover_lease')).toMatchObject([{ epoch: 8 }])
  })

  it('comes early when the renewal of the lease finds another owner', async () => {
    const reached = gate()
    let starts = 0
    const extract: Extract = async function* (context) {
      // The look for interrupted loads may come so soon that the next one runs within this test.
      if (starts++ === 0) yield* stuck({ records: [] }, reached.open)(context)
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: extract })] })
    await test.source('listed')
    await test.loads.start()
    await reached.opened
    await test.db.write.query('UPDATE handover_lease SET epoch = epoch + 1')
    test.pass(20_000)
    await test.loads.idle()
    expect(test.logged.join()).toContain('lost its lease')
  })

  it('comes when its source is removed, before its tables go', async () => {
    const reached = gate()
    await using test = await TestLoads.open({ connectors: [listed({ a: stuck({ records: records(1, 1) }, reached.open) })] })
    const source = await test.source('listed')
    await test.loads.start()
    await reached.opened
    await test.sources.remove('listed', 'listed')
    expect((await newest(test, source.id)).state).toBe('cancelled')
    expect(test.logged).toEqual([])
  })
})
