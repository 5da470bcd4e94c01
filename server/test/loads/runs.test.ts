import { ConfigError, SourceError, type Page } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { maxAttempts } from '../../src/loads/retry.ts'
import type { Load } from '../../src/loads/loads.service.ts'
import { gate, giving, listed, records, type Extract } from './listed.ts'
import { TestLoads } from './test-loads.ts'

/** A stream that waits without end, and does not even look at its signal. */
const stuck = (page: Page, reached: () => void): Extract =>
  async function* () {
    yield page
    reached()
    await new Promise(() => undefined)
  }

const newest = async (test: TestLoads, sourceId: string): Promise<Load> => (await test.loads.recent(sourceId, null, 1))[0]!

describe('asking for a load', () => {
  it('gives the active load when there is one', async () => {
    await using test = await TestLoads.open({ connectors: [listed({ a: giving() })] })
    const source = await test.source('listed')
    const [first, again] = [await test.loads.request(source.id, 'person'), await test.loads.request(source.id, 'schedule', test.now)]
    expect(again.id).toBe(first.id)
    expect((await test.loads.list({ first: 10 })).totalCount).toBe(1)
    await test.loads.start()
    await test.loads.idle()
    expect((await test.loads.request(source.id, 'person')).id).not.toBe(first.id)
    await test.loads.idle()
  })

  it('runs two sources at once, and a third when one has ended', async () => {
    const gates = new Map(['one', 'two', 'three'].map((slug) => [slug, { started: gate(), end: gate() }]))
    const waiting: string[] = ['one', 'two', 'three']
    const extract: Extract = async function* () {
      const { started, end } = gates.get(waiting.shift()!)!
      started.open()
      await end.opened
      yield { records: records(1, 1) }
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: extract })] })
    const sources = [
      await test.source('listed', {}, 'one'),
      await test.source('listed', {}, 'two'),
      await test.source('listed', {}, 'three'),
    ]
    await test.loads.start()
    await Promise.all([gates.get('one')!.started.opened, gates.get('two')!.started.opened])
    const states = async () => (await Promise.all(sources.map((source) => newest(test, source.id)))).map(({ state }) => state)
    expect(await states()).toEqual(['running', 'running', 'queued'])
    gates.get('two')!.end.open()
    await gates.get('three')!.started.opened
    for (const { end } of gates.values()) end.open()
    await test.loads.idle()
    expect(await states()).toEqual(['succeeded', 'succeeded', 'succeeded'])
  })

  it('refuses a source that does not exist', async () => {
    await using test = await TestLoads.open({ connectors: [] })
    await expect(test.loads.request('nothing', 'person')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('a load that does not go well', () => {
  it('loads the other streams when one is bad, keeps what was read before, and fails in the end', async () => {
    const broken: Extract = async function* () {
      yield { records: records(1, 3), cursor: 'three' }
      throw new SourceError('The shop is closed.')
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: broken, b: giving({ records: records(1, 5) }) })] })
    const { source, load } = await test.firstLoad('listed')
    expect(load).toMatchObject({ state: 'failed', errorCode: 'SOURCE_FAILED', errorMessage: 'The shop is closed.', records: 8 })
    expect([await test.rows(source, 'a'), await test.rows(source, 'b')].map((rows) => rows.length)).toEqual([3, 5])
    expect(await test.balance(load, 'b')).toMatchObject({ read: 5, inserted: 5, rowsAfter: 5 })
    expect((await test.log(load)).map(({ message }) => message)).toContain('The stream "a" could not be loaded as a whole.')
  })

  it('is tried again with a growing wait, at most five times, each with what is left', async () => {
    const cursors: unknown[] = []
    const broken: Extract = async function* ({ cursor }) {
      cursors.push(cursor)
      yield { records: records(cursors.length, 1), cursor: cursors.length }
      throw new SourceError('The shop is closed.')
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: broken }, 'append')], random: () => 0.5 })
    const { source } = await test.firstLoad('listed')
    const waits: number[] = []
    for (let attempt = 1; attempt < maxAttempts; attempt++) {
      const load = await newest(test, source.id)
      expect(load).toMatchObject({ attempt, state: 'failed', trigger: attempt === 1 ? 'first' : 'retry' })
      const wait = load.retryAt!.getTime() - test.now.getTime()
      expect(test.timers.waits).toEqual([wait])
      waits.push(wait)
      test.pass(wait)
      await expect.poll(async () => (await newest(test, source.id)).attempt).toBe(attempt + 1)
      await test.loads.idle()
    }
    expect(waits).toEqual([15_000, 30_000, 60_000, 120_000])
    expect(await newest(test, source.id)).toMatchObject({ attempt: 5, retryAt: null })
    expect(test.timers.waits).toEqual([])
    expect(cursors).toEqual([null, 1, 2, 3, 4])
    expect((await test.rows(source, 'a')).map(({ id }) => id)).toEqual([1n, 2n, 3n, 4n, 5n].map(Number))
  })

  it('keeps a planned retry over a restart, and gives it up when something else was loaded', async () => {
    let fails = true
    const extract: Extract = async function* () {
      if (fails) throw new SourceError('The shop is closed.')
      yield { records: records(1, 1) }
    }
    const connectors = [listed({ a: extract })]
    const first = await TestLoads.open({ connectors })
    const { source, load } = await first.firstLoad('listed')
    await first.stop()
    await using test = await TestLoads.open({ connectors, folder: first.folder })
    await test.loads.start()
    expect(test.timers.waits).toEqual([load.retryAt!.getTime() - test.now.getTime()])
    fails = false
    await test.load(source)
    test.pass(3_600_000)
    await test.loads.idle()
    expect((await test.loads.list({ first: 10 })).nodes.map(({ trigger, state }) => [trigger, state])).toEqual([
      ['person', 'succeeded'],
      ['first', 'failed'],
    ])
  })

  it('is not tried again when a person must act', async () => {
    const extract: Extract = async function* () {
      throw new ConfigError('The token is wrong.')
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: extract })] })
    const { load } = await test.firstLoad('listed')
    expect(load).toMatchObject({ state: 'failed', errorCode: 'CONFIG_INVALID', errorMessage: 'The token is wrong.', retryAt: null })
    expect(test.timers.waits).toEqual([])
  })

  it('says INTERNAL for an error that nobody expected, with the words for an engineer', async () => {
    const extract: Extract = async function* () {
      throw new TypeError('x is not a function')
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: extract })] })
    const { load } = await test.firstLoad('listed')
    expect(load).toMatchObject({ state: 'failed', errorCode: 'INTERNAL', errorDetail: expect.stringContaining('x is not a function') })
    expect(load.errorMessage).not.toContain('x is not')
  })

  it('fails loudly when more than 5 in 100 records are bad, and keeps the good ones', async () => {
    const mixed = (bad: number) => [...records(1, 200 - bad), ...records(1, bad).map(({ id }) => ({ id, value: 'much too long' }))]
    await using test = await TestLoads.open({
      connectors: [listed({ a: giving({ records: mixed(11) }), b: giving({ records: mixed(10) }) })],
    })
    const { source, load } = await test.firstLoad('listed')
    expect(load).toMatchObject({ state: 'failed', errorCode: 'TOO_MANY_BAD', retryAt: null })
    expect(load.errorMessage).toContain('11 of 200 records for "a" did not fit the rules. More than 5 in 100 stops a load.')
    expect([(await test.rows(source, 'a')).length, (await test.rows(source, 'b')).length]).toEqual([189, 190])
    expect(await test.loads.quarantined()).toEqual(
      new Map([
        ['listed/a', 11],
        ['listed/b', 10],
      ]),
    )
  })

  it('lets a few bad records pass where there are fewer than 100', async () => {
    const bad = records(1, 99).map(({ id }) => ({ id, value: 'much too long' }))
    await using test = await TestLoads.open({ connectors: [listed({ a: giving({ records: bad }) })] })
    expect((await test.firstLoad('listed')).load.state).toBe('succeeded')
  })

  it('moves the entry of a bad record that is read again instead of adding one, and keeps one entry for each place of an append', async () => {
    const again = giving({ records: [{ id: 1 }, { id: 2, value: 'much too long' }, { id: 2, value: 'much too long' }] })
    for (const [load, open] of [
      ['merge', 2],
      ['append', 4],
      ['replace', 2],
    ] as const) {
      await using test = await TestLoads.open({ connectors: [listed({ a: again }, load)] })
      const { source } = await test.firstLoad('listed')
      const second = await test.load(source)
      expect(second.state).toBe('succeeded')
      expect((await test.loads.quarantined()).get('listed/a')).toBe(open)
      const { nodes } = await test.loads.quarantine({ slug: 'listed', first: 10 })
      expect(nodes.filter(({ loadId }) => loadId === second.id)).toHaveLength(2)
      expect((await test.loads.sourceStates()).get(source.id)).toMatchObject({ state: 'SET_ASIDE' })
    }
  })

  it('keeps a record that JSON cannot carry, as well as it can be shown', async () => {
    await using test = await TestLoads.open({ connectors: [listed({ a: giving({ records: [{ id: 1 }, { id: 2, value: Number.NaN }] }) })] })
    const { source, load } = await test.firstLoad('listed')
    expect(load.state).toBe('succeeded')
    expect(await test.rows(source, 'a')).toHaveLength(1)
    expect((await test.loads.quarantine({ first: 1 })).nodes[0]).toMatchObject({ code: 'RECORD_UNREADABLE', raw: '{ id: 2, value: NaN }' })
  })
})

describe('a replace', () => {
  const pages = { records: records(1, 20) } as { records: { id: number }[] }
  const extract: Extract = async function* () {
    yield { records: pages.records }
  }

  it('waits for a person when it would drop over half of the rows, and shows the old ones meanwhile', async () => {
    await using test = await TestLoads.open({ connectors: [listed({ a: extract }, 'replace')] })
    pages.records = records(1, 20)
    const { source } = await test.firstLoad('listed')
    pages.records = records(1, 9)
    const held = await test.load(source)
    expect(held).toMatchObject({ state: 'held', errorCode: 'LOAD_HELD', retryAt: null })
    expect(held.errorMessage).toContain('would remove 11 of 20 rows')
    expect(await test.rows(source, 'a')).toHaveLength(20)
    expect(await test.balance(held, 'a')).toMatchObject({ read: 9, transformed: 9, made: 0, inserted: 0, rowsAfter: null })
    expect((await test.loads.sourceStates()).get(source.id)).toMatchObject({
      state: 'HELD',
      text: expect.stringContaining('waits for you'),
    })
    const staging = await test.db.read.query(`SELECT name FROM sqlite_master WHERE name LIKE 'listed__a_%'`)
    expect(staging).toEqual([])
    pages.records = records(1, 10)
    expect((await test.load(source)).state).toBe('succeeded')
    expect(await test.rows(source, 'a')).toHaveLength(10)
  })

  it('is the whole table: rows that are not said again are gone', async () => {
    await using test = await TestLoads.open({ connectors: [listed({ a: extract }, 'replace')] })
    pages.records = records(1, 20)
    const { source } = await test.firstLoad('listed')
    pages.records = records(11, 20)
    await test.load(source)
    expect((await test.rows(source, 'a')).map(({ id }) => Number(id))).toEqual(records(11, 20).map(({ id }) => id))
  })
})

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

  it('comes early when the renewal of the lease finds another owner', async () => {
    const reached = gate()
    await using test = await TestLoads.open({ connectors: [listed({ a: stuck({ records: [] }, reached.open) })] })
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
