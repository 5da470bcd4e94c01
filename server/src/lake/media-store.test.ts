import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RecordError } from '../shared/errors.ts'
import { temporaryDatabase, temporaryFolder, testClock } from '../warehouse/testing/temporary.ts'
import { LakeService } from './lake.service.ts'
import { MediaEntry } from './media.entity.ts'

async function lakeInFolder() {
  const folder = temporaryFolder()
  return { folder, lake: new LakeService(folder, await temporaryDatabase({ entities: [MediaEntry] }), testClock) }
}

const svg = (inner: string) => ({
  type: 'image/svg+xml',
  bytes: Buffer.from(`<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">${inner}</svg>`),
})
const png = { type: 'image/png', bytes: Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1') }
const filesIn = (folder: string) =>
  readdirSync(join(folder, 'media'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())

test('keeps equal pictures once and gives them back under every key', async () => {
  const { lake, folder } = await lakeInFolder()
  await lake.putMedia('users', 'anna', png)
  await lake.putMedia('users', 'bo', png)
  await lake.putMedia('shop', 'anna', svg('<circle r="1"/>'))
  const anna = await lake.getMedia('users', 'anna')
  expect(anna).toMatchObject({ type: 'image/png', hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(Buffer.compare(anna!.bytes, png.bytes)).toBe(0)
  expect(await lake.getMedia('users', 'bo')).toEqual(anna)
  expect((await lake.getMedia('shop', 'anna'))?.type).toBe('image/svg+xml')
  expect(await lake.getMedia('users', 'nobody')).toBeNull()
  expect(filesIn(folder)).toHaveLength(2)
})

test('shows the new picture when a key gets one', async () => {
  const { lake } = await lakeInFolder()
  await lake.putMedia('users', 'anna', png)
  await lake.putMedia('users', 'anna', svg(''))
  expect(await lake.getMedia('users', 'anna')).toMatchObject({ type: 'image/svg+xml' })
})

test('says which keys have no picture yet, each once, however many are asked for', async () => {
  const { lake } = await lakeInFolder()
  await lake.putMedia('users', 'key 700', png)
  await lake.putMedia('shop', 'key 3', png)
  const keys = Array.from({ length: 1200 }, (_, n) => `key ${n}`)
  expect(await lake.missingMedia('users', [...keys, ...keys])).toEqual(keys.filter((key) => key !== 'key 700'))
  expect(await lake.missingMedia('users', [])).toEqual([])
})

test.each([
  ['script', svg('<script>alert(1)</script>')],
  ['a script with a prefix', svg('<svg:script>alert(1)</svg:script>')],
  ['a handler', svg('<g onload="alert(1)"/>')],
  ['a handler after a slash', svg('<g/onclick = "alert(1)"/>')],
  ['a script link', svg('<a href="JavaScript:alert(1)"/>')],
  ['a hidden script link', svg('<a href="&#106;avascript:alert(1)"/>')],
  ['foreign content', svg('<foreignObject/>')],
  ['entities', { type: 'image/svg+xml', bytes: Buffer.from('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>') }],
  ['another encoding', { type: 'image/svg+xml', bytes: Buffer.from('<svg><script/></svg>', 'utf16le') }],
  ['no drawing', { type: 'image/svg+xml', bytes: Buffer.from('<html></html>') }],
  ['another type', { type: 'text/html', bytes: Buffer.from('<html></html>') }],
  ['a wrong label', { type: 'image/jpeg', bytes: png.bytes }],
  ['no bytes', { type: 'image/webp', bytes: Buffer.alloc(0) }],
  ['too many bytes', { type: 'image/png', bytes: Buffer.concat([png.bytes, Buffer.alloc(5 * 1024 * 1024)]) }],
])('refuses a picture with %s', async (_, media) => {
  const { lake } = await lakeInFolder()
  await expect(lake.putMedia('users', 'anna', media)).rejects.toBeInstanceOf(RecordError)
  expect(await lake.missingMedia('users', ['anna'])).toEqual(['anna'])
})

test('keeps harmless drawings as generators make them', async () => {
  const { lake } = await lakeInFolder()
  const generated = svg(
    '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata><g font="one" mask="url(#m)"><path d="M0 0"/></g>',
  )
  await lake.putMedia('users', 'anna', generated)
  expect(await lake.missingMedia('users', ['anna'])).toEqual([])
})

test('says in words when a picture is gone or damaged', async () => {
  const { lake, folder } = await lakeInFolder()
  await lake.putMedia('users', 'anna', png)
  const [file] = filesIn(folder)
  const path = join(file!.parentPath, file!.name)
  writeFileSync(path, 'other')
  await expect(lake.getMedia('users', 'anna')).rejects.toMatchObject({ code: 'LAKE_DAMAGED' })
  rmSync(path)
  await expect(lake.getMedia('users', 'anna')).rejects.toMatchObject({ code: 'LAKE_MISSING' })
})
