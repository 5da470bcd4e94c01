import { describe, expect, it } from 'vitest'
import { gate, giving, listed, records, type Extract } from './listed.ts'
import { newest, TestLoads } from './test-loads.ts'

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
    expect(await test.db.dialect.tablesLike(test.db.write, 'listed__a_')).toEqual([])
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
