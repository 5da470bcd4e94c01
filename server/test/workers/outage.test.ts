import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { describe, expect, it, onTestFinished } from 'vitest'
import { balances } from '../../src/loads/loads.service.ts'
import { mysqlUrl, testDatabase } from '../../src/warehouse/testing/databases.ts'
import { gate } from '../loads/listed.ts'
import { ledger, oracle, pagesOf } from '../loads/ledger.ts'
import { newest, TestLoads } from '../loads/test-loads.ts'
import { cuttingProxy } from './cutting-proxy.ts'

const size = 1000
const entries = pagesOf(1, 6, size).flat()

/** Lets time pass until the source is up to date, as the seconds of a real clock would. */
async function untilLoaded(test: TestLoads, sourceId: string): Promise<void> {
  const state = async (): Promise<string> => {
    test.pass(60_000)
    await test.loads.idle()
    return (await newest(test, sourceId)).state
  }
  await expect.poll(() => state().catch(() => 'unreachable'), { timeout: 60_000, interval: 200 }).toBe('succeeded')
}

async function expectOracle(test: TestLoads): Promise<void> {
  const source = await test.sources.get('ledger')
  const { items, events } = oracle(entries)
  expect(await test.rows(source, 'items')).toEqual(items.rows)
  expect(await test.rows(source, 'events')).toEqual(events.rows)
  for (const load of (await test.loads.list({ first: 100 })).nodes)
    for (const balance of await test.loads.balance(load.id)) expect(balances(balance)).toBe(true)
}

describe('a COMMIT whose answer is lost', { timeout: 120_000 }, () => {
  // The first load of the ledger commits about twenty times; each of these is another kind of transaction.
  it.each([1, 3, 5, 6, 7, 9, 12, 15])('is resolved by reading again (commit %i of the load)', async (nth) => {
    const target = new URL(mysqlUrl!)
    await using proxy = await cuttingProxy({ host: target.hostname, port: Number(target.port || 3306) })
    const folder = await mkdtemp(join(tmpdir(), 'handover-doubt-'))
    const through = new URL((await testDatabase(folder)).url!)
    through.port = String(proxy.port)
    await using test = await TestLoads.open({ connectors: [ledger()], folder, url: String(through) })
    const source = await test.source('ledger', { pages: 6, size })
    proxy.cutAt(proxy.commits + nth)
    await test.loads.start()
    await untilLoaded(test, source.id)
    expect(proxy.cuts).toBe(1)
    await expectOracle(test)
  })
})

/** Numbers of the processes on this machine that were started with these words. */
const processesOf = (...words: string[]): string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    const command = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'latin1') : ''
    return words.every((word) => command.includes(word))
  })

const service = process.env['TEST_MYSQL_SERVICE']

describe.skipIf(!service)('MySQL that is killed', { timeout: 240_000 }, () => {
  it('in the middle of a load loses nothing, and the load goes on by itself when it is back', async () => {
    const run = promisify(execFile)
    const env = { ...process.env, MYSQL_PORT: '3317' }
    const server = async (...words: string[]) => (await run(service!, words, { env })).stdout.trim().split('\n').at(-1)!
    // What a killed server leaves behind names a process; when another one has that number by now, MySQL takes it for a living server.
    const lock = join(process.env['SERVICES_HOME'] ?? '/var/tmp/services', 'mysql-root/run/mysql-3317.sock.lock')
    if (processesOf('mysqld', '--port=3317').length === 0) await rm(lock, { force: true })
    const address = await server()
    onTestFinished(async () => void (await server('stop').catch(() => undefined)))
    const connection = await createConnection({ uri: address })
    await connection.query('DROP DATABASE IF EXISTS handover_killed')
    await connection.query('CREATE DATABASE handover_killed')
    await connection.end()

    let kill = false
    const killed = gate()
    const folder = await mkdtemp(join(tmpdir(), 'handover-killed-'))
    const killer = ledger(async (page) => {
      if (!kill || page !== 3) return
      kill = false
      const [pid] = processesOf('mysqld', '--port=3317')
      await server('kill')
      // A process that has died is there until its parent has noticed, and MySQL does not start beside it.
      await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 30_000 }).toBe(false)
      await rm(lock, { force: true })
      killed.open()
    })
    await using test = await TestLoads.open({ connectors: [killer], folder, url: `${address}/handover_killed` })
    const source = await test.source('ledger', { pages: 6, size })
    kill = true
    await test.loads.start()
    await killed.opened
    await test.loads.idle()
    await server()
    await untilLoaded(test, source.id)
    await expectOracle(test)
  })
})
