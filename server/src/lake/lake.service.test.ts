import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Database } from '../warehouse/warehouse.service.ts'
import { temporaryDatabase, temporaryFolder, testClock } from '../warehouse/testing/temporary.ts'
import { LakePart, LakeService, type LandedPage } from './lake.service.ts'
import { MediaEntry } from './media.entity.ts'

async function lakeInFolder(): Promise<{ lake: LakeService; folder: string; db: Database }> {
  const db = await temporaryDatabase({ entities: [LakePart, MediaEntry] })
  const folder = join(temporaryFolder(), 'lake')
  return { lake: new LakeService(folder, db, testClock), folder, db }
}

const page = (texts: string[], more: Partial<LandedPage> = {}): LandedPage => ({
  sourceId: 'source-1',
  slug: 'web-shop',
  stream: 'orders',
  loadId: 'load-1',
  request: 'GET https://shop.example/orders',
  cursor: { newest: 7 },
  texts,
  ...more,
})

const hostile = [
  '{"id": 1}',
  '{"id":  1.10, "big": 9007199254740993}',
  'two\nlines\r\nand\ttabs',
  '\u2028\u2029\ufeff\0\u001f',
  '"\\ud800"',
  '',
  ' ',
  '👩‍👩‍👧‍👦 \u202e',
  '\\"\\\\',
  'x'.repeat(200_000),
]

test("keeps each record's own text and everything that says where it came from", async () => {
  const { lake, folder } = await lakeInFolder()
  const part = await lake.land(page(hostile))
  expect(await lake.texts(part.id)).toEqual(hostile)
  expect(part.path).toMatch(/^web-shop\/orders\/2026-01-31\/120000000-[0-9a-f]{12}\.ndjson\.zst$/)
  const lines = zstdDecompressSync(readFileSync(join(folder, part.path)))
    .toString()
    .split('\n')
  expect(JSON.parse(lines[0]!)).toEqual({
    source: 'web-shop',
    stream: 'orders',
    load: 'load-1',
    time: '2026-01-31T12:00:00.000Z',
    request: 'GET https://shop.example/orders',
    records: hostile.length,
    format: 2,
  })
  expect(lines[1]).toBe('{"id": 1}')
  const [again] = await lake.after('source-1', 'orders', 0)
  expect(again).toEqual({ ...part, cursor: '{"newest":7}', abandoned: false, landedAt: testClock.now() })
})

test('keeps what texts begin with once, and gives the texts back whole', async () => {
  const { lake, folder } = await lakeInFolder()
  const heads = [
    { from: 0, text: '{"file":"a",\n' },
    { from: 2, text: '' },
    { from: 3, text: '+"' },
  ]
  const texts = [...hostile, '+', '+"a"', '"', '\r', 'a\r', '\u2028', ' \ufeff']
  const whole = texts.map((text, line) => heads.findLast(({ from }) => from <= line)!.text + text)
  const part = await lake.land(page(texts, { heads }))
  expect(await lake.texts(part.id)).toEqual(whole)
  const plain = zstdDecompressSync(readFileSync(join(folder, part.path))).toString()
  expect(plain.split('{\\"file\\":').length - 1).toBe(1)
})

test('reads parts that were written before heads were known', async () => {
  const { lake, folder, db } = await lakeInFolder()
  const { id, path } = await lake.land(page(hostile))
  const plain = Buffer.from(
    [{ source: 'web-shop', records: hostile.length }, ...hostile].map((line) => `${JSON.stringify(line)}\n`).join(''),
  )
  writeFileSync(join(folder, path), zstdCompressSync(plain))
  await db.write.manager.update(LakePart, { id }, { bytes: plain.length, hash: createHash('sha256').update(plain).digest('hex') })
  expect(await lake.texts(id)).toEqual(hostile)
})

test('leaves no file that is not in the manifest', async () => {
  const { lake, folder } = await lakeInFolder()
  const parts = await Promise.all(Array.from({ length: 20 }, (_, n) => lake.land(page([`{"n":${n}}`]))))
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.includes('.'))
  expect(files.map((file) => file.replaceAll('\\', '/')).toSorted()).toEqual(parts.map((part) => part.path).toSorted())
  expect(await lake.size()).toEqual({ parts: 20, bytes: parts.reduce((sum, part) => sum + part.storedBytes, 0) })
})

test('keeps a page without records, because its cursor counts', async () => {
  const { lake } = await lakeInFolder()
  const part = await lake.land(page([], { cursor: undefined, request: null }))
  expect(part).toMatchObject({ records: 0, cursor: null, request: null })
  expect(await lake.texts(part.id)).toEqual([])
  expect(await lake.land(page([], { cursor: null }))).toMatchObject({ cursor: 'null' })
})

test('gives one record with its part, and says so when there is none', async () => {
  const { lake } = await lakeInFolder()
  const part = await lake.land(page(['a', 'b']))
  expect(await lake.record(part.id, 1)).toMatchObject({ text: 'b', part: { id: part.id, loadId: 'load-1' } })
  await expect(lake.record(part.id, 2)).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('has 2 records') })
  await expect(lake.record(99, 0)).rejects.toThrow('There is no part 99 in the lake.')
})

test('keeps the last few parts at hand when people look at records', async () => {
  const { lake, folder } = await lakeInFolder()
  const parts = [await lake.land(page(['0'])), await lake.land(page(['1'])), await lake.land(page(['2'])), await lake.land(page(['3']))]
  for (const part of parts) await lake.record(part.id, 0)
  rmSync(folder, { recursive: true })
  for (const n of [1, 2, 3]) expect(await lake.record(parts[n]!.id, 0)).toMatchObject({ text: String(n) })
  await expect(lake.record(parts[0]!.id, 0)).rejects.toMatchObject({ code: 'LAKE_MISSING' })
})

test('says in words when a file is missing or damaged, and never gives wrong records', async () => {
  const { lake, folder, db } = await lakeInFolder()
  const [damaged, cut, swapped, other, gone] = [
    await lake.land(page(['a'])),
    await lake.land(page(['b'])),
    await lake.land(page(['c'])),
    await lake.land(page(['d'])),
    await lake.land(page(['e'])),
  ]
  const fileOf = (part: LakePart) => join(folder, part.path)
  const bytes = readFileSync(fileOf(damaged))
  bytes[bytes.length - 6]! ^= 1
  writeFileSync(fileOf(damaged), bytes)
  writeFileSync(fileOf(cut), readFileSync(fileOf(cut)).subarray(0, 20))
  writeFileSync(fileOf(swapped), readFileSync(fileOf(other)))
  rmSync(fileOf(gone))
  for (const part of [damaged, cut, swapped]) {
    await expect(lake.texts(part.id)).rejects.toMatchObject({ code: 'LAKE_DAMAGED', message: expect.stringContaining(part.path) })
  }
  await expect(lake.texts(gone.id)).rejects.toMatchObject({
    code: 'LAKE_MISSING',
    message: expect.stringContaining('Put it back from a backup'),
  })
  expect(await lake.texts(other.id)).toEqual(['d'])
  await db.write.manager.update(LakePart, { id: other.id }, { records: 2 })
  await expect(lake.texts(other.id)).rejects.toMatchObject({ code: 'LAKE_DAMAGED' })
})

test('lists what a load may work off: of one stream, from a part onward, not abandoned', async () => {
  const { lake } = await lakeInFolder()
  const first = await lake.land(page(['1']))
  const second = await lake.land(page(['2']))
  await lake.land(page(['other stream'], { stream: 'refunds' }))
  await lake.land(page(['other source'], { sourceId: 'source-2' }))
  const ids = async (from: number) => (await lake.after('source-1', 'orders', from)).map((part) => part.id)
  expect(await ids(0)).toEqual([first.id, second.id])
  expect(await ids(second.id)).toEqual([second.id])
  await lake.abandon('source-1', 'orders')
  expect(await ids(0)).toEqual([])
  expect(await lake.after('source-1', 'refunds', 0)).toHaveLength(1)
  expect(await lake.texts(first.id)).toEqual(['1'])
  const third = await lake.land(page(['3']))
  expect(await ids(0)).toEqual([third.id])
})

test.each(['../../etc', '..', '.', 'Big Folder/data.csv', 'a\0b', 'å', 'x'.repeat(191), 'CON', '-', ''])(
  'keeps a stream called %j inside the lake',
  async (stream) => {
    const { lake, folder } = await lakeInFolder()
    const part = await lake.land(page(['a'], { stream }))
    expect(part.path).toMatch(/^web-shop\/[a-z0-9][a-z0-9-]*\/2026-01-31\/[\w-]+\.ndjson\.zst$/)
    expect(existsSync(join(folder, part.path))).toBe(true)
  },
)

test('never lets two streams share a folder', async () => {
  const { lake } = await lakeInFolder()
  const folders = await Promise.all(
    ['a/b', 'a-b', 'A-b', 'a.b'].map(async (stream) => (await lake.land(page([], { stream }))).path.split('/')[1]),
  )
  expect(new Set(folders).size).toBe(4)
})

test('says in words when the lake cannot be written, and notes nothing down', async () => {
  const { lake, folder } = await lakeInFolder()
  writeFileSync(folder, 'a file where the folder should be')
  await expect(lake.land(page(['a']))).rejects.toMatchObject({
    code: 'LAKE_UNWRITABLE',
    message: expect.stringContaining('Check the rights'),
  })
  expect(await lake.after('source-1', 'orders', 0)).toEqual([])
})
