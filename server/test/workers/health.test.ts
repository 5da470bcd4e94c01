import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mysqlUrl, testDatabase } from '../../src/warehouse/testing/databases.ts'
import { startServer } from '../api/server.ts'
import { switchedProxy } from './switched-proxy.ts'

it('says within seconds that the database is gone, and that it is back', { timeout: 60_000 }, async () => {
  const target = new URL(mysqlUrl!)
  await using proxy = await switchedProxy({ host: target.hostname, port: Number(target.port || 3306) })
  const folder = await mkdtemp(join(tmpdir(), 'handover-health-'))
  const database = await testDatabase(folder)
  const through = new URL(database.url!)
  through.port = String(proxy.port)
  {
    await using server = await startServer({ DATABASE_URL: String(through) })
    const report = async () => {
      const response = await fetch(`${server.url}/readyz`)
      return [response.status, await response.text()] as const
    }
    const status = async () => (await report())[0]
    for (const mode of ['refuse', 'hang'] as const) {
      await expect.poll(status, { timeout: 15_000 }).toBe(200)
      proxy.mode = mode
      await expect.poll(status, { timeout: 6_000 }).toBe(503)
      const [, text] = await report()
      expect(JSON.parse(text)).toEqual({
        status: 'not ready',
        parts: { process: 'runs', database: 'does not answer; it is asked again by itself', schedule: 'answers' },
      })
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      const metrics = await (await fetch(`${server.url}/metrics`)).text()
      expect(metrics).toMatch(/^handover_ready 0$/m)
      expect(metrics).toMatch(/^handover_database_up 0$/m)
      expect(metrics).not.toMatch(/^handover_loads_active/m)
      proxy.mode = 'pass'
    }
    await expect.poll(status, { timeout: 15_000 }).toBe(200)
    const said = server.logged.filter((line) => line.includes('The database does not answer'))
    expect(said).toHaveLength(2)
  }
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

it('is answered by a worker, which serves nothing else', async () => {
  await using server = await startServer({ HANDOVER_ROLE: 'worker', HANDOVER_HEALTH_PORT: '0' })
  const { url, healthUrl } = server.handover
  expect(url).toBeNull()
  const response = await fetch(`${healthUrl}/readyz`)
  expect([response.status, await response.json()]).toEqual([
    200,
    { status: 'ready', parts: { process: 'runs', database: 'answers', schedule: 'answers' } },
  ])
})
