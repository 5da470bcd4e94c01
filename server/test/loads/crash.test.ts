import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { balances, Load } from '../../src/loads/loads.service.ts'
import { maxAttempts } from '../../src/loads/retry.ts'
import type { ProbePoint } from '../../src/loads/run-context.ts'
import { ledger, oracle, pagesOf } from './ledger.ts'
import { TestLoads } from './test-loads.ts'

/** Where the script of the children is built: below a node_modules, so that it finds its packages. */
const built = fileURLToPath(new URL('../../../node_modules/.handover-crash/', import.meta.url))
const size = 1000
const entries = pagesOf(1, 6, size).flat()

/** Loads in a process that kills itself at that point. */
async function crash(folder: string, point: ProbePoint, nth: number): Promise<void> {
  const process_ = spawn(process.execPath, [join(built, 'crash-run.js'), folder, point, String(nth), String(size)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [, signal] = (await once(process_, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
}

const fetched = (folder: string): string[] => readFileSync(join(folder, 'fetched.log'), 'utf8').trim().split('\n')

const loadsOf = async (test: TestLoads): Promise<Load[]> => (await test.loads.list({ first: 100 })).nodes.reverse()

/** Starts again, and holds the tables and balances to the oracle. */
async function expectWhole(test: TestLoads): Promise<Load[]> {
  await test.leasesRunOut()
  await test.loads.start()
  await test.loads.idle()
  const source = await test.sources.get('ledger')
  const loads = await loadsOf(test)
  const { items, events } = oracle(entries)
  expect(await test.rows(source, 'items')).toEqual(items.rows)
  expect(await test.rows(source, 'events')).toEqual(events.rows)
  for (const [dataset, { counts }] of Object.entries({ items, events })) {
    const balance = await Promise.all(loads.map((load) => test.balance(load, dataset)))
    const sum = (name: 'read' | 'made' | 'quarantinedRecords') => balance.reduce((total, each) => total + (each?.[name] ?? 0), 0)
    expect([sum('read'), sum('made'), sum('quarantinedRecords')]).toEqual([counts.read, counts.made, counts.quarantinedRecords])
    expect(balance.every((each) => each === undefined || balances(each))).toBe(true)
    const { totalCount } = await test.loads.quarantine({ dataset, first: 1 })
    expect(totalCount).toBe(counts.quarantinedRecords + counts.quarantinedRows)
  }
  return loads
}

beforeAll(async () => {
  const entry = fileURLToPath(new URL('crash-run.ts', import.meta.url))
  await build({ configFile: false, logLevel: 'error', build: { ssr: entry, outDir: built, emptyOutDir: true, minify: false } })
}, 60_000)

afterAll(() => rm(built, { recursive: true, force: true }))

describe('a process that is killed', { timeout: 60_000 }, () => {
  it.each<[string, ProbePoint, number]>([
    ['after the first page has landed', 'landed', 1],
    ['after pages have landed and none was written', 'before-write', 1],
    ['before a later write transaction', 'before-write', 2],
    ['inside the first write transaction', 'in-write', 1],
    ['inside a later write transaction', 'in-write', 3],
    ['after the commit', 'after-write', 2],
    ['while a replace is being filled', 'in-write', 5],
    ['inside the swap of a replace', 'in-swap', 1],
    ['between the decision of a swap and the swap', 'swapped', 1],
    ['after the swap of a replace', 'after-swap', 1],
  ])('%s: the next load goes on, and nothing is lost, doubled or fetched twice', async (_, point, nth) => {
    const folder = await mkdtemp(join(tmpdir(), 'handover-crash-'))
    await crash(folder, point, nth)
    await using test = await TestLoads.open({ connectors: [ledger()], folder })
    const [killed, again] = await expectWhole(test)
    expect(killed).toMatchObject({ state: 'failed', errorCode: 'LOAD_INTERRUPTED', attempt: 1 })
    expect(again).toMatchObject({ state: 'succeeded', trigger: 'retry', attempt: 2 })
    const changes = fetched(folder).filter((line) => line.startsWith('changes'))
    // A page that was asked for and not yet landed when the process died is asked for again; one that landed never is.
    const landed = await test.lake.after(again!.sourceId, 'changes', 0)
    expect(landed).toHaveLength(6)
    expect(changes.length - new Set(changes).size).toBeLessThanOrEqual(1)
  })

  it('leaves the rows of before in a replace that did not end, and no table beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'handover-crash-'))
    const first = await TestLoads.open({ connectors: [ledger()], folder })
    const { source } = await first.firstLoad('ledger', { pages: 6, size })
    const before = await first.rows(source, 'list')
    await first.loads.request(source.id, 'person')
    await first.loads.idle()
    await first.loads.request(source.id, 'person').then(() => first.stop())
    await crash(folder, 'in-write', 2)
    await using test = await TestLoads.open({ connectors: [ledger()], folder })
    expect(await test.rows(source, 'list')).toEqual(before)
    await test.leasesRunOut()
    await test.loads.start()
    await test.loads.idle()
    expect(await test.rows(source, 'list')).toEqual(before)
    const tables = await test.db.dialect.tablesLike(test.db.write, 'ledger')
    expect(tables.toSorted()).toEqual(['ledger__events', 'ledger__items', 'ledger__list'])
  })

  it('is parked when it dies at the same load five times', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'handover-crash-'))
    await crash(folder, 'before-write', 1)
    const between = await TestLoads.open({ connectors: [ledger()], folder })
    await between.leasesRunOut()
    await between.stop()
    await crash(folder, 'before-write', 1)
    await using test = await TestLoads.open({ connectors: [ledger()], folder })
    expect((await loadsOf(test)).map(({ attempt, state }) => [attempt, state])).toEqual([
      [1, 'failed'],
      [2, 'running'],
    ])
    await test.db.write.manager.update(Load, { attempt: 2 }, { attempt: maxAttempts })
    await test.leasesRunOut()
    await test.loads.start()
    await test.loads.idle()
    const loads = await loadsOf(test)
    expect(loads.map(({ errorCode }) => errorCode)).toEqual(['LOAD_INTERRUPTED', 'LOAD_PARKED'])
    expect((await test.loads.sourceStates()).get(loads[0]!.sourceId)).toMatchObject({ state: 'FAILED' })
    expect((await test.load(await test.sources.get('ledger'))).attempt).toBe(1)
  })
})
