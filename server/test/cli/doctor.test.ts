import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../src/shared/check.ts'
import { startServer } from '../api/server.ts'
import { run } from './command-line.ts'

const connectors = fileURLToPath(new URL('connectors', import.meta.url))
const PASSWORD = 'topsecret'

let folder: string
let env: Record<string, string>
const servers: Server[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handover-doctor-'))
  env = { HANDOVER_DATA: join(folder, 'data'), HANDOVER_CONNECTORS: connectors, HANDOVER_PORT: String(await closedPort()) }
})
afterEach(async () => {
  for (const server of servers.splice(0)) server.close()
  await rm(folder, { recursive: true, force: true })
})

async function portOf(server: Server): Promise<number> {
  servers.push(server)
  await new Promise((settle) => server.listen(0, '127.0.0.1', () => settle(undefined)))
  return (server.address() as AddressInfo).port
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer()
  const port = await portOf(server)
  await new Promise((settle) => server.close(settle))
  return port
}

async function checks(more: Readonly<Record<string, string>> = {}): Promise<{ code: number | null; checks: Check[] }> {
  const { code, stdout, stderr } = await run(['doctor', '--json'], { ...env, ...more })
  expect(stderr).toBe('')
  expect(stdout).not.toContain(PASSWORD)
  return { code, checks: JSON.parse(stdout) as Check[] }
}

const named = (list: readonly Check[], name: string) => list.filter((check) => check.name === name)

describe('handover doctor', { timeout: 60_000 }, () => {
  it('finds nothing wrong before the first start, and makes nothing', async () => {
    const { code, stdout, stderr } = await run(['doctor'], env)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^ok {7}Node +Node \d+\.\d+\.\d+ runs Handover\.\nok {7}settings /)
    expect(stdout).toContain(`${env['HANDOVER_DATA']} is not there yet; it is made at the first start.`)
    expect(stdout).toMatch(/\nwarning {2}server +No Handover runs at /)
    expect(stdout).toMatch(/\n\n1 warning\. Handover works\.\n$/)
    await expect(mkdir(env['HANDOVER_DATA']!)).resolves.toBeUndefined()
  })

  it('finds all well beside a running server', async () => {
    await using server = await startServer()
    const DATABASE_URL = ''
    const { code, checks: found } = await checks({ DATABASE_URL, HANDOVER_DATA: server.folder, HANDOVER_URL: server.url })
    expect(found.filter(({ state }) => state !== 'ok')).toEqual([])
    expect(code).toBe(0)
    expect(named(found, 'tables')).toMatchObject([{ message: 'The tables are as this version needs them.' }])
    expect(named(found, 'server')).toMatchObject([{ message: `Handover runs at ${server.url} and is ready.`, todo: null }])
  })

  it('says every setting at fault', async () => {
    const { code, checks: found } = await checks({ HANDOVER_LOG: 'loud', HANDOVER_PROT: '1' })
    expect(code).toBe(1)
    expect(named(found, 'settings')).toEqual([
      { name: 'settings', state: 'fault', message: 'There is no setting HANDOVER_PROT.', todo: 'Did you mean HANDOVER_PORT?' },
      expect.objectContaining({ state: 'fault', message: expect.stringContaining('HANDOVER_LOG is "loud"') as string }),
    ])
  })

  it('says when what the tables point at is not here: raw files, the key, connectors', async () => {
    await using server = await startServer({ DATABASE_URL: '' })
    await server.shelf('books', { token: 'Tulpan-9-groda' })
    const place = { DATABASE_URL: '', HANDOVER_DATA: server.folder, HANDOVER_URL: server.url }
    const shelf = { HANDOVER_CONNECTORS: fileURLToPath(new URL('../api/connectors', import.meta.url)) }
    const { checks: well } = await checks({ ...place, ...shelf })
    expect(well.filter(({ state }) => state !== 'ok')).toEqual([])
    expect(named(well, 'key')).toMatchObject([{ message: 'The key opens the passwords and tokens of 1 source.' }])
    await rename(join(server.folder, 'lake'), join(server.folder, 'elsewhere'))
    await writeFile(join(server.folder, 'secret.key'), 'ab'.repeat(32))
    const { code, checks: found } = await checks(place)
    expect(code).toBe(1)
    expect(named(found, 'lake')).toMatchObject([{ state: 'fault', message: expect.stringContaining('None of the newest raw files is in') }])
    expect(named(found, 'key')).toMatchObject([{ state: 'fault', message: expect.stringContaining('tokens of books.') }])
    expect(named(found, 'sources')).toMatchObject([
      { state: 'warning', message: expect.stringContaining('books (shelf): it does not load') },
    ])
    await rm(join(server.folder, 'secret.key'))
    const { checks: none } = await checks({ ...place, ...shelf })
    expect(named(none, 'stored')).toMatchObject([{ state: 'fault', message: expect.stringContaining('secret.key is missing') }])
  })

  it('names a connector that cannot be used, and the others', async () => {
    await mkdir(join(folder, 'connectors/broken'), { recursive: true })
    await writeFile(join(folder, 'connectors/broken/index.ts'), 'export default {\n  name: \n}\n')
    const { code, checks: found } = await checks({ HANDOVER_CONNECTORS: `${connectors},${join(folder, 'connectors')}` })
    expect(code).toBe(1)
    expect(named(found, 'connectors')).toMatchObject([
      { state: 'ok', message: '1 connector can be used: gate.' },
      { state: 'fault', message: expect.stringContaining('The connector broken cannot be used (broken/index.ts') as string },
    ])
    expect(named((await checks({ HANDOVER_CONNECTORS: join(folder, 'none') })).checks, 'connectors')).toMatchObject([{ state: 'fault' }])
  })

  it.each(['file', 'file/data'])('says that the data folder cannot be written when it is %s', async (place) => {
    await writeFile(join(folder, 'file'), '')
    const { code, checks: found } = await checks({ HANDOVER_DATA: join(folder, place) })
    expect(code).toBe(1)
    expect(named(found, 'data folder')).toMatchObject([{ state: 'fault', todo: expect.stringContaining('HANDOVER_DATA') as string }])
  })

  it('says that the file of the database is none', async () => {
    await mkdir(join(folder, 'data'))
    await writeFile(join(folder, 'data/handover.db'), 'This is no database.'.repeat(100))
    const { code, checks: found } = await checks()
    expect(code).toBe(1)
    expect(named(found, 'database')).toMatchObject([
      { state: 'fault', message: expect.stringContaining('cannot open its database') as string },
    ])
  })

  it('does not look for the address of a worker, which has none', async () => {
    const DATABASE_URL = `mysql://me@127.0.0.1:${await closedPort()}/x`
    const { checks: found } = await checks({ HANDOVER_ROLE: 'worker', DATABASE_URL })
    expect(named(found, 'server')).toMatchObject([{ state: 'ok' }])
  })

  it('says that something else answers where the server should', async () => {
    const port = await portOf(createHttpServer((_, response) => response.end('hello')))
    const { code, checks: found } = await checks({ HANDOVER_PORT: String(port) })
    expect(code).toBe(1)
    expect(named(found, 'server')).toMatchObject([
      { state: 'fault', message: `What answers at http://localhost:${port} is not Handover (HTTP 200).` },
    ])
  })
})

const addressOf = (scheme: string, port: number) => `${scheme}://me:${PASSWORD}@127.0.0.1:${port}/handover`

describe('handover doctor, about a database that cannot be reached', { timeout: 60_000 }, () => {
  it.each<[string, () => Server | null, string, string]>([
    ['because nobody listens', () => null, 'No database answers at', 'Nothing answers at'],
    ['because the port is that of a web site', () => createHttpServer(), 'did not answer in time', 'hangs up'],
    ['because nothing is said', () => createServer(), 'did not answer in time', 'does not answer'],
    ['because it hangs up', () => createServer((socket) => socket.end()), 'closed the connection at once', 'hangs up'],
    [
      'because another language is spoken',
      () => createServer((socket) => socket.on('error', () => undefined).write(Buffer.from('\u000a\u0000\u0000\u0000\u000a123456789'))),
      'does not speak the language of MySQL',
      'MONGODB_URL',
    ],
  ])('%s, takes a sentence each and shows no password', async (_, serve, mysql, mongo) => {
    const server = serve()
    const port = server === null ? await closedPort() : await portOf(server)
    const { code, checks: found } = await checks({ DATABASE_URL: addressOf('mysql', port), MONGODB_URL: addressOf('mongodb', port) })
    expect(code).toBe(1)
    expect(named(found, 'database')).toEqual([
      expect.objectContaining({ state: 'fault', message: expect.stringContaining(mysql) as string }),
    ])
    expect(named(found, 'MongoDB')).toEqual([expect.objectContaining({ state: 'fault' })])
    expect(JSON.stringify(named(found, 'MongoDB'))).toContain(mongo)
  })

  it.each([
    ['postgres://me:topsecret@db/x', 'topsecret@db:27017'],
    ['mysql://me:topsecret@db', 'mongodb://me:topsecret@db:no/x'],
    ['mysql://me:to@top/topsecret@db/x', 'mongodb://me:to@top/topsecret@db/x'],
    ['mysql://me:topsecret%zz@db/x', 'mongodb://me:topsecret%zz@db/x'],
    ['mysql://me:topsecret@db/x?password=topsecret', 'mongodb://me:topsecret@127.0.0.1:1/x?nothing=topsecret'],
    ['mysql://me:topsecret@no-such-host.invalid/x', 'mongodb://me:topsecret@no-such-host.invalid/x'],
    ['mysql://:topsecret@/x', 'mongodb://:topsecret@/x'],
    ['mysql://me:12?topsecret@db/x', 'mongodb://me:12?topsecret@db/x'],
    ['mysql://me:12#topsecret@db/x', 'mongodb://me:12#topsecret@db/x'],
  ])('shows nothing of the passwords in %s and %s', async (DATABASE_URL, MONGODB_URL) => {
    const { code, stdout, stderr } = await run(['doctor'], { ...env, DATABASE_URL, MONGODB_URL })
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).not.toContain(PASSWORD)
    expect(stdout).toMatch(/\nfault +(settings|database) /)
  })
})
