import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { begin, run } from '../cli/command-line.ts'
import { startServer } from '../api/server.ts'
import { archiveOf, emptyPlace, type Place } from './places.ts'

const connectors = fileURLToPath(new URL('../api/connectors', import.meta.url))
const envOf = ({ dataFolder, databaseUrl }: Place) => ({
  ...{ HANDOVER_DATA: dataFolder, HANDOVER_CONNECTORS: connectors, HANDOVER_PORT: '0' },
  ...(databaseUrl && { DATABASE_URL: databaseUrl }),
})
const question =
  '{ sources { slug title nextLoadAt lastSuccess { id finishedAt } datasets { name rowCount } } loads { nodes { id state records } } }'

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

it('leaves nothing that looks whole when it is killed or cannot write', { timeout: 60_000 }, async () => {
  await using place = await emptyPlace()
  {
    await using server = await startServer(envOf(place))
    await server.shelf('books')
  }
  const killed = begin(['backup', archiveOf(place)], envOf(place))
  killed.child.kill('SIGKILL')
  await killed.ended
  expect((await readdir(place.dataFolder)).includes('backup.tar')).toBe(false)
  expect(await run(['backup', archiveOf(place)], envOf(place))).toMatchObject({ code: 0, stderr: '' })
  const nowhere = await run(['backup', join(place.dataFolder, 'none/backup.tar')], envOf(place))
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('cannot be written (ENOENT)')])
  const nothing = await run(['backup'], { HANDOVER_DATA: join(place.dataFolder, 'other') })
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('There is nothing in')])
  const none = await run(['restore', join(place.dataFolder, 'none.tar')], { HANDOVER_DATA: join(place.dataFolder, 'other') })
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('cannot be read (ENOENT)')])
})
