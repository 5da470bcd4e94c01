import { createWriteStream } from 'node:fs'
import { appendFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { openPlatformDatabase, openTables } from '../../src/app/platform-database.ts'
import { readArchive } from '../../src/backup/backup.service.ts'
import { LakePart } from '../../src/lake/lake.service.ts'
import { migrations } from '../../src/migrations/index.ts'
import { onMysql } from '../../src/warehouse/testing/databases.ts'
import { gate } from '../loads/listed.ts'
import { TestLoads } from '../loads/test-loads.ts'
import { everything, thing, type Source } from './everything.ts'
import { archiveOf, backUp, contents, emptyPlace, restore, type Place } from './places.ts'

const placeOf = (test: TestLoads, url: string | null): Place => ({ dataFolder: test.folder, databaseUrl: url })
const urlOf = (test: TestLoads): string | null =>
  onMysql ? `${process.env['TEST_MYSQL_URL']!.replace(/\/$/, '')}/${test.db.facts.name && databaseOf(test)}` : null
const databaseOf = (test: TestLoads): string => (test.db.write.options as { database: string }).database

/** A source of 1,000 numbers that has been loaded once. */
async function loaded(source: Source): Promise<TestLoads> {
  const test = await TestLoads.open({ connectors: [everything(source)] })
  await test.firstLoad('everything', { token: 'Tulpan-9-groda' })
  return test
}

const there = async (test: TestLoads) => {
  const source = await test.sources.get('everything')
  return {
    source,
    things: await test.rows(source, 'things'),
    events: await test.rows(source, 'events'),
    list: await test.rows(source, 'list'),
  }
}

it('comes back as it was, through every kind of database, and the next load goes on where it was', { timeout: 90_000 }, async () => {
  const source: Source = { last: 1000, asked: [], gate: null }
  await using first = await loaded(source)
  const before = await there(first)
  expect(before.things).toHaveLength(1000)
  const one = archiveOf(placeOf(first, null))
  const counts = await backUp(placeOf(first, urlOf(first)), one, { withKey: true })
  expect(counts).toMatchObject({
    rows: { everything__things: 1000, everything__events: 990 },
    pictures: 20,
    missing: 0,
    key: { inside: true },
  })

  await using between = await emptyPlace('embedded')
  await restore(one, between)
  const two = archiveOf(between)
  await backUp(between, two, { withKey: true })
  expect(await contents(two)).toEqual(await contents(one))

  await using last = await emptyPlace()
  await restore(two, last)
  const three = archiveOf(last)
  await backUp(last, three, { withKey: true })
  expect(await contents(three)).toEqual(await contents(one))

  source.last = 1300
  source.asked.length = 0
  await using test = await TestLoads.open({
    connectors: [everything(source)],
    folder: last.dataFolder,
    ...(last.databaseUrl && { url: last.databaseUrl }),
  })
  const after = await there(test)
  expect([after.things, after.events, after.list]).toEqual([before.things, before.events, before.list])
  expect(test.sources.configOf(after.source)).toEqual({ token: 'Tulpan-9-groda' })
  await test.loads.start()
  const load = await test.load(after.source)
  expect([load.state, source.asked]).toEqual(['succeeded', [1000, 1100, 1200]])
  expect((await there(test)).things.map(({ number }) => number)).toEqual(Array.from({ length: 1300 }, (_, number) => number))
  // Ids go on: a new part has no number that an old row points at.
  const parts: { id: number }[] = await test.db.read.query('SELECT id FROM handover_lake_part ORDER BY id')
  expect(new Set(parts.map(({ id }) => id)).size).toBe(parts.length)
  expect((await test.lake.record(parts[0]!.id, 3)).text).toContain('"number":3')
})

it('is of one moment while a load runs, and the load goes on from it elsewhere', { timeout: 60_000 }, async () => {
  const [held, reached] = [gate(), gate()]
  const source: Source = { last: 600, asked: [], gate: { at: 300, opened: held.opened, reached: reached.open } }
  await using first = await TestLoads.open({ connectors: [everything(source)] })
  await first.source('everything', { token: 'Tulpan-9-groda' })
  await first.loads.start()
  await reached.opened
  const file = archiveOf(placeOf(first, null))
  await backUp(placeOf(first, urlOf(first)), file, { withKey: true })
  held.open()
  await first.loads.idle()
  const whole = await there(first)

  await using place = await emptyPlace()
  await restore(file, place)
  source.gate = null
  source.asked.length = 0
  await using test = await TestLoads.open({
    connectors: [everything(source)],
    folder: place.dataFolder,
    ...(place.databaseUrl && { url: place.databaseUrl }),
  })
  await test.leasesRunOut()
  await test.loads.start()
  await test.loads.idle()
  expect(source.asked).toEqual([300, 400, 500])
  const { things, events, list } = await there(test)
  expect([things, events, list]).toEqual([whole.things, whole.events, whole.list])
})

it('holds columns that nobody declares any more, and texts that are longer than is allowed by now', async () => {
  const source: Source = { last: 100, asked: [], gate: null }
  await using first = await loaded(source)
  const dataset = `everything__things`
  const [{ shape }] = await first.db.write.query('SELECT shape FROM handover_dataset WHERE table_name = ?', [dataset])
  const declared = JSON.parse(shape) as { columns: { name: string; max: number | null }[] }
  const columns = declared.columns.filter(({ name }) => name !== 'big').map((each) => (each.name === 'name' ? { ...each, max: 5 } : each))
  await first.db.write.query('UPDATE handover_dataset SET shape = ? WHERE table_name = ?', [
    JSON.stringify({ ...declared, columns }),
    dataset,
  ])
  const file = archiveOf(placeOf(first, null))
  await backUp(placeOf(first, urlOf(first)), file)
  await using place = await emptyPlace()
  await restore(file, place)
  const db = await openTables(place, { readOnly: true })
  const rows: { number: number; big: unknown; name: string }[] = await db.read.query(
    `SELECT number, big, name FROM ${dataset} ORDER BY number`,
  )
  expect(rows.map(({ big, name }) => [String(big), name])).toEqual(
    Array.from({ length: 100 }, (_, number) => [thing(number)['big'], thing(number)['name']]),
  )
  await db.close()
})

it('writes over nothing', async () => {
  const source: Source = { last: 100, asked: [], gate: null }
  await using first = await loaded(source)
  const place = placeOf(first, urlOf(first))
  const file = archiveOf(place)
  await backUp(place, file, { withKey: true })
  await first.stop()
  await expect(restore(file, place)).rejects.toThrow('The database holds sources or loads already')
  await using other = await emptyPlace()
  await mkdir(join(other.dataFolder, 'lake/old'), { recursive: true })
  await expect(restore(file, other)).rejects.toThrow('holds raw files already')
  await using third = await emptyPlace()
  await writeFile(join(third.dataFolder, 'secret.key'), `${'ab'.repeat(32)}\n`)
  await expect(restore(file, third)).rejects.toThrow('not the one that sealed the secrets')
})

it('begins anew when it was cut off, and no server starts on half of it', { timeout: 60_000 }, async () => {
  const source: Source = { last: 300, asked: [], gate: null }
  await using first = await loaded(source)
  const place = placeOf(first, urlOf(first))
  const file = archiveOf(place)
  await backUp(place, file, { withKey: true })
  await using other = await emptyPlace()
  const cut = new Error('cut off')
  await expect(restore(file, other, { plan: () => Promise.reject(cut) })).rejects.toThrow(cut)
  await expect(openPlatformDatabase(other)).rejects.toThrow('Run "handover restore" with the same archive again')
  await restore(file, other)
  const again = archiveOf(other)
  await backUp(other, again, { withKey: true })
  expect(await contents(again)).toEqual(await contents(file))
  await (await openPlatformDatabase(other)).close()
})

/** A change of tables that a newer version would bring. */
class Next9999999999999 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query('ALTER TABLE handover_source ADD COLUMN colour VARCHAR(20)')
  }
  async down(): Promise<void> {}
}

it('of an older version is brought up to date; of a newer one it is refused', async () => {
  const source: Source = { last: 100, asked: [], gate: null }
  await using first = await loaded(source)
  const place = placeOf(first, urlOf(first))
  const file = archiveOf(place)
  await backUp(place, file)
  await using newer = await emptyPlace()
  await restore(file, newer, { migrations: [...migrations, Next9999999999999] })
  const db = await openTables(newer, { readOnly: true })
  expect(await db.read.query('SELECT slug, colour FROM handover_source')).toEqual([{ slug: 'everything', colour: null }])
  await db.close()
  await using older = await emptyPlace()
  await expect(restore(file, older, { migrations: migrations.slice(0, -1) })).rejects.toThrow('newer than this one')
  await expect(backUp(newer, archiveOf(newer))).rejects.toThrow('not those of this version')
})

it('of an older version goes where a newer one was started once, and begins anew when its last step was cut off', async () => {
  const source: Source = { last: 100, asked: [], gate: null }
  await using first = await loaded(source)
  const place = placeOf(first, urlOf(first))
  const file = archiveOf(place)
  await backUp(place, file)
  const newest = [...migrations, Next9999999999999]
  await using other = await emptyPlace()
  await (await openTables(other, { migrations: newest })).close()
  let opened = 0
  const cut = new Error('cut off')
  const open = async (some: typeof newest) => {
    const db = await openTables(other, { migrations: some })
    // The first looks whether there is room, the second fills, the third brings up to date.
    if (++opened === 3) throw await db.close().then(() => cut)
    return db
  }
  await expect(restore(file, other, { migrations: newest, open: open as never })).rejects.toThrow(cut)
  await restore(file, other, { migrations: newest })
  const db = await openTables(other, { readOnly: true })
  expect(await db.read.query('SELECT slug, colour FROM handover_source')).toEqual([{ slug: 'everything', colour: null }])
  expect(await db.read.query('SELECT COUNT(*) AS count FROM everything__things')).toEqual([
    { count: expect.toSatisfy((n) => Number(n) === 100) },
  ])
  await db.close()
})

it('holds a raw file that is removed meanwhile as one that was removed', async () => {
  const source: Source = { last: 300, asked: [], gate: null }
  await using first = await loaded(source)
  const place = placeOf(first, urlOf(first))
  const file = archiveOf(place)
  const [part] = await first.db.read.manager.find(LakePart, { order: { id: 'ASC' }, take: 1 })
  const begun = gate()
  const disk = createWriteStream(file)
  // The moment has come when the first bytes do; nothing else is written until the file is gone.
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => (begun.open(), void removed.then(() => disk.write(chunk, done))),
    final: (done) => void disk.end(done),
    highWaterMark: 1,
  })
  const removed = begun.opened.then(() => first.lake.remove([part!]))
  expect(await backUp(place, file, { sink })).toMatchObject({ missing: 0 })
  await using other = await emptyPlace()
  await restore(file, other)
  const db = await openTables(other, { readOnly: true })
  const parts = await db.read.manager.find(LakePart, { order: { id: 'ASC' } })
  expect(parts.map(({ removedAt }) => removedAt !== null)).toEqual(parts.map((_, index) => index === 0))
  await db.close()
})

it('copies own files as they are, whatever they are called and whoever writes them meanwhile', async () => {
  const source: Source = { last: 100, asked: [], gate: null }
  await using first = await loaded(source)
  const place = placeOf(first, urlOf(first))
  const own = {
    'åäö/smörgås 😀.csv': 'a\n1\n',
    'empty.csv': '',
    [`${'d'.repeat(150)}/${'f'.repeat(200)}.csv`]: 'long',
    ...(sep === '/' && { '12:30\\31.csv': 'odd' }),
  }
  for (const [name, text] of Object.entries(own)) {
    await mkdir(dirname(join(first.folder, 'files', name)), { recursive: true })
    await writeFile(join(first.folder, 'files', name), text)
  }
  const [log, writing] = [join(first.folder, 'files/growing.log'), new AbortController()]
  await truncate(await writeFile(log, '').then(() => log), 20_000_000)
  const grown = (async () => {
    while (!writing.signal.aborted) await appendFile(log, 'x'.repeat(100_000))
  })()
  const file = archiveOf(place)
  expect(await backUp(place, file, { withFiles: true })).toMatchObject({ files: Object.keys(own).length + 1 })
  writing.abort()
  await grown
  await using other = await emptyPlace()
  await restore(file, other)
  for (const [name, text] of Object.entries(own)) {
    const [before, after] = [join(first.folder, 'files', name), join(other.dataFolder, 'files', name)]
    expect(await readFile(after, 'utf8')).toBe(text)
    expect(Math.round((await stat(after)).mtimeMs)).toBe(Math.round((await stat(before)).mtimeMs))
  }
})

it('is not made of nothing, nor of a half of something', async () => {
  await using place = await emptyPlace()
  if (onMysql) await expect(backUp(place, archiveOf(place))).rejects.toThrow('There is nothing in')
  await (await openTables(place, { migrations: [] })).close()
  await expect(backUp(place, archiveOf(place))).rejects.toThrow('There is nothing in')
  const source: Source = { last: 100, asked: [], gate: null }
  await using first = await loaded(source)
  const file = archiveOf(placeOf(first, null))
  await backUp(placeOf(first, urlOf(first)), file)
  await expect(restore(file, place, { plan: () => Promise.reject(new Error('cut off')) })).rejects.toThrow('cut off')
  await expect(backUp(place, archiveOf(place))).rejects.toThrow('A restore into this database was cut off')
})

it('that is damaged, cut off, or none is told apart before anything is changed', async () => {
  const source: Source = { last: 200, asked: [], gate: null }
  await using first = await loaded(source)
  const place = placeOf(first, urlOf(first))
  const file = archiveOf(place)
  await backUp(place, file)
  const bytes = await readFile(file)
  await using other = await emptyPlace()
  const bad = archiveOf(other)
  const tries: [Buffer, string][] = [
    ...[0.02, 0.3, 0.6, 0.95].map((share): [Buffer, string] => [flipped(bytes, Math.floor(bytes.length * share)), '']),
    ...[0.3, 0.9].map((share): [Buffer, string] => [bytes.subarray(0, Math.floor(bytes.length * share)), 'damaged or was cut off']),
    [bytes.subarray(0, bytes.length - 3000), 'damaged or was cut off'],
    [Buffer.from('no archive at all'), 'is no backup of Handover'],
    [Buffer.alloc(0), 'is no backup of Handover'],
    [Buffer.alloc(20_000), 'is no backup of Handover'],
  ]
  for (const [content, words] of tries) {
    await writeFile(bad, content)
    await expect(restore(bad, other)).rejects.toThrow(words)
    await expect(restore(bad, other)).rejects.toMatchObject({ code: 'BACKUP_REFUSED' })
  }
  await expect(restore(join(other.dataFolder, 'nothing.tar'), other)).rejects.toThrow('cannot be read (ENOENT)')
  expect((await readdir(other.dataFolder)).filter((name) => !name.startsWith('backup') && !name.startsWith('lock'))).toEqual([])
})

it('says what is missing in the lake, and holds the rest', async () => {
  const source: Source = { last: 200, asked: [], gate: null }
  await using first = await loaded(source)
  const place = placeOf(first, urlOf(first))
  const [{ path }] = await first.db.read.query('SELECT path FROM handover_lake_part ORDER BY id LIMIT 1')
  await truncate(join(first.folder, 'lake', path), 10)
  await appendFile(join(first.folder, 'lake', path), 'x')
  const [{ hash }] = await first.db.read.query('SELECT hash FROM handover_media LIMIT 1')
  await rm(join(first.folder, 'lake/media', hash.slice(0, 2), hash))
  const file = archiveOf(place)
  expect(await backUp(place, file)).toMatchObject({ missing: 1, pictures: 3 })
  expect((await readArchive(file)).end).toMatchObject({ missing: 1 })
})

/** The same bytes but for one bit. */
function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  // Padding between entries says nothing, and may be anything: the next byte that does is taken.
  let place = at
  while (changed[place] === 0) place += 1
  changed[place]! ^= 1
  return changed
}
