import { describe, expect, it } from 'vitest'
import { LakePart } from '../../src/lake/lake.service.ts'
import { balances, QuarantinedRecord } from '../../src/loads/loads.service.ts'
import type { Source } from '../../src/sources/sources.service.ts'
import type { Row } from '../../src/warehouse/warehouse.service.ts'
import { changesOf, stumbling, type Change } from './mended.ts'
import { newest, TestLoads } from './test-loads.ts'

const datasets = ['items', 'events', 'list'] as const

/** What a server says that had the mended connector from the beginning. */
async function fresh(pages: readonly (readonly Change[])[]): Promise<Record<string, Row[]>> {
  await using test = await TestLoads.open({ connectors: [stumbling(pages, true)] })
  const { source } = await test.firstLoad('stumbling')
  // Awaited here: the test ends with this function.
  return await tablesOf(test, source)
}

async function tablesOf(test: TestLoads, source: Source): Promise<Record<string, Row[]>> {
  const rows = datasets.map(async (dataset) => [dataset, await test.rows(source, dataset)] as const)
  return Object.fromEntries(await Promise.all(rows))
}

/** Loads with the connector that stumbles, and starts again with the mended one. */
async function mended(
  pages: readonly (readonly Change[])[],
  asked: () => void = () => undefined,
): Promise<{ test: TestLoads; source: Source }> {
  const first = await TestLoads.open({ connectors: [stumbling(pages, false)] })
  await first.firstLoad('stumbling')
  await first.stop()
  const test = await TestLoads.open({ connectors: [stumbling(pages, true, asked)], folder: first.folder })
  await test.loads.start()
  return { test, source: await test.sources.get('stumbling') }
}

/** Runs again and waits until it has ended. */
async function replay(test: TestLoads, source: Source, dataset: string | null = null) {
  const asked = await test.loads.replay(source, dataset)
  await test.loads.idle()
  return asked && test.loads.get(asked.id)
}

/** A stream that says what a test wants, one record a page; bad ones are understood once mended. */
const line = (...changes: [ids: number[], value: string | null, stumble?: Change['stumble']][]): Change[][] =>
  changes.map(([ids, value, stumble = 'no']) => [{ ids, value, stumble }])

describe('a replay of what was set aside', () => {
  it.each([1, 2, 3, 4, 5])(
    'makes the tables equal to a fresh load by the mended connector, without asking the source (seed %i)',
    async (seed) => {
      const pages = changesOf(seed, 6, 150)
      let fetched = 0
      const { test, source } = await mended(pages, () => fetched++)
      await using _ = test
      const before = await test.loads.quarantined()
      const load = await replay(test, source)
      expect(load).toMatchObject({ state: 'succeeded', trigger: 'replay', errorMessage: null, records: 0, pages: 0 })
      expect(fetched).toBe(0)
      const expected = await fresh(pages)
      expect(await tablesOf(test, source)).toEqual(expected)
      for (const dataset of datasets) {
        const balance = await test.balance(load!, dataset)
        expect(balances(balance)).toBe(true)
        expect(balance.rowsAfter).toBe(expected[dataset]!.length)
        expect(balance.quarantinedRows).toBe((await test.loads.quarantined()).get(`stumbling/${dataset}`))
        expect(balance.quarantinedRows).toBeLessThan(before.get(`stumbling/${dataset}`)!)
      }
    },
  )

  it('never puts an old record over a newer row, and leaves rows alone that it does not concern', async () => {
    const pages = line([[1], 'old', 'record'], [[2], 'two'], [[1], 'new'], [[3], 'late', 'row'], [[4], 'gone', 'record'], [[4], null])
    const { test, source } = await mended(pages)
    await using _ = test
    const places = async (): Promise<object[]> => {
      const rows: { id: unknown }[] = await test.db.read.query('SELECT id, value, _load_id, _raw_part FROM stumbling__items ORDER BY id')
      return rows.map((row) => ({ ...row, id: Number(row.id) }))
    }
    const [one, two] = await places()
    const load = await replay(test, source, 'items')
    const [oneAfter, twoAfter, three, ...rest] = await places()
    expect([oneAfter, twoAfter]).toEqual([one, two])
    expect(three).toMatchObject({ id: 3, value: 'late', _load_id: load!.id })
    expect(rest).toEqual([])
    expect(await test.balance(load!, 'items')).toMatchObject({
      ...{ read: 5, transformed: 5, quarantinedRecords: 0, made: 4 },
      ...{ inserted: 1, updated: 0, unchanged: 1, superseded: 2, quarantinedRows: 0, rowsAfter: 3 },
    })
  })

  it('keeps what still does not fit open, in the same entry and with what is said now', async () => {
    const pages = line([[1, 2], 'value', 'never'], [[3], 'three', 'record'])
    const broken = stumbling(pages, false)
    broken.datasets!['items']!.transform = () => {
      throw new Error('not understood')
    }
    const first = await TestLoads.open({ connectors: [broken] })
    await first.firstLoad('stumbling')
    const entries = (await first.loads.quarantine({ dataset: 'items', first: 10 })).nodes
    await first.stop()
    await using test = await TestLoads.open({ connectors: [stumbling(pages, true)], folder: first.folder })
    await test.loads.start()
    const source = await test.sources.get('stumbling')
    await replay(test, source, 'items')
    expect(entries.map(({ item, code }) => [item, code])).toEqual([
      [-1, 'TRANSFORM_FAILED'],
      [-1, 'TRANSFORM_FAILED'],
    ])
    const open = await test.loads.quarantine({ dataset: 'items', first: 10 })
    expect(open.nodes.map(({ item, code, column }) => [item, code, column])).toEqual([
      [1, 'ROW_INVALID', 'value'],
      [0, 'ROW_INVALID', 'value'],
    ])
    const resolved = await test.loads.quarantine({ dataset: 'items', state: 'resolved', first: 10 })
    expect(resolved.nodes.map(({ id, decidedAt }) => [id, decidedAt])).toEqual(entries.map(({ id }) => [id, test.now]))
    const again = await replay(test, source, 'items')
    expect(await test.balance(again!, 'items')).toMatchObject({ read: 1, transformed: 1, made: 2, quarantinedRows: 2 })
    expect((await test.loads.quarantine({ dataset: 'items', first: 10 })).nodes).toEqual(open.nodes)
  })

  it('ends the state "set aside" of the source, and is neither a load nor a failure of it', async () => {
    const { test, source } = await mended(line([[1], 'one'], [[2], 'two', 'record']))
    await using _ = test
    const state = async () => (await test.loads.sourceStates()).get(source.id)!
    const success = (await test.loads.keyLoads(source.id)).lastSuccess
    expect(await state()).toMatchObject({ state: 'SET_ASIDE', since: test.now })
    test.pass(3_600_000)
    await replay(test, source)
    expect((await state()).state).toBe('ON_TIME')
    expect((await test.loads.keyLoads(source.id)).lastSuccess).toEqual(success)
    const [stored] = await test.db.read.query(`SELECT loaded_at, changed_at, row_count FROM handover_dataset WHERE name = 'items'`)
    expect(stored.loaded_at < stored.changed_at).toBe(true)
    expect(Number(stored.row_count)).toBe(2)
    expect(await replay(test, source)).toBeNull()
  })

  it('leaves to the next load what lies behind the checkpoint, and moves no checkpoint', async () => {
    const pages = line([[1], 'old', 'record'], [[1], 'new'])
    const { test, source } = await mended(pages)
    await using _ = test
    const states = () => test.db.read.query('SELECT * FROM handover_stream_state ORDER BY stream')
    const before = await states()
    await test.lake.land({
      ...{ sourceId: source.id, slug: source.slug, stream: 'changes', loadId: 'later', request: null, cursor: 9 },
      texts: [JSON.stringify({ ids: [1], value: 'ahead', stumble: 'no' })],
    })
    await replay(test, source, 'items')
    expect(await test.rows(source, 'items')).toEqual([{ id: 1, value: 'new' }])
    expect(await states()).toEqual(before)
    await test.load(source)
    expect(await test.rows(source, 'items')).toEqual([{ id: 1, value: 'ahead' }])
  })

  it('is not stopped by many bad records, and changes nothing when a raw file is missing', async () => {
    const pages = [
      ...line([[1], 'old', 'record'], [[2], 'two']),
      Array.from({ length: 200 }, (_, id): Change => ({ ids: [id], value: 'x', stumble: 'record' })),
    ]
    const { test, source } = await mended(pages)
    await using _ = test
    const before = await test.rows(source, 'items')
    const [, second] = await test.lake.after(source.id, 'changes', 0)
    await test.db.write.manager.update(LakePart, { id: second!.id }, { path: `${second!.path}x` })
    const failed = await replay(test, source, 'items')
    expect(failed).toMatchObject({ state: 'failed', errorCode: 'LAKE_MISSING' })
    expect(await test.rows(source, 'items')).toEqual(before)
    expect((await test.loads.sourceStates()).get(source.id)!.state).not.toBe('LOADING')
    await test.db.write.manager.update(LakePart, { id: second!.id }, { path: second!.path })
    test.pass(60_000)
    await expect.poll(async () => (await newest(test, source.id)).attempt).toBe(2)
    await test.loads.idle()
    expect(await newest(test, source.id)).toMatchObject({ state: 'succeeded', trigger: 'replay', attempt: 2 })
    expect(await test.rows(source, 'items')).toHaveLength(200)
  })

  it('waits for a load that is active, and says so', async () => {
    const { test, source } = await mended(line([[1], 'old', 'record']))
    await using _ = test
    await test.loads.request(source.id, 'person')
    await expect(test.loads.replay(source, null)).rejects.toMatchObject({ code: 'CONFLICT' })
    await test.loads.idle()
    expect(await replay(test, source)).toMatchObject({ state: 'succeeded' })
  })

  it('does not stand in for a load that is asked for meanwhile', async () => {
    const { test, source } = await mended(line([[1], 'old', 'record']))
    await using _ = test
    const again = await test.loads.replay(source, null)
    const planned = await test.loads.request(source.id, 'schedule', test.now)
    expect(planned.id).not.toBe(again!.id)
    await test.loads.idle()
    expect([(await test.loads.get(again!.id)).state, (await test.loads.get(planned.id)).state]).toEqual(['succeeded', 'succeeded'])
  })
})

describe('a record that a person has given up', () => {
  it('is kept with the note, counts no longer, is left out of a replay, and can be taken back', async () => {
    const { test, source } = await mended(line([[1], 'one', 'record'], [[1], 'two', 'record'], [[2], 'three', 'record']))
    await using _ = test
    const { nodes } = await test.loads.quarantine({ dataset: 'items', first: 10 })
    await expect(test.loads.discardQuarantine({ ids: [nodes[1]!.id] }, ' ')).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
    await expect(test.loads.discardQuarantine({}, 'all')).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
    const decision = await test.loads.discardQuarantine({ ids: [nodes[1]!.id] }, ' A test entry. ')
    expect(decision).toEqual({ count: 1, decidedAt: test.now })
    await replay(test, source, 'items')
    expect(await test.rows(source, 'items')).toEqual([
      { id: 1, value: 'one' },
      { id: 2, value: 'three' },
    ])
    const discarded = await test.loads.quarantine({ dataset: 'items', state: 'discarded', first: 10 })
    expect(discarded.nodes).toMatchObject([{ id: nodes[1]!.id, note: 'A test entry.', decidedAt: test.now, raw: nodes[1]!.raw }])
    expect((await test.loads.quarantined()).get('stumbling/items')).toBeUndefined()
    expect(await test.loads.restoreQuarantine({ dataset: 'items' }, decision.decidedAt)).toMatchObject({ count: 1 })
    expect((await test.loads.quarantined()).get('stumbling/items')).toBe(1)
    await replay(test, source, 'items')
    expect((await test.rows(source, 'items'))[0]).toEqual({ id: 1, value: 'two' })
  })

  it.each(['items', 'list'])('stays so when the source says the same again (%s)', async (dataset) => {
    const pages = [...line([[1], 'one', 'record'], [[2], 'two'])]
    await using test = await TestLoads.open({ connectors: [stumbling(pages, false)] })
    const { source } = await test.firstLoad('stumbling')
    await test.loads.discardQuarantine({ slug: source.slug }, 'Known.')
    pages.push(...line([[1], 'one', 'record'], [[3], 'three', 'record']))
    await test.load(source)
    const { nodes } = await test.loads.quarantine({ dataset, state: 'discarded', first: 10 })
    expect(nodes).toMatchObject([{ note: 'Known.' }])
    const open = await test.loads.quarantine({ dataset, first: 10 })
    // A replace meets the first one and the new double of it: one is known, one is not.
    expect(open.nodes.map(({ raw }) => JSON.parse(raw).ids[0])).toEqual(dataset === 'items' ? [3] : [3, 1])
    expect(await test.db.read.manager.countBy(QuarantinedRecord, { dataset })).toBe(open.totalCount + 1)
  })
})

describe('the reasons', () => {
  it('gather open entries by dataset, rule and column, with an example, page by page', async () => {
    await using test = await TestLoads.open({ connectors: [stumbling(changesOf(7, 2, 300), false)] })
    await test.firstLoad('stumbling')
    const { nodes, totalCount, entries } = await test.loads.quarantineReasons({ first: 100 })
    expect(nodes.map(({ dataset, code, column }) => [dataset, code, column].join(' ')).sort()).toEqual(
      datasets.flatMap((name) => [`${name} ROW_INVALID value`, `${name} TRANSFORM_FAILED `]).sort(),
    )
    expect(totalCount).toBe(6)
    const open = await test.db.read.manager.findBy(QuarantinedRecord, { state: 'open' })
    expect([entries, nodes.reduce((sum, { count }) => sum + count, 0)]).toEqual([open.length, open.length])
    for (const { dataset, code, column, count, example, exampleId } of nodes) {
      const listed = await test.loads.quarantine({ slug: 'stumbling', dataset, code, column: column ?? '', first: 1 })
      expect(listed.totalCount).toBe(count)
      expect(listed.nodes[0]).toMatchObject({ id: exampleId, reason: example })
    }
    const first = await test.loads.quarantineReasons({ first: 4 })
    const second = await test.loads.quarantineReasons({ first: 4, after: first.endCursor })
    expect([...first.nodes, ...second.nodes]).toEqual(nodes)
    expect([first.hasNextPage, second.hasNextPage, second.totalCount]).toEqual([true, false, 6])
  })
})
