import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../api/server.ts'
import { begin, run } from './command-line.ts'

let server: TestServer
let env: Record<string, string>

const change = (slug: string, config: Record<string, unknown>) =>
  server.ask('mutation ($slug: String!, $config: JSON!) { updateSource(slug: $slug, input: { config: $config }) { slug } }', {
    slug,
    config,
  })

async function make(slug: string, config: Record<string, unknown> = {}): Promise<void> {
  const input = { slug, title: `The ${slug}`, connector: 'gate', config }
  const made = await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
  if (made.errors) throw new Error(made.errors[0]!.message)
  await server.handover.loads.idle()
}

beforeAll(async () => {
  server = await startServer({ HANDOVER_CONNECTORS: fileURLToPath(new URL('connectors', import.meta.url)) })
  env = { HANDOVER_URL: server.url }
  await make('north')
  await make('stuck', { fail: true })
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

describe('handover load', { timeout: 60_000 }, () => {
  it('follows a load to its end and prints the sums that must be right', async () => {
    const { code, stdout, stderr } = await run(['load', 'north'], env)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^The load \S+ of north was asked for\. Ctrl-C stops following it, not the load\.\n/)
    expect(stdout).toMatch(/of north succeeded after .+: 1 page, 30 records, /)
    expect(stdout).toContain('    records  30 read = 30 transformed + 0 filtered + 0 set aside\n')
    expect(stdout).toContain('    rows     30 made = 30 inserted + 0 updated + 0 unchanged + 0 superseded + 0 set aside\n')
    expect(stdout).toContain('    table    30 rows afterwards, 0 removed\n')
    expect(stdout).not.toContain('\u001b')
  })

  it('prints JSON alone when that is asked for', async () => {
    const { code, stdout } = await run(['load', 'north', '--json'], env)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      sourceSlug: 'north',
      state: 'SUCCEEDED',
      balance: [{ dataset: 'visits', read: 30, balances: true }],
    })
  })

  it('ends with 1 and the sentence when the load failed, and lets no text of a source steer the screen', async () => {
    const { code, stdout } = await run(['load', 'stuck'], env)
    expect(code).toBe(1)
    expect(stdout).toContain('of stuck failed after ')
    expect(stdout).toContain('The gate is stuck.')
    expect(stdout).toMatch(/It is tried again by itself at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\./)
    expect(stdout).not.toContain('\u001b')
  })

  it('ends with 1 when the load is held for a person', async () => {
    await make('short')
    await change('short', { rows: 3 })
    await server.handover.loads.idle()
    const { code, stdout } = await run(['load', 'short'], env)
    expect(code).toBe(1)
    expect(stdout).toContain('of short held after ')
  })

  it('stops following on Ctrl-C, says so, and leaves the load alone', async () => {
    await make('slow')
    await change('slow', { until: 'open' })
    await server.handover.loads.idle()
    const following = begin(['load', 'slow'], env)
    await following.said('was asked for')
    following.child.kill('SIGINT')
    const { code, stderr } = await following.ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/^No longer followed; the load goes on\. See how it went: npx handover loads \S+\n$/)

    const again = begin(['load', 'slow'], env)
    await again.said('is there already')
    const asked = await run(['load', 'slow', '--no-wait'], env)
    expect([asked.code, asked.stdout]).toEqual([0, expect.stringMatching(/^The load \S+ of slow is there already\. See how it goes: /)])
    await mkdir(join(server.folder, 'files'), { recursive: true })
    await writeFile(join(server.folder, 'files/open'), '')
    expect((await again.ended).code).toBe(0)
  })

  it('says which sources there are when there is none of that name', async () => {
    const { code, stdout, stderr } = await run(['load', 'nroth'], env)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^There is no source "nroth"\. There are: .*north.*\.\n$/)
  })
})

describe('handover sources', { timeout: 60_000 }, () => {
  it('lists every source with its state in words', async () => {
    const { code, stdout } = await run(['sources'], env)
    const lines = stdout.trimEnd().split('\n')
    expect(code).toBe(0)
    expect(lines[0]).toMatch(/^SOURCE +STATE +SCHEDULE +LAST LOAD +NEXT LOAD +ROWS +SET ASIDE$/)
    expect(lines.find((line) => line.startsWith('north'))).toMatch(/^north +on time +Only when somebody asks for it +.+ +– +30 +0$/)
    expect(lines.find((line) => line.startsWith('stuck'))).toMatch(/^stuck +failed /)
  })

  it('shows one source with its datasets, as text and as JSON', async () => {
    const { stdout } = await run(['sources', 'north'], env)
    expect(stdout).toMatch(/^The north \(north\): on time\n/)
    expect(stdout).toMatch(/\n {2}Connector {2}gate\n/)
    expect(stdout).toMatch(/\nvisits +30 +0 .+ replace +id +north__visits\n$/)
    const answer = JSON.parse((await run(['sources', 'north', '--json'], env)).stdout) as unknown
    expect(answer).toMatchObject({ slug: 'north', state: 'ON_TIME', datasets: [{ name: 'visits', rows: 30 }] })
    expect((await run(['sources', 'nope'], env)).code).toBe(2)
  })
})

describe('handover loads', { timeout: 60_000 }, () => {
  it('lists loads, newest first, and says how many there are besides', async () => {
    await run(['load', 'north'], env)
    const { code, stdout } = await run(['loads', '--source', 'north', '--first', '1'], env)
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^LOAD +SOURCE +STATE +ASKED FOR +TOOK +RECORDS +WHY\n\S{36} +north +succeeded .+ somebody asked\n\n1 of \d+ loads\. More with --first\.\n$/,
    )
    const { nodes, totalCount } = JSON.parse((await run(['loads', '--json'], env)).stdout) as { nodes: unknown[]; totalCount: number }
    expect(nodes).toHaveLength(totalCount)
  })

  it('shows one load with balance and log', async () => {
    const { nodes } = JSON.parse((await run(['loads', '--source', 'stuck', '--json'], env)).stdout) as { nodes: { id: string }[] }
    const { code, stdout } = await run(['loads', nodes[0]!.id], env)
    expect(code).toBe(0)
    expect(stdout).toMatch(/\n {2}Code +SOURCE_FAILED\n {2}Detail +HTTP 503 from gate 4\n/)
    expect(stdout).toContain('30 read = ')
    expect(stdout).toMatch(/\n {2}Log\n {4}\d\d:\d\d:\d\d info {2}Started /)
    expect(await run(['loads', 'nope'], env)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'There is no load "nope". List them with: npx handover loads\n',
    })
  })

  it('lists only loads in the states that are asked for', async () => {
    const { code, stdout } = await run(['loads', '--state', 'failed,held', '--json'], env)
    expect(code).toBe(0)
    const { nodes } = JSON.parse(stdout) as { nodes: { state: string; sourceSlug: string }[] }
    expect(new Set(nodes.map(({ state, sourceSlug }) => `${sourceSlug} ${state}`))).toEqual(new Set(['stuck FAILED', 'short HELD']))
  })

  it.each([
    [['--first', '0'], '--first is "0"; it must be a whole number from 1 to 1000.'],
    [['--state', 'broken'], 'There is no state "broken". The states are queued, running, succeeded, failed, cancelled, held.'],
    [['some-id', '--first', '3'], '--source, --state and --first are for the list. Leave them out, or leave the id out.'],
  ])('refuses %s', async (words, sentence) => {
    expect(await run(['loads', ...words], env)).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` })
  })
})

describe('a server that cannot be asked', { timeout: 60_000 }, () => {
  it('because none runs there takes one sentence and ends with 2', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await new Promise((settle) => gone.once('listening', settle))
    const { port } = gone.address() as { port: number }
    await new Promise((settle) => gone.close(settle))
    for (const words of [['sources'], ['load', 'north'], ['loads']]) {
      const { code, stdout, stderr } = await run(words, { HANDOVER_PORT: String(port) })
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toBe(
        `No Handover runs at http://localhost:${port}. Start it with "npm start", or say in HANDOVER_URL or HANDOVER_PORT where it runs.\n`,
      )
    }
  })

  it('because something else answers takes one sentence and ends with 2', async () => {
    const other = createServer((_, response) => response.end('<h1>Hello</h1>')).listen(0, '127.0.0.1')
    await new Promise((settle) => other.once('listening', settle))
    const { port } = other.address() as { port: number }
    const { code, stderr } = await run(['sources'], { HANDOVER_URL: `http://127.0.0.1:${port}/` })
    other.close()
    expect([code, stderr]).toEqual([
      2,
      `What answers at http://127.0.0.1:${port} is not Handover (HTTP 200). Mend HANDOVER_URL or HANDOVER_PORT.\n`,
    ])
  })

  it('because of a wrong setting says which, and never repeats a password', async () => {
    const { code, stderr } = await run(['sources'], { HANDOVER_URL: 'http://me:topsecret@127.0.0.1:3000' })
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^HANDOVER_URL must be an address like /)])
    expect(stderr).not.toContain('topsecret')
    expect((await run(['sources'], { HANDOVER_ULR: server.url })).stderr).toBe(
      'There is no setting HANDOVER_ULR. Did you mean HANDOVER_URL?\n',
    )
  })
})
