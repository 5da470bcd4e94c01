import type { FileHandle } from 'node:fs/promises'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { people, Source, testFolder } from '../testing/source.ts'
import { unpackInto } from './unpack.ts'
import { zipOf } from '../testing/zip.ts'

const disk = testFolder()
const { put } = disk
const newSource = (config: Record<string, unknown> = {}) => new Source(config, { filesFolder: disk.root })

const ndjson = (count: number): string =>
  Array.from({ length: count }, (_, index) => `${JSON.stringify({ id: index + 1, name: `"${index}"` })}\n`).join('')

describe('packed files', () => {
  it('are read as what they hold', async () => {
    put('a.csv.gz', gzipSync('id,name\n1,a\n'))
    put('b.tsv.zst', zstdCompressSync('id\tname\n2\tb\n'))
    put('c.ndjson.zst', zstdCompressSync('{"id":3,"name":"c"}\n'))
    put('d.json.gz', gzipSync('[{"id":4,"name":"d"}]'))
    put('e.parquet.gz', gzipSync(readFileSync(join(import.meta.dirname, '../fixtures/formats/lz4.parquet'))))
    put('f.csv.gz', Buffer.concat([gzipSync('id,name\n5,e\n'), gzipSync('6,f\n')]))
    put('g.csv.zst', Buffer.concat([zstdCompressSync('id,name\n7,g\n'), zstdCompressSync('8,h\n')]))
    const source = await newSource({ key: 'id', pattern: '[a-dfg].*' }).load()
    expect(source.values('id')).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(source.reasons).toEqual([])
    expect((await source.load()).read).toBe(0)
    expect((await newSource({ pattern: 'e.*' }).load()).read).toBe(3)
  })

  it.each(['csv.gz', 'ndjson.zst'])('%s goes on at the place in its text, and repeats nothing', async (ending) => {
    const text = ending.startsWith('csv') ? `id,name\n${people(12_000)}` : ndjson(12_000)
    put(`a.${ending}`, ending.endsWith('gz') ? gzipSync(text) : zstdCompressSync(text))
    const source = newSource()
    let read = 0
    let loads = 0
    while (source.pages.length > 0 || loads === 0) {
      read += (await source.load(1)).read
      loads++
    }
    expect(loads).toBeGreaterThan(2)
    expect(read).toBe(12_000)
    expect(source.values('id')).toHaveLength(12_000)
  })

  it('of zstd may hold many frames, which end anywhere', async () => {
    const frames = Array.from({ length: 100 }, (_, index) => zstdCompressSync(people(1 + (index % 7) * 5, index * 1000)))
    put('a.csv.zst', Buffer.concat([zstdCompressSync('id,name\n'), ...frames]))
    put('b.csv.zst', Buffer.concat([zstdCompressSync('id,name\n1,a\n'), zstdCompressSync(people(100)).subarray(0, 40)]))
    const source = await newSource().load()
    expect(source.values('id')).toHaveLength(frames.reduce((sum, _, index) => sum + 1 + (index % 7) * 5, 0))
    expect(source.reasons).toEqual([expect.stringMatching(/^b\.csv\.zst: This file is damaged or not whole/)])
  })

  it('leave nothing behind in the folder for such files', async () => {
    const ours = () => readdirSync(tmpdir()).filter((name) => /^handover-[0-9a-f]{8}-/.test(name))
    const before = ours()
    put('a.csv.gz', gzipSync(`id,name\n${people(3000)}`))
    await newSource().load()
    expect(ours()).toEqual(before)
  })
})

it('are not taken for whole when the disk has room for a part of the last piece only', async () => {
  const room = 1500
  const disk = {
    write: async (_bytes: Uint8Array, _from: number, length: number, at: number) => {
      const bytesWritten = Math.min(length, room - at)
      if (bytesWritten === 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' })
      return { bytesWritten }
    },
  } as unknown as FileHandle
  async function* pieces() {
    yield Buffer.alloc(1000)
    yield Buffer.alloc(1000)
  }
  await expect(unpackInto(disk, pieces(), { packing: null })).rejects.toMatchObject({ code: 'ENOSPC' })
})

describe('a file that is not what its name says is set aside with a sentence', () => {
  it.each<[string, string | Buffer, RegExp]>([
    ['a.csv', gzipSync('id\n1\n'), /This file is packed with gzip, but its name does not say so\. Add \.gz/],
    ['a.csv.gz', 'id\n1\n', /Its name ends in \.gz, but this file is not packed with gzip/],
    ['a.csv.gz', zstdCompressSync('id\n1\n'), /Its name ends in \.gz, but this file is packed with zstd/],
    ['a.csv.gz', gzipSync(gzipSync('id\n1\n')), /By its name this is a text file with rows, but it is packed with gzip/],
    ['a.csv', zipOf([{ name: 'a.csv', data: 'id\n1\n' }]), /but it is a workbook of Excel or a zip archive/],
    ['a.json', Buffer.from('PAR1\x15\x04', 'latin1'), /By its name this is a JSON file, but it is a Parquet file/],
    ['a.parquet', 'id\n1\n', /By its name this is a Parquet file, but it is none/],
    ['a.xlsx', Buffer.from('d0cf11e0a1b11ae100', 'hex'), /a workbook with a password or of an old kind \(\.xls\); save it as \.xlsx/],
    ['a.csv.gz', gzipSync(`id\n${people(1000)}`).subarray(0, 500), /damaged or not whole: its gzip packing cannot be undone/],
    ['a.csv.zst', zstdCompressSync(people(1000)).subarray(0, 300), /damaged or not whole: its zstd packing cannot be undone/],
    ['a.zip', zipOf([{ name: '../../evil.csv', data: 'id\n1\n' }]), /This is an archive, and archives are not opened\. Unpack it/],
    ['a.tar', 'x', /archives are not opened/],
    ['a.tar.gz', 'x', /archives are not opened/],
    ['a.tgz', 'x', /archives are not opened/],
    ['a.xls', 'x', /Open it and save it as \.xlsx or \.csv/],
    ['a.csv.bz2', 'x', /pack it with gzip \(\.gz\) or zstd \(\.zst\)/],
  ])('%s', async (name, content, reason) => {
    put(name, content)
    put('good.csv', 'id,name\n7,g\n')
    const source = await newSource().load()
    expect(source.values('id')).toEqual([7])
    expect(source.reasons).toEqual([expect.stringMatching(reason)])
    expect((await source.load()).read).toBe(0)
    await expect(newSource({ pattern: name }).check()).rejects.toMatchObject({
      message: expect.stringMatching(reason),
      fields: [{ name: /\.(zip|tar|tgz|gz|xls|bz2)$/.test(name) && !/csv\.gz$/.test(name) ? 'pattern' : 'folder' }],
    })
  })

  it('but a table may begin with letters that are the mark of another kind', async () => {
    put('a.csv', 'PAR1,PAR2\n1,2\n')
    put('b.csv', 'BZh,Rar!\n3,4\n')
    const source = await newSource().load()
    expect(source.values('PAR1')).toEqual([1, null])
  })
})

describe('bombs end in a sentence', () => {
  it.each([
    ['gzip', '.gz', () => gzipSync(Buffer.alloc(100_000_000))],
    ['zstd', '.zst', () => zstdCompressSync(Buffer.alloc(100_000_000))],
  ])('of %s', async (_what, ending, bomb) => {
    put(`a.csv${ending}`, bomb())
    const source = newSource()
    await source.load()
    put('b.csv', 'id\n1\n')
    await source.load()
    expect(source.reasons).toEqual([expect.stringMatching(/unpacks to more than 500 times its size, as a trap would/)])
  })
})
