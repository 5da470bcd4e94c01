import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRawLimit } from '../../src/shared/raw-limit.ts'
import { listed, records } from './listed.ts'
import { NOW, TestLoads } from './test-loads.ts'

const DAY = 86_400_000
const never = new AbortController().signal
const kept = { loads: null, logs: null, lake: null }
const count = async (test: TestLoads, table: string) => Number((await test.db.read.query(`SELECT COUNT(*) AS n FROM ${table}`))[0].n)

/** A source of a few rows, loaded once a day for so many days. */
async function daily(days: number, load: 'merge' | 'append' | 'replace' = 'merge'): Promise<TestLoads> {
  let page = 0
  const connector = listed(
    {
      items: async function* () {
        page += 1
        yield {
          records:
            load === 'append'
              ? records(page, 1)
              : [
                  { id: 1, value: String(page) },
                  { id: 2, value: 'same' },
                ],
        }
      },
    } as never,
    load,
  )
  const test = await TestLoads.open({ connectors: [connector] })
  const { source } = await test.firstLoad('listed')
  for (let day = 1; day < days; day++) {
    test.pass(DAY)
    expect((await test.load(source)).state).toBe('succeeded')
  }
  return test
}

/** Ids of loads begin with the time of the machine; these are to be as old as their test says. */
async function ageIds(test: TestLoads): Promise<void> {
  const loads: { id: string; queued_at: unknown }[] = await test.db.write.query('SELECT id, queued_at FROM handover_load ORDER BY id')
  for (const [index, { id }] of loads.entries()) {
    const hex = (NOW.getTime() + index * DAY).toString(16).padStart(12, '0')
    const aged = `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`
    for (const [table, column] of [
      ['handover_load', 'id'],
      ['handover_load_log', 'load_id'],
      ['handover_load_dataset', 'load_id'],
      ['handover_stream_state', 'load_id'],
      ['handover_quarantine', 'load_id'],
      ['handover_lake_part', 'load_id'],
    ])
      await test.db.write.query(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`, [aged, id])
  }
}

describe('what is older than is kept', { timeout: 60_000 }, () => {
  it('goes: records of loads with balances and logs, but for the newest thirty and what something points at', async () => {
    await using test = await daily(50)
    await ageIds(test)
    const oldest = (await test.db.read.query('SELECT id FROM handover_load ORDER BY id LIMIT 2')) as { id: string }[]
    // One that a record is set aside of, and one that waits for a person.
    await test.db.write.query(
      `INSERT INTO handover_quarantine (source_id, slug, dataset, stream, load_id, part, line, item, code, reason, raw, fingerprint, at, state)
       SELECT source_id, slug, 'items', 'items', id, 1, 0, 0, 'X', 'x', 'x', 'x', queued_at, 'open' FROM handover_load WHERE id = ?`,
      [oldest[0]!.id],
    )
    await test.db.write.query(`UPDATE handover_load SET state = 'held' WHERE id = ?`, [oldest[1]!.id])
    expect(await test.loads.tidy({ ...kept, loads: 5 * DAY }, never)).toMatchObject({ loads: 18, logs: 0 })
    expect([await count(test, 'handover_load'), await count(test, 'handover_load_dataset')]).toEqual([32, 32])
    const [{ n }] = await test.db.read.query(
      'SELECT COUNT(*) AS n FROM handover_load_log WHERE load_id NOT IN (SELECT id FROM handover_load)',
    )
    expect(Number(n)).toBe(0)
    expect(await test.loads.tidy({ ...kept, loads: 5 * DAY }, never)).toMatchObject({ loads: 0 })
    expect(await test.rows(await test.sources.get('listed'), 'items')).toHaveLength(2)
  })

  it('goes: log lines, and the loads stay', async () => {
    await using test = await daily(12)
    const before = await count(test, 'handover_load_log')
    const { logs } = await test.loads.tidy({ ...kept, logs: 3 * DAY }, never)
    expect(logs).toBeGreaterThan(5)
    expect(await count(test, 'handover_load_log')).toBe(before - logs)
    expect(await count(test, 'handover_load')).toBe(12)
    const [{ oldest }] = await test.db.read.query('SELECT MIN(at) AS oldest FROM handover_load_log')
    expect(new Date(oldest instanceof Date ? oldest : `${oldest}Z`).getTime()).toBeGreaterThanOrEqual(test.now.getTime() - 3 * DAY)
  })

  it('goes: raw pages of tables that are replaced as a whole, but for the last read', async () => {
    await using test = await daily(10, 'replace')
    expect(await test.loads.tidy({ ...kept, lake: { age: 2 * DAY } }, never)).toMatchObject({ raw: { parts: 7 } })
    expect((await test.lake.size()).parts).toBe(3)
    expect(await test.loads.tidy({ ...kept, lake: { bytes: 0 } }, never)).toMatchObject({ raw: { parts: 2 } })
    expect((await test.lake.size()).parts).toBe(1)
    const files = (await readdir(join(test.folder, 'lake'), { recursive: true })).filter((name) => name.endsWith('.zst'))
    expect(files).toHaveLength(1)
    await expect(test.lake.record(1, 0)).rejects.toMatchObject({
      code: 'LAKE_REMOVED',
      message: expect.stringContaining('because of its age'),
    })
    const source = await test.sources.get('listed')
    expect((await test.load(source)).state).toBe('succeeded')
  })

  it.each(['merge', 'append'] as const)(
    'stays by itself where a replay needs it, as that of a table that is filled by %s does',
    async (load) => {
      await using test = await daily(6, load)
      expect(await test.loads.tidy({ ...kept, lake: { bytes: 0 } }, never)).toMatchObject({ raw: { parts: 0 } })
      expect((await test.lake.size()).parts).toBe(6)
    },
  )

  it('goes on demand, after it was said what is lost, and never what loads or a person still need', async () => {
    await using test = await daily(6, 'append')
    const source = await test.sources.get('listed')
    await test.db.write.query(
      `INSERT INTO handover_quarantine (source_id, slug, dataset, stream, load_id, part, line, item, code, reason, raw, fingerprint, at, state)
       SELECT source_id, slug, 'items', 'items', id, 2, 0, 0, 'X', 'x', 'x', 'x', queued_at, 'open' FROM handover_load ORDER BY id LIMIT 1`,
    )
    const wanted = { parts: 3, rows: 3, bytes: expect.any(Number) }
    expect(await test.loads.pruneLake(1.5 * DAY, true)).toEqual(wanted)
    expect((await test.lake.size()).parts).toBe(6)
    expect(await test.loads.pruneLake(1.5 * DAY, false)).toEqual(wanted)
    expect(await test.loads.pruneLake(1.5 * DAY, false)).toMatchObject({ parts: 0, rows: 0 })
    expect((await test.lake.record(2, 0)).text).toContain('"id":2')
    expect((await test.load(source)).state).toBe('succeeded')
    expect(await test.rows(source, 'items')).toHaveLength(7)
  })

  it('is written in one way', () => {
    expect(['365d', '50GB', '1TB', '5MB'].map(readRawLimit)).toEqual([{ age: 365 * DAY }, { bytes: 50e9 }, { bytes: 1e12 }, { bytes: 5e6 }])
    for (const wrong of ['', '90', '0d', '1y', '5 GB', 'all', '-1d']) expect([wrong, readRawLimit(wrong)]).toEqual([wrong, null])
  })
})
