import { describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { LoadWatch } from '../../src/loads/loads.service.ts'
import { runSql, testDatabase } from '../../src/warehouse/testing/databases.ts'
import type { Database } from '../../src/warehouse/warehouse.service.ts'
import { gate, listed, records, type Extract } from './listed.ts'
import { newest, TestLoads, TestTimers } from './test-loads.ts'

/** A source whose load waits until a test lets it end, and a watch over it with its own clockwork. */
async function watched() {
  const [begun, on] = [gate(), gate()]
  const extract: Extract = async function* () {
    yield { records: records(1, 3), cursor: 3 }
    begun.open()
    await on.opened
    yield { records: records(4, 2), cursor: 5 }
  }
  const test = await TestLoads.open({ connectors: [listed({ a: extract })] })
  const timers = new TestTimers()
  const reads = { count: 0 }
  const watch = new LoadWatch({
    db: counting(test.db, reads),
    logger: pino({ level: 'silent' }),
    onChanged: (listener) => test.loads.onChanged(listener),
    sourcesMark: async () => (await test.sources.list()).map(({ id, title }) => `${id} ${title}`).join(),
    timers,
  })
  /** Lets time pass until the watch has told something, or says "nothing" when it has looked and there was nothing. */
  const told = async <T>(next: Promise<T>, ms: number): Promise<T | 'nothing'> => {
    timers.pass(ms)
    return Promise.race([next, looked(timers).then(() => 'nothing' as const)])
  }
  return {
    ...{ test, timers, watch, reads, begun, on, told },
    async [Symbol.asyncDispose]() {
      on.open()
      await watch.close()
      await test[Symbol.asyncDispose]()
    },
  }
}

/** Counts how often the reading connection is asked. */
const counting = (db: Database, reads: { count: number }): Database =>
  ({
    ...db,
    get read() {
      reads.count++
      return db.read
    },
  }) as Database

/** Resolves when the watch has looked and rests again. */
async function looked(timers: TestTimers): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve))
  while (timers.waits.length === 0)
}

/** Another process that writes the same database. */
const elsewhere = async (test: TestLoads, sql: string, ...values: string[]) => runSql(await testDatabase(test.folder), sql, values)

describe('the watch over loads', () => {
  it('costs nothing while nobody listens, and no more once the last one has left', async () => {
    await using at = await watched()
    expect([at.reads.count, at.timers.waits]).toEqual([0, []])
    const changes = at.watch.changes()
    await looked(at.timers)
    expect(at.timers.waits).toEqual([700])
    await changes.return!()
    const before = at.reads.count
    at.timers.pass(10_000)
    expect([at.timers.waits, at.reads.count]).toEqual([[], before])
  })

  it('tells of what another process has written, at the next look', async () => {
    await using at = await watched()
    const source = await at.test.source('listed')
    const { id } = await newest(at.test, source.id)
    const changes = at.watch.changes()
    await looked(at.timers)
    const next = changes.next()
    expect(await at.told(next, 700)).toBe('nothing')
    await elsewhere(at.test, `UPDATE handover_load SET state = 'running', records = 7 WHERE id = ?`, id)
    expect(await at.told(next, 700)).toEqual({ value: { loads: new Set([id]), sources: false }, done: false })
    await elsewhere(at.test, `UPDATE handover_load SET state = 'succeeded' WHERE id = ?`, id)
    expect(await at.told(changes.next(), 700)).toMatchObject({ value: { loads: new Set([id]) } })
    const silent = changes.next()
    expect(await at.told(silent, 700)).toBe('nothing')
    await elsewhere(at.test, `UPDATE handover_source SET title = 'Other'`)
    expect(await at.told(silent, 700)).toEqual({ value: { loads: new Set(), sources: true }, done: false })
  })

  it('looks sooner when a load of its own process has changed, but not more than four times in a second', async () => {
    await using at = await watched()
    const changes = at.watch.changes()
    await looked(at.timers)
    await at.test.source('listed')
    expect(at.timers.waits).toEqual([250])
    await at.test.loads.start()
    await at.begun.opened
    expect(at.timers.waits).toEqual([250])
    const first = await at.told(changes.next(), 250)
    expect(first).toMatchObject({ value: { sources: true, loads: { size: 1 } } })
  })

  it('sees counts and lines of the log while a load runs', async () => {
    await using at = await watched()
    const source = await at.test.source('listed')
    await at.test.loads.start()
    await at.begun.opened
    const { id } = await newest(at.test, source.id)
    const loads = at.watch.loads({ id: null, source: 'listed' })
    await looked(at.timers)
    await elsewhere(at.test, 'UPDATE handover_load_dataset SET `read` = `read` + 1 WHERE load_id = ?', id)
    expect(await at.told(loads.next(), 700)).toEqual({ value: id, done: false })
    await elsewhere(
      at.test,
      `INSERT INTO handover_load_log (load_id, at, level, message) VALUES (?, '2026-03-01 12:00:00.000', 'info', 'x')`,
      id,
    )
    expect(await at.told(loads.next(), 700)).toEqual({ value: id, done: false })
  })

  it('gives a load that is asked for at once, and keeps those of others apart', async () => {
    await using at = await watched()
    const [one, two] = [await at.test.source('listed', {}, 'one'), await at.test.source('listed', {}, 'two')]
    const [first, second] = [await newest(at.test, one.id), await newest(at.test, two.id)]
    const loads = at.watch.loads({ id: first.id })
    expect(await loads.next()).toEqual({ value: first.id, done: false })
    await looked(at.timers)
    await elsewhere(at.test, `UPDATE handover_load SET state = 'cancelled' WHERE id = ?`, second.id)
    const next = loads.next()
    expect(await at.told(next, 700)).toBe('nothing')
    await elsewhere(at.test, `UPDATE handover_load SET state = 'cancelled' WHERE id = ?`, first.id)
    expect(await at.told(next, 700)).toEqual({ value: first.id, done: false })
  })

  it('gathers for a reader that is slow', async () => {
    await using at = await watched()
    const source = await at.test.source('listed')
    const { id } = await newest(at.test, source.id)
    const changes = at.watch.changes()
    await looked(at.timers)
    for (const count of ['1', '2', '3']) {
      await elsewhere(at.test, 'UPDATE handover_load SET records = ?', count)
      at.timers.pass(700)
      await looked(at.timers)
    }
    expect(await changes.next()).toEqual({ value: { loads: new Set([id]), sources: false }, done: false })
    expect(await at.told(changes.next(), 700)).toBe('nothing')
  })
})
