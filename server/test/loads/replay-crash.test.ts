import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { balances } from '../../src/loads/loads.service.ts'
import type { ProbePoint } from '../../src/loads/run-context.ts'
import type { Row } from '../../src/warehouse/warehouse.service.ts'
import { copyDatabase, testDatabase } from '../../src/warehouse/testing/databases.ts'
import { crashPages, stumbling } from './mended.ts'
import { TestLoads } from './test-loads.ts'

/** Where the script of the children is built: below a node_modules, so that it finds its packages. */
const built = fileURLToPath(new URL('../../../node_modules/.handover-replay-crash/', import.meta.url))
const datasets = ['items', 'events', 'list'] as const
const expected: Record<string, Row[]> = {}
let loaded: string

/** Runs again in a process that kills itself at that point. */
async function crash(folder: string, point: ProbePoint, nth: number): Promise<void> {
  const child = spawn(process.execPath, [join(built, 'replay-crash-run.js'), folder, point, String(nth)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
}

beforeAll(async () => {
  const entry = fileURLToPath(new URL('replay-crash-run.ts', import.meta.url))
  await build({ configFile: false, logLevel: 'error', build: { ssr: entry, outDir: built, emptyOutDir: true, minify: false } })
  await using oracle = await TestLoads.open({ connectors: [stumbling(crashPages, true)] })
  const { source } = await oracle.firstLoad('stumbling')
  for (const dataset of datasets) expected[dataset] = await oracle.rows(source, dataset)
  loaded = await mkdtemp(join(tmpdir(), 'handover-loaded-'))
  const first = await TestLoads.open({ connectors: [stumbling(crashPages, false)], folder: loaded })
  await first.firstLoad('stumbling')
  await first.stop()
}, 60_000)

afterAll(async () => {
  await (await testDatabase(loaded)).drop()
  await rm(built, { recursive: true, force: true })
  await rm(loaded, { recursive: true, force: true })
})

describe('a process that is killed while it runs again what was set aside', { timeout: 60_000 }, () => {
  it.each<[string, ProbePoint, number]>([
    ['before anything is written', 'before-write', 1],
    ['inside the first transaction', 'in-write', 1],
    ['between the transactions of one dataset', 'after-write', 1],
    ['inside the second transaction of a dataset', 'in-write', 2],
    ['after a dataset is written, before it is closed', 'after-write', 2],
    ['in the middle of the second dataset', 'in-write', 4],
    ['after everything is written', 'after-write', 6],
  ])('%s: the next start goes on, and the tables equal a fresh load', async (_, point, nth) => {
    const folder = await mkdtemp(join(tmpdir(), 'handover-replay-'))
    await cp(loaded, folder, { recursive: true })
    await copyDatabase(loaded, folder)
    await crash(folder, point, nth)
    let fetched = 0
    await using test = await TestLoads.open({ connectors: [stumbling(crashPages, true, () => fetched++)], folder })
    await test.leasesRunOut()
    await test.loads.start()
    await test.loads.idle()
    const source = await test.sources.get('stumbling')
    const [again, killed] = (await test.loads.list({ first: 2 })).nodes
    expect(killed).toMatchObject({ trigger: 'replay', state: 'failed', errorCode: 'LOAD_INTERRUPTED', attempt: 1 })
    expect(again).toMatchObject({ trigger: 'replay', state: 'succeeded', attempt: 2 })
    expect(fetched).toBe(0)
    for (const dataset of datasets) {
      expect(await test.rows(source, dataset)).toEqual(expected[dataset])
      for (const load of [again!, killed!]) for (const balance of await test.loads.balance(load.id)) expect(balances(balance)).toBe(true)
    }
    expect(await test.db.read.query('SELECT * FROM handover_replay')).toEqual([])
    const { nodes } = await test.loads.quarantine({ first: 100 })
    expect(nodes.every(({ raw }) => raw.includes('never'))).toBe(true)
    expect(await test.loads.replay(source, null).then((load) => load && test.loads.idle())).not.toBeNull()
    for (const dataset of datasets) expect(await test.rows(source, dataset)).toEqual(expected[dataset])
  })
})
