import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startServer } from '../api/server.ts'
import { archiveOf, emptyPlace } from '../backup/places.ts'
import { run } from '../cli/command-line.ts'
import { Compose } from './compose.ts'

let compose: Compose
beforeAll(async () => void (compose = await Compose.prepare('moved')), 600_000)
afterAll(() => compose?.down(), 120_000)

const connectors = fileURLToPath(new URL('connectors', import.meta.url))
const question =
  '{ counting { merged { totalCount } appended { totalCount } } source(slug: "counting") { nextLoadAt lastSuccess { id finishedAt } } }'

it('what npm start has loaded goes on in Docker where it was, and a backup comes out again', { timeout: 300_000 }, async () => {
  await using place = await emptyPlace('embedded')
  const file = archiveOf(place)
  const env = { HANDOVER_DATA: place.dataFolder, HANDOVER_CONNECTORS: connectors, HANDOVER_PORT: '0' }
  let before: unknown
  {
    await using server = await startServer({ ...env, DATABASE_URL: '' })
    const config = '{ last: 1000, page: 100, pauseMs: 0 }'
    const make = `mutation { createSource(input: { slug: "counting", title: "Counting", connector: "counter", config: ${config}, schedule: { every: 36000 } }) { slug } }`
    expect((await server.ask(make)).errors).toBeUndefined()
    await server.handover.loads.idle()
    before = (await server.ask(question)).data
    expect(before).toMatchObject({ counting: { merged: { totalCount: 1000 } } })
    expect(await run(['backup', file, '--with-key'], env)).toMatchObject({ code: 0, stderr: '' })
  }
  expect(await compose.feed(file, 'server', 'handover', 'restore', '-')).toContain('Restored: ')
  await compose.up()
  expect(await compose.ask(question)).toEqual(before)
  // What is asked for again is what comes after the cursor: nothing.
  await compose.ask('mutation { loadNow(source: "counting") { id } }')
  const loads = '{ loads(source: "counting") { nodes { state records } } }'
  await vi.waitUntil(async () => (await compose.ask(loads)).loads.nodes.every(({ state }: { state: string }) => state === 'SUCCEEDED'), {
    timeout: 30_000,
    interval: 250,
  })
  expect((await compose.ask(loads)).loads.nodes.map(({ records }: { records: unknown }) => Number(records))).toEqual([0, 1000])

  const out = archiveOf(place, 'out.tar')
  await writeFile(out, await compose.bytes('exec', '-T', 'server', 'handover', 'backup', '-'))
  expect((await run(['restore', out, '--check'], env)).stdout).toContain('The archive is whole.')
})
