import { describe, expect, it } from 'vitest'
import { Lease } from '../../src/loads/lease.entity.ts'
import { Leases, leaseLength } from '../../src/loads/lease.ts'
import { StreamState } from '../../src/loads/stream-state.entity.ts'
import { gate, giving, listed, records, type Extract } from '../loads/listed.ts'
import { newest, TestLoads } from '../loads/test-loads.ts'

const rounds = 200

/** Two workers on one database and one lake, each with connections and a name of its own. */
async function twoWorkers(extract: Extract, load: 'merge' | 'append' = 'append') {
  const first = await TestLoads.open({ connectors: [listed({ a: extract }, load)] })
  const second = await TestLoads.open({ connectors: [listed({ a: extract }, load)], folder: first.folder })
  return {
    ...{ first, second, workers: [first, second] as const },
    async [Symbol.asyncDispose]() {
      await second.stop()
      await first[Symbol.asyncDispose]()
    },
  }
}

/** Gives one record more each time it is asked. */
const growing: Extract = async function* ({ cursor }) {
  const next = Number(cursor ?? 0) + 1
  yield { records: records(next, 1), cursor: next }
}

describe('two workers', { timeout: 300_000 }, () => {
  it(`race for one lease ${rounds} times, and one of them has it each time`, async () => {
    await using both = await twoWorkers(growing)
    const leases = both.workers.map(({ db }, index) => new Leases(db, `worker ${index}`))
    for (let round = 1; round <= rounds; round++) {
      const taken = (await Promise.all(leases.map((each) => each.acquire('source')))).filter((lease) => lease !== null)
      expect(taken.map(({ epoch }) => epoch)).toEqual([round])
      await leases[0]!.release({ ...taken[0]! })
      await leases[1]!.release({ ...taken[0]! })
    }
  })

  it(`asked for one source ${rounds} times at once, load it once each time`, async () => {
    await using both = await twoWorkers(growing)
    const { first, second } = both
    const source = await first.source('listed')
    await Promise.all(both.workers.map(({ loads }) => loads.start()))
    await expect.poll(async () => (await newest(first, source.id)).state, { timeout: 10_000 }).toBe('succeeded')
    for (let round = 2; round <= rounds; round++) {
      const asked = await Promise.all(both.workers.map(({ loads }) => loads.request(source.id, 'schedule', new Date(round * 60_000))))
      expect(new Set(asked.map(({ id }) => id)).size).toBe(1)
      await Promise.all([first.loads.idle(), second.loads.idle()])
      // A worker that lost the race for the lease of the load before may have left this one to the other's next look.
      if ((await newest(first, source.id)).state === 'queued') for (const worker of both.workers) worker.pass(1_000)
      await Promise.all([first.loads.idle(), second.loads.idle()])
      const { state, id } = await newest(first, source.id)
      expect({ round, state }).toEqual({ round, state: 'succeeded' })
      expect(await first.balance({ id } as never, 'a')).toMatchObject({ read: 1, inserted: 1, rowsAfter: round })
    }
    expect((await first.loads.list({ first: 1 })).totalCount).toBe(rounds)
    expect((await first.rows(source, 'a')).map((row) => row['id'])).toEqual(Array.from({ length: rounds }, (_, index) => index + 1))
    expect(first.logged.concat(second.logged)).toEqual([])
  })

  it('a worker that was stopped past its lease and goes on changes no row', async () => {
    const [reached, go] = [gate(), gate()]
    let starts = 0
    const extract: Extract = async function* ({ cursor }) {
      const slow = starts++ === 0
      if (cursor === null) yield { records: records(1, 3), cursor: 1 }
      if (slow) {
        reached.open()
        await go.opened
      }
      yield { records: [{ id: 4, value: slow ? 'zombie' : 'right' }], cursor: 2 }
    }
    await using both = await twoWorkers(extract, 'merge')
    const { first, second } = both
    const source = await first.source('listed')
    await first.loads.start()
    await reached.opened
    await expect.poll(async () => (await newest(first, source.id)).records, { timeout: 10_000 }).toBe(3)
    await first.leasesRunOut()
    await second.loads.start()
    await expect.poll(async () => (await newest(second, source.id)).state, { timeout: 10_000 }).toBe('succeeded')
    const [row] = (await second.rows(source, 'a')).filter(({ id }) => id === 4)
    expect(row).toMatchObject({ value: 'right' })
    const before = await second.rows(source, 'a')
    const landed = await second.lake.after(source.id, 'a', 0)
    const state = await second.db.write.manager.findOneByOrFail(StreamState, { sourceId: source.id })
    go.open()
    await first.loads.idle()
    expect(first.logged.join()).toContain('lost its lease')
    expect(await second.rows(source, 'a')).toEqual(before)
    // Nor does it leave a page behind that the next load would take for its own.
    expect(await second.lake.after(source.id, 'a', 0)).toEqual(landed)
    expect(await second.db.write.manager.findOneByOrFail(StreamState, { sourceId: source.id })).toEqual(state)
    expect((await second.loads.list({ first: 10 })).nodes.map(({ trigger, state: each }) => [trigger, each])).toEqual([
      ['retry', 'succeeded'],
      ['first', 'failed'],
    ])
  })

  it.each(['merge', 'append'] as const)(
    'a worker that loses its lease between its rows and their commit changes no row: %s',
    async (load) => {
      const [written, go] = [gate(), gate()]
      const extract: Extract = async function* ({ cursor }) {
        if (cursor === null) yield { records: records(1, 3), cursor: 1 }
      }
      await using both = await twoWorkers(extract, load)
      const { first, second } = both
      const write = first.warehouse.write.bind(first.warehouse)
      first.warehouse.write = async (...given) => {
        const counts = await write(...given)
        written.open()
        await go.opened
        return counts
      }
      const source = await first.source('listed')
      await first.loads.start()
      await written.opened
      await first.leasesRunOut()
      await second.loads.start()
      const epoch = async () => (await second.db.write.manager.findOneByOrFail(Lease, { sourceId: source.id })).epoch
      await expect.poll(epoch, { timeout: 10_000 }).toBe(2)
      go.open()
      await first.loads.idle()
      expect(first.logged.join()).toContain('lost its lease')
      await expect.poll(async () => (await newest(second, source.id)).state, { timeout: 30_000 }).toBe('succeeded')
      const [own, table] = [await newest(second, source.id), second.sources.tables(source)[0]!]
      const { rows } = await second.warehouse.page(table, {
        columns: ['id', '_load_id'],
        where: null,
        orderBy: [],
        first: 100,
        after: null,
      })
      expect(new Set(rows.map((row) => row['_load_id']))).toEqual(new Set([own.id]))
      expect(await second.balance(own, 'a')).toMatchObject({ read: 3, inserted: 3, rowsAfter: 3 })
    },
  )

  it('one ends what the other is asked to cancel', async () => {
    const reached = gate()
    const endless: Extract = async function* () {
      for (let id = 1; ; id++) {
        yield { records: records(id, 1) }
        reached.open()
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await using both = await twoWorkers(endless, 'merge')
    const { first, second } = both
    const source = await first.source('listed')
    await first.loads.start()
    await reached.opened
    await second.loads.cancel((await newest(second, source.id)).id)
    first.pass(1_000)
    await first.loads.idle()
    expect(await newest(second, source.id)).toMatchObject({ state: 'cancelled' })
  })

  it('share what is queued', async () => {
    const gates = [gate(), gate(), gate(), gate()]
    let running = 0
    const extract: Extract = async function* () {
      gates[running++]!.open()
      await gates[3]!.opened
      yield { records: records(1, 1) }
    }
    await using both = await twoWorkers(extract, 'merge')
    const { first, second } = both
    for (const slug of ['one', 'two', 'three', 'four']) await first.source('listed', {}, slug)
    await Promise.all(both.workers.map(({ loads }) => loads.start()))
    await gates[3]!.opened
    expect(running).toBe(4)
    await Promise.all(both.workers.map(({ loads }) => loads.idle()))
    expect((await second.loads.list({ first: 10 })).nodes.map(({ state }) => state)).toEqual(Array(4).fill('succeeded'))
  })

  it('that keep a source busy renew their lease by the clock of the database', async () => {
    await using both = await twoWorkers(giving({ records: records(1, 1) }))
    const leases = new Leases(both.first.db, 'me')
    const lease = (await leases.acquire('source'))!
    const left = async (): Promise<number> => {
      const sql = `SELECT TIMESTAMPDIFF(MICROSECOND, ${both.first.db.moment(0)}, expires_at) / 1000 AS "left" FROM handover_lease WHERE source_id = 'source'`
      return Number((await both.first.db.write.query(sql))[0].left)
    }
    expect(await left()).toBeGreaterThan(leaseLength - 5_000)
    await both.first.leasesRunOut()
    await both.first.db.transaction((m) => leases.fence(m, lease))
    expect(await left()).toBeGreaterThan(leaseLength - 5_000)
    await leases.release(lease)
    expect(await left()).toBeLessThanOrEqual(0)
  })
})
