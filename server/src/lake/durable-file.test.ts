import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../warehouse/testing/temporary.ts'
import { refusal, syncFolder, writeDurably } from './durable-file.ts'

test('writes a file with its folders and leaves nothing else behind', async () => {
  const folder = temporaryFolder()
  await writeDurably(join(folder, 'a', 'b', 'file'), Buffer.from('bytes'))
  expect(readFileSync(join(folder, 'a', 'b', 'file'), 'utf8')).toBe('bytes')
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file'])
})

test('leaves nothing behind when the file cannot be put in its place', async () => {
  const folder = temporaryFolder()
  await writeDurably(join(folder, 'place', 'inside'), Buffer.from('x'))
  await expect(writeDurably(join(folder, 'place'), Buffer.from('x'))).rejects.toMatchObject({ code: 'LAKE_UNWRITABLE' })
  expect(readdirSync(folder)).toEqual(['place'])
  writeFileSync(join(folder, 'file'), '')
  await expect(writeDurably(join(folder, 'file', 'below'), Buffer.from('x'))).rejects.toMatchObject({ code: 'LAKE_UNWRITABLE' })
})

test('tells a full disk from every other refusal', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  expect(refusal('part', full)).toMatchObject({ code: 'DISK_FULL', cause: full, message: expect.stringContaining('Make room') })
})

// `/proc` is one on every Linux.
test.skipIf(process.platform !== 'linux')('takes a file system that has no sync for folders, and no folder that is not there', async () => {
  await expect(syncFolder('/proc')).resolves.toBeUndefined()
  await expect(syncFolder(join(temporaryFolder(), 'none'))).rejects.toThrow('ENOENT')
})
