import { ConfigError, SourceError, type Json } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { maxAttempts } from '../../src/loads/retry.ts'
import { giving, listed, records, type Extract } from './listed.ts'
import { newest, TestLoads } from './test-loads.ts'

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
      waits.push(wait)
      test.pass(wait)
      await expect.poll(async () => (await newest(test, source.id)).attempt).toBe(attempt + 1)
      await test.loads.idle()
    }
    expect(waits).toEqual([15_000, 30_000, 60_000, 120_000])
    expect(await newest(test, source.id)).toMatchObject({ attempt: 5, retryAt: null })
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
    test.pass(load.retryAt!.getTime() - test.now.getTime() - 1_000)
    await test.loads.idle()
    expect((await newest(test, source.id)).id).toBe(load.id)
    fails = false
    test.pass(1_000)
    await test.loads.idle()
    expect(await newest(test, source.id)).toMatchObject({ trigger: 'retry', attempt: 2, state: 'succeeded' })
    fails = true
    await test.load(source)
    fails = false
    await test.load(source)
    test.pass(3_600_000)
    await test.loads.idle()
    expect((await test.loads.list({ first: 10 })).nodes.map(({ trigger, state }) => [trigger, state])).toEqual([
      ['person', 'succeeded'],
      ['person', 'failed'],
      ['retry', 'succeeded'],
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
    expect(load.errorMessage).toMatch(
      /^11 of 200 records for "a" did not fit the rules, the first one because: value.* More than 5 in 100 stops a load\./,
    )
    expect([(await test.rows(source, 'a')).length, (await test.rows(source, 'b')).length]).toEqual([189, 190])
    expect(await test.loads.quarantined()).toEqual(
      new Map([
        ['listed/a', 11],
        ['listed/b', 10],
      ]),
    )
  })

  it('says what is wrong with a cursor that JSON cannot carry', async () => {
    for (const cursor of [2n ** 60n, { id: 2n ** 60n }]) {
      const extract = giving({ records: [], cursor: cursor as unknown as Json })
      await using test = await TestLoads.open({ connectors: [listed({ a: extract })] })
      const { load } = await test.firstLoad('listed')
      expect(load).toMatchObject({ state: 'failed', errorMessage: expect.stringContaining('must give it as text') as string })
    }
  })

  it('fails when not one of a few records is good', async () => {
    const bad = (count: number) => giving({ records: records(1, count).map(({ id }) => ({ id, value: 'much too long' })) })
    await using ten = await TestLoads.open({ connectors: [listed({ a: bad(10) })] })
    expect((await ten.firstLoad('listed')).load).toMatchObject({ state: 'failed', errorCode: 'TOO_MANY_BAD' })
    await using nine = await TestLoads.open({ connectors: [listed({ a: bad(9) })] })
    expect((await nine.firstLoad('listed')).load.state).toBe('succeeded')
  })

  it('fails as a fault of ours when the stored sums do not add up', async () => {
    const spoil: Extract = async function* () {
      await test.db.write.query(`UPDATE handover_load_dataset SET inserted = inserted - 1 WHERE dataset = 'a'`)
      yield { records: [] }
    }
    await using test: TestLoads = await TestLoads.open({ connectors: [listed({ a: giving({ records: records(1, 3) }), b: spoil })] })
    const { load } = await test.firstLoad('listed')
    expect(load).toMatchObject({
      state: 'failed',
      errorCode: 'INTERNAL',
      errorMessage: expect.stringContaining('The balance of "a" does not add up'),
      retryAt: null,
    })
  })

  it('lets a few bad records pass where there are fewer than 100', async () => {
    const bad = records(1, 98).map(({ id }) => ({ id, value: 'much too long' }))
    await using test = await TestLoads.open({ connectors: [listed({ a: giving({ records: [...bad, { id: 99 }] }) })] })
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
