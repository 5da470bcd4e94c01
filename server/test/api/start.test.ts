import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../../dist/app/main.js', import.meta.url))
const connectors = fileURLToPath(new URL('connectors', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handover-start-'))
  await writeFile(join(folder, 'first-start-done'), '') // no example sources: their connectors are not among those of the tests
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** The built server as its own process; `npm test` builds it before. */
function start(env: Record<string, string> = {}) {
  const settings = { HANDOVER_PORT: '0', HANDOVER_DATA: folder, HANDOVER_CONNECTORS: connectors }
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], ...settings, ...env } })
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', (data: Buffer) => (stderr += String(data)))
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      stdout += String(data)
      if (stdout.includes('Ctrl-C')) resolve(stdout)
    })
    child.once('exit', () => reject(new Error(`It ended before it was ready: ${stderr}`)))
  })
  ready.catch(() => undefined) // a start that is to fail is looked at through `ended`
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, ready, ended }
}

describe('the server', { timeout: 60_000 }, () => {
  it('says in five lines what runs, where, and how to stop it, and stops without a word', async () => {
    const { child, ready, ended } = start()
    const lines = (await ready).trim().split('\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]).toMatch(/^Handover is running: /)
    expect(lines[1]).toMatch(/^ {2}Dashboard {2}http:\/\/localhost:\d+$/)
    expect(lines[3]).toContain(folder)
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect([code, stderr]).toEqual([0, ''])
  })

  it('keeps what it has through a kill', async () => {
    const first = start()
    const url = /http:\/\/localhost:\d+/.exec(await first.ready)![0]
    const ask = async (at: string, query: string) => {
      const response = await fetch(`${at}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      return (await response.json()) as { data: unknown }
    }
    await ask(url, 'mutation { createSource(input: { slug: "shop", title: "Shop", connector: "shelf", config: {} }) { slug } }')
    first.child.kill('SIGKILL')
    await first.ended
    const second = start()
    const again = /http:\/\/localhost:\d+/.exec(await second.ready)![0]
    expect((await ask(again, '{ sources { slug } shop { items { pageInfo { hasNextPage } } } }')).data).toMatchObject({
      sources: [{ slug: 'shop' }],
    })
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
  })
})

describe('a start that cannot be', { timeout: 60_000 }, () => {
  it('because the port is taken says so in one line', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const { code, stdout, stderr } = await start({ HANDOVER_PORT: String(port) }).ended
    taken.close()
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(new RegExp(`^Port ${port} is already taken.*HANDOVER_PORT=${port + 1} npm start\n$`))
  })

  it('because another server works on the same data says so in one line', async () => {
    const first = start()
    await first.ready
    const { code, stderr } = await start().ended
    first.child.kill('SIGTERM')
    await first.ended
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1])
    expect(stderr).toContain('Another Handover is already running')
  })

  it('because the data folder cannot be written says so in one line', async () => {
    await writeFile(join(folder, 'file'), '')
    const { code, stderr } = await start({ HANDOVER_DATA: join(folder, 'file/data') }).ended
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1])
    expect(stderr).toContain('cannot write to its data folder')
  })

  it('because of a typo in a setting says so in one line', async () => {
    const { code, stderr } = await start({ HANDOVER_PROT: '8080' }).ended
    expect([code, stderr]).toEqual([2, 'There is no setting HANDOVER_PROT. Did you mean HANDOVER_PORT?\n'])
  })

  it('because there is no such connector folder says so in one line', async () => {
    const { code, stderr } = await start({ HANDOVER_CONNECTORS: join(folder, 'none') }).ended
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1])
  })
})
