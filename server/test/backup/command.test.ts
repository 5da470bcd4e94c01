import { existsSync, statSync } from 'node:fs'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { begin, run, type Running } from '../cli/command-line.ts'
import { ROOT } from '../../src/app/config.ts'
import { startServer, type TestServer } from '../api/server.ts'
import { archiveOf, contents, emptyPlace, type Place } from './places.ts'

const connectors = fileURLToPath(new URL('../api/connectors', import.meta.url))
const envOf = ({ dataFolder, databaseUrl }: Place) => ({
  ...{ HANDOVER_DATA: dataFolder, HANDOVER_CONNECTORS: connectors, HANDOVER_PORT: '0' },
  DATABASE_URL: databaseUrl ?? '',
})
const question =
  '{ sources { slug title nextLoadAt lastSuccess { id finishedAt } datasets { name rows } } loads { nodes { id state records } } }'

it('carries a server elsewhere while it runs: sources, rows, history and planned times', { timeout: 60_000 }, async () => {
  await using place = await emptyPlace()
  await using target = await emptyPlace('embedded')
  const file = archiveOf(target)
  let before: unknown
  {
    await using server = await startServer(envOf(place))
    await server.shelf('books', { token: 'Tulpan-9-groda' })
    const every = 'mutation { updateSource(slug: "books", input: { schedule: { every: 36000 } }) { slug } }'
    expect((await server.ask(every)).errors).toBeUndefined()
    before = (await server.ask(question)).data
    expect(before).toMatchObject({
      sources: [{ slug: 'books', nextLoadAt: expect.any(String), datasets: [{ rows: 10 }] }],
      loads: { nodes: [{ records: 10 }] },
    })
    const made = await run(['backup', file, '--with-key', '--json'], envOf(place))
    expect([made.stderr, made.code]).toEqual(['', 0])
    expect(JSON.parse(made.stdout)).toMatchObject({ file, missing: 0 })
    const twice = await run(['backup', file], envOf(place))
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('is there already')])
  }
  const checked = await run(['restore', file, '--check'], envOf(target))
  expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('The archive is whole.')])
  const restored = await run(['restore', file], envOf(target))
  expect([restored.stderr, restored.code]).toEqual(['', 0])
  expect(restored.stdout).toContain('Start Handover: loads go on from where they were then.')
  await using server = await startServer(envOf(target))
  expect((await server.ask(question)).data).toEqual(before)
})

it('takes own files along so that their source does not read them again', { timeout: 60_000 }, async () => {
  await using place = await emptyPlace()
  await using target = await emptyPlace('embedded')
  const own = { HANDOVER_CONNECTORS: join(ROOT, 'connectors') }
  const read = async (server: TestServer) => {
    await server.ask('mutation { loadNow(source: "shop") { id } }')
    await server.handover.loads.idle()
    const { loads } = (await server.ask('{ loads(source: "shop", first: 1) { nodes { state records } } }')).data
    return loads.nodes[0]
  }
  const file = archiveOf(target)
  {
    await mkdir(join(place.dataFolder, 'files/shop'), { recursive: true })
    await writeFile(join(place.dataFolder, 'files/shop/orders.csv'), 'id,name\n1,a\n2,b\n')
    await using server = await startServer({ ...envOf(place), ...own })
    const input = { slug: 'shop', title: 'Shop', connector: 'files', config: { folder: 'shop', key: 'id' } }
    expect(
      (await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })).errors,
    ).toBeUndefined()
    await server.handover.loads.idle()
    expect(await read(server)).toEqual({ state: 'SUCCEEDED', records: 0 })
    expect(await run(['backup', file, '--with-files'], { ...envOf(place), ...own })).toMatchObject({ code: 0, stderr: '' })
  }
  expect(await run(['restore', file], envOf(target))).toMatchObject({ code: 0, stderr: '' })
  await using server = await startServer({ ...envOf(target), ...own })
  expect(await read(server)).toEqual({ state: 'SUCCEEDED', records: 0 })
})

it('goes through a pipe, and says its words beside it', { timeout: 60_000 }, async () => {
  await using place = await emptyPlace()
  await using target = await emptyPlace('embedded')
  {
    await using server = await startServer(envOf(place))
    await server.shelf('books')
  }
  const restoring = begin(['restore', '-'], envOf(target))
  const making = begin(['backup', '-'], envOf(place))
  making.child.stdout!.pipe(restoring.child.stdin!)
  expect(await making.ended).toMatchObject({ code: 0, stderr: expect.stringContaining('The backup holds') })
  expect(await restoring.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Restored: ') })
})

it('leaves nothing that looks whole when it is killed or cannot write', { timeout: 90_000 }, async () => {
  await using place = await emptyPlace()
  {
    await using server = await startServer(envOf(place))
    await server.shelf('books')
  }
  const big = await bigFile(place)
  const file = archiveOf(place)
  await killedWhen(begin(['backup', file, '--with-key', '--with-files'], envOf(place)), () => sizeOf(`${file}.part`) > 1_000_000)
  expect(existsSync(file)).toBe(false)
  expect(await run(['restore', `${file}.part`, '--check'], envOf(place))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('damaged'),
  })
  expect(await run(['backup', file, '--with-key', '--with-files'], envOf(place))).toMatchObject({ code: 0, stderr: '' })
  await using blocked = await emptyPlace('embedded')
  await writeFile(join(blocked.dataFolder, 'lake'), 'a file where the folder would be')
  const stopped = await run(['restore', file], envOf(blocked))
  expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringMatching(/^[^\n]*lake[^\n]* What is there is not whole: run .*\.\n$/)])
  await using target = await emptyPlace()
  const half = join(target.dataFolder, 'files', big)
  await killedWhen(begin(['restore', file], envOf(target)), () => sizeOf(half) > 1_000_000)
  const refused = await run(['backup', archiveOf(target)], envOf(target))
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('A restore into this database was cut off')])
  await expect(startServer(envOf(target))).rejects.toThrow('A restore into this database was cut off')
  expect(await run(['restore', file], envOf(target))).toMatchObject({ code: 0, stderr: '' })
  const again = archiveOf(target)
  expect(await run(['backup', again, '--with-key', '--with-files'], envOf(target))).toMatchObject({ code: 0, stderr: '' })
  expect(await contents(again)).toEqual(await contents(file))
  const nowhere = await run(['backup', join(place.dataFolder, 'none/backup.tar')], envOf(place))
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('cannot be written (ENOENT)')])
  const nothing = await run(['backup'], { HANDOVER_DATA: join(place.dataFolder, 'other') })
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('There is nothing in')])
  const none = await run(['restore', join(place.dataFolder, 'none.tar')], { HANDOVER_DATA: join(place.dataFolder, 'other') })
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('cannot be read (ENOENT)')])
})

it('does not call it a backup when whatever takes it ends early', { timeout: 60_000 }, async () => {
  await using place = await emptyPlace()
  {
    await using server = await startServer(envOf(place))
    await server.shelf('books')
  }
  await bigFile(place)
  const making = begin(['backup', '-', '--with-files'], envOf(place))
  making.child.stdout!.once('data', () => making.child.stdout!.destroy())
  expect(await making.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('ended before it had all of it') })
})

/** Puts a file among the own ones that takes a while to copy; gives its name. */
async function bigFile({ dataFolder }: Place): Promise<string> {
  await mkdir(join(dataFolder, 'files'), { recursive: true })
  await writeFile(join(dataFolder, 'files/big.bin'), '')
  await truncate(join(dataFolder, 'files/big.bin'), 100_000_000)
  return 'big.bin'
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** Kills a command as soon as something has come true, which must be before it ends. */
async function killedWhen({ child, ended }: Running, isTrue: () => boolean): Promise<void> {
  while (!isTrue() && child.exitCode === null) await setImmediate()
  child.kill('SIGKILL')
  expect((await ended).code).toBe(null)
}
