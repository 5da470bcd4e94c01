import { copyFileSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { recordText, SourceError } from '@handover/sdk'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import files from '../index.ts'
import { Folder } from '../locations/folder.ts'
import { START } from '../read.ts'
import { settings } from '../settings.ts'
import { Source, testFolder } from '../testing/source.ts'
import { checkClaims } from './parquet-guard.ts'
import { readRecords } from './read-records.ts'
import { dateText, decimalText, instantText, timeText } from './parquet-text.ts'

const disk = testFolder()
const { put } = disk
const newSource = (config: Record<string, unknown> = {}) => new Source(config, { filesFolder: disk.root })
const fixture = (name: string): string => join(import.meta.dirname, '../fixtures/formats', name)

/** A file with the columns id and name, in groups of so many rows. */
function table(rows: number, rowGroupSize = 1000): Buffer {
  const ids = BigInt64Array.from({ length: rows }, (_, index) => BigInt(index + 1))
  const names = Array.from({ length: rows }, (_, index) => (index % 5 === 0 ? null : `name ${index + 1}`))
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'id', data: ids, type: 'INT64' },
        { name: 'name', data: names, type: 'STRING' },
      ],
      rowGroupSize,
    }),
  )
}

describe('Parquet', () => {
  it('gives every type exactly, with the kinds that the schema names', async () => {
    copyFileSync(fixture('types.parquet'), join(disk.root, 'types.parquet'))
    const source = await newSource({ key: 'kind' }).load()
    expect(source.columns).toEqual({
      id: 'int', small: 'int', big: 'int', u32: 'int', ratio: 'double', float32: 'double', price: 'decimal', exact: 'text', day: 'date',
      at_ms: 'instant', at_us: 'instant', at_fine: 'text', at_ns: 'text', clock: 'text', yes: 'boolean', name: 'text', bytes: 'text',
      list: 'json', place: 'json', tags: 'json', sums: 'json', deep: 'json', none: 'text', kind: 'text',
    }) // prettier-ignore
    const price = source.discovery!.datasets[0]!.columns.find(({ name }) => name === 'price')
    expect(price).toMatchObject({ precision: 10, scale: 2 })
    const texts = source.pages[0]!.records.map(recordText)
    expect(texts[0]).toContain('"big":18446744073709551615')
    expect(texts[0]).toContain('"exact":"1234567890123456789012345678.0123456789"')
    expect(texts[1]).toContain('"id":9007199254740993')
    expect(JSON.parse(texts[0]!).row).toMatchObject({
      price: '12.50', day: '2026-01-31', at_ms: '2026-01-31T12:00:00.123Z', at_us: '2026-01-31T12:00:00.123Z',
      at_fine: '2026-01-31T12:00:00.123456Z', at_ns: '2026-01-31T12:00:00.123456789Z', clock: '08:30:00.12', yes: true, name: 'Åsa', bytes: 'text',
      list: [1, 2], place: { city: 'Malmö', at: '2026-01-31T12:00:00.123456Z', sum: '1.10' }, tags: { a: '1.0' }, sums: ['0.10', null], deep: [{ x: [1, 2] }],
    }) // prettier-ignore
    expect(JSON.parse(texts[1]!).row).toMatchObject({ ratio: null, bytes: 'base64:/wA=', price: '-0.01', day: '1900-02-28', sums: [] })
    // A whole number beyond 64 bits with sign, and an infinite one.
    expect(source.reasons).toEqual([
      expect.stringMatching(/^big is a whole number beyond 64 bits/),
      expect.stringMatching(/^ratio must be a number/),
    ])
    expect(source.values('price')).toEqual(['-0.01'])
  })

  it('makes the same records of the lake again', async () => {
    copyFileSync(fixture('types.parquet'), join(disk.root, 'types.parquet'))
    const source = await newSource().load()
    for (const record of source.pages[0]!.records)
      expect(files.parse!('files', recordText(record), null)).toEqual((record as { value: unknown }).value)
  })

  it.each(['lz4.parquet', 'int96.parquet'])('reads what other programs wrote: %s', async (name) => {
    copyFileSync(fixture(name), join(disk.root, name))
    const source = await newSource().load()
    expect(source.values('id').map(String)).toEqual(['1', '9007199254740993', 'null'])
    expect(source.reasons).toEqual([])
  })

  it('goes on at the row where a load was broken off, and repeats nothing', async () => {
    put('a.parquet', table(25_000, 7000))
    const source = newSource()
    let read = 0
    for (let loads = 0; loads < 20; loads++) read += (await source.load(1)).read
    expect(read).toBe(25_000)
    expect(source.values('id')).toEqual(Array.from({ length: 25_000 }, (_, index) => index + 1))
    expect(source.values('name').slice(0, 3)).toEqual([null, 'name 2', 'name 3'])
  })

  it('keeps the kinds of its schema when a file has no rows, and takes rows of other kinds of files beside it', async () => {
    put('a.parquet', table(0))
    const source = await newSource().load()
    expect(source.columns).toMatchObject({ id: 'int', name: 'text' })
    put('b.csv', 'id,name\n7,x\n')
    expect((await source.load()).values('name')).toEqual(['x'])
  })

  it('gives decimals room for all files of the sample', async () => {
    const decimals = (value: number, precision: number, scale: number) =>
      Buffer.from(
        parquetWriteBuffer({
          columnData: [{ name: 'sum', data: [value] }],
          schema: [
            { name: 'root', num_children: 1 },
            { name: 'sum', type: 'INT64', repetition_type: 'REQUIRED', converted_type: 'DECIMAL', precision, scale },
          ],
        }),
      )
    put('a.parquet', decimals(1.5, 5, 1))
    put('b.parquet', decimals(0.125, 4, 3))
    const source = await newSource().load()
    expect(source.discovery!.datasets[0]!.columns.at(-1)).toMatchObject({ kind: 'decimal', precision: 7, scale: 3 })
    expect(source.values('sum')).toEqual(['1.500', '0.125'])
  })
})

function withByte(bytes: Buffer, at: number, value: number): Buffer {
  bytes[at] = value
  return bytes
}

describe('a Parquet file that cannot be read', () => {
  const whole = readFileSync(fixture('types.parquet'))
  const footer = whole.length - 8 - whole.readUInt32LE(whole.length - 8)
  it.each<[string, Buffer]>([
    ['is cut off', whole.subarray(0, 4000)],
    ['has a broken footer', Buffer.concat([whole.subarray(0, footer), Buffer.alloc(whole.length - 8 - footer), whole.subarray(-8)])],
    ['has broken pages', Buffer.concat([whole.subarray(0, 4), Buffer.alloc(400, 0xff), whole.subarray(404)])],
    ['says that its footer is longer than the file', Buffer.concat([whole.subarray(0, -8), Buffer.from('ffffff7f50415231', 'hex')])],
    ['is encrypted', Buffer.concat([Buffer.from('PARE'), whole.subarray(4)])],
    ['holds nothing but marks', Buffer.from('PAR1PAR1\0')],
    // Reading ahead fails unseen there, which ends the process unless somebody takes care of it.
    ['has a column that does not say where it ends', withByte(readFileSync(fixture('int96.parquet')), 591, 0)],
  ])('because it %s is set aside with a sentence', async (_why, content) => {
    put('a.parquet', content)
    put('b.csv', 'id\n1\n')
    const source = await newSource({ key: 'id' }).load()
    expect(source.values('id')).toEqual([1])
    expect(source.reasons).toEqual([
      expect.stringMatching(/^a\.parquet: (?:This Parquet file cannot be read|By its name this is a Parquet file)/),
    ])
    expect((await source.load()).read).toBe(0)
  })

  const nulls = (rows: number): Buffer =>
    Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'a', data: Array<null>(rows).fill(null), type: 'INT64' }], rowGroupSize: rows }))

  it('because it claims more rows than its bytes can hold is refused', async () => {
    put('a.parquet', nulls(2_000_000))
    await expect(newSource().check()).rejects.toThrow(/claims 2000000 rows in \d+ bytes, as a trap would/)
    expect((await newSource().load()).discovery!.streams).toEqual([])
    expect(() => checkClaims({ num_rows: 20_000_000n, row_groups: [{ num_rows: 20_000_000n }] } as never, 1e9)).toThrow(
      /groups of 20000000 rows/,
    )
  })

  it('because a page claims more values than its column has, before any room is made for them', async () => {
    const lying = nulls(200_000)
    // The number of values in the header of the page, doubled, as a varint: 200,000 becomes a million.
    const at = lying.indexOf(Buffer.from('80b518', 'hex'))
    expect(at).toBeGreaterThan(0)
    Buffer.from('feff7f', 'hex').copy(lying, at)
    put('a.parquet', lying)
    await expect(newSource().check()).rejects.toThrow(/A page of it claims \d+ values of 200000/)
  })

  it('because it became shorter while it was read fails the load, to be tried again', async () => {
    put('a.parquet', table(200_000, 20_000))
    const folder = await Folder.at(disk.root, '', '')
    const opened = await folder.open((await folder.list())[0]!)
    const read = async () => {
      for await (const { end } of readRecords(opened!, START, settings.parse({})))
        if (end.record === 1000) truncateSync(join(disk.root, 'a.parquet'), 1000)
    }
    await expect(read()).rejects.toThrow(SourceError)
    await opened!.close()
  })
})

describe('values of Parquet as text', () => {
  it.each<[string, unknown, unknown]>([
    ['a day before 1970', dateText(-1), '1969-12-31'],
    ['a day beyond all calendars', dateText(2 ** 31 - 1), '2147483647'],
    ['microseconds before 1970', instantText(-1n, 'MICROS'), '1969-12-31T23:59:59.999999Z'],
    ['whole milliseconds', instantText(1_000n, 'MICROS'), '1970-01-01T00:00:00.001Z'],
    ['the last nanosecond', instantText(2n ** 63n - 1n, 'NANOS'), '2262-04-11T23:47:16.854775807Z'],
    ['the first nanosecond', instantText(-(2n ** 63n), 'NANOS'), '1677-09-21T00:12:43.145224192Z'],
    ['a time that no calendar knows', instantText(2n ** 63n - 1n, 'MILLIS'), '9223372036854775807'],
    ['a time of day', timeText(36_000_000_000n, 'MICROS'), '10:00:00'],
    ['a time of day with parts of a second', timeText(36_000_100_000n, 'MICROS'), '10:00:00.1'],
    ['a small decimal', decimalText(-5, 3), '-0.005'],
    ['a decimal of two bytes', decimalText(Uint8Array.of(0xff, 0xfe), 1), '-0.2'],
    [
      'a decimal of many bytes',
      decimalText(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 2),
      '-1701411834604692317316873037158841057.28',
    ],
    ['a decimal without point', decimalText(7n, 0), '7'],
  ])('%s', (_what, text, expected) => {
    expect(text).toBe(expected)
  })
})
