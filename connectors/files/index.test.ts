import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ConfigError, recordText } from '@handover/sdk'
import { collectPages, MemoryTable, openConnector, testConnector } from '@handover/sdk/testing'
import { describe, expect, it } from 'vitest'
import files from './index.ts'
import { noNetwork, people, Source, testFolder } from './testing/source.ts'

testConnector(files, {
  folder: import.meta.dirname,
  filesFolder: import.meta.dirname,
  configs: {
    'the sample': { folder: 'samples/earthquakes' },
    'all formats, some broken': { folder: 'fixtures/mixed', key: 'id' },
    'Parquet of many types': { folder: 'fixtures/formats', pattern: 'types.parquet' },
    'a workbook': { folder: 'fixtures/formats', pattern: 'book.xlsx' },
  },
  setAside: { 'all formats, some broken': 4, 'Parquet of many types': 2 },
})

const disk = testFolder()
const { put } = disk
const open = (config: Record<string, unknown> = {}, filesFolder = disk.root) =>
  openConnector(files, { config, filesFolder, fetcher: noNetwork })
const newSource = (config: Record<string, unknown> = {}) => new Source(config, { filesFolder: disk.root })

describe('only new and changed files are read', () => {
  it('and nothing when nothing changed', async () => {
    put('a.csv', `id,name\n${people(3)}`)
    const source = await newSource().load()
    expect(source.read).toBe(3)
    expect((await source.load()).read).toBe(0)
    put('b.csv', `id,name\n${people(2, 10)}`)
    expect((await source.load()).read).toBe(2)
    appendFileSync(join(disk.root, 'a.csv'), people(1, 4))
    expect((await source.load()).read).toBe(4)
    expect(source.values('id').sort()).toEqual([1, 10, 11, 2, 3, 4])
  })

  it('even when a file keeps its size and time', async () => {
    put('a.csv', `id,name\n1,old\n`)
    utimesSync(join(disk.root, 'a.csv'), 1e9, 1e9)
    const source = await newSource().load()
    put('a.csv', `id,name\n1,new\n`)
    utimesSync(join(disk.root, 'a.csv'), 1e9, 1e9)
    expect((await source.load()).values('name')).toEqual(['new'])
  })

  it('and rows of removed files stay', async () => {
    put('a.csv', `id,name\n${people(2)}`)
    const source = await newSource().load()
    rmSync(join(disk.root, 'a.csv'))
    expect((await source.load()).values('id')).toEqual([1, 2])
  })
})

describe('a load that is broken off', () => {
  it.each(['csv', 'ndjson', 'json'])('goes on inside the %s file and repeats nothing', async (format) => {
    const rows = Array.from({ length: 12_345 }, (_, index) => ({
      id: index + 1,
      name: index % 7 === 0 ? `two\nlines "${index}"` : `name ${index}`,
    }))
    const csv = `id,name\n${rows.map((row) => `${row.id},"${row.name.replaceAll('"', '""')}"\n`).join('')}`
    const text = { csv, ndjson: rows.map((row) => `${JSON.stringify(row)}\n`).join(''), json: JSON.stringify(rows) }[format]!
    put(`a.${format}`, text)
    put('b.csv', `id,name\n${people(3, 20_000)}`)
    const source = newSource()
    let read = 0
    for (let load = 0; load < 7; load++) read += (await source.load(1)).read
    expect(read).toBe(12_348)
    expect(source.table!.contents()).toHaveLength(12_348)
    expect(source.values('name').slice(0, 12_345)).toEqual(rows.map((row) => row.name))
    expect((await source.load()).read).toBe(0)
  })

  it('begins the file again when it changed meanwhile', async () => {
    put('a.csv', `name\n${people(6000).replaceAll(',', ' ')}`)
    const source = await newSource().load(1)
    put('a.csv', 'name\nonly one\n')
    expect((await source.load()).values('name')).toEqual(['only one'])
  })
})

describe('rows without a key of their own', () => {
  it('are known by their place, and go when their file becomes shorter', async () => {
    put('a.csv', 'name\nx\nx\ny\n')
    const source = await newSource().load()
    expect(source.discovery!.datasets[0]!.key).toEqual(['file', 'record'])
    expect(source.values('record')).toEqual([1, 2, 3])
    truncateSync(join(disk.root, 'a.csv'), 'name\nx\n'.length)
    await source.load()
    expect(source.values('record')).toEqual([1])
    expect(source.reasons).toEqual([])
  })

  it('stay when their file is broken, and go once it is mended and shorter', async () => {
    put('a.ndjson.gz', gzipSync('{"name":"x"}\n{"name":"y"}\n{"name":"z"}\n'))
    const source = await newSource().load()
    put('a.ndjson.gz', gzipSync('{"name":"x"}\n').subarray(0, 20))
    await source.load()
    expect(source.values('name')).toEqual(['x', 'y', 'z'])
    expect(source.reasons).toEqual([expect.stringMatching(/damaged or not whole/)])
    put('a.ndjson.gz', gzipSync('{"name":"X"}\n'))
    expect((await source.load()).values('name')).toEqual(['X'])
  })

  it('leave room for columns that are called the same', async () => {
    put('a.csv', 'file,Record,FILE\n1,2,3\n')
    const source = await newSource().load()
    expect(Object.keys(source.columns)).toEqual(['file_3', 'record_2', 'file', 'Record', 'FILE_2'])
    expect(['file_3', 'file', 'Record', 'FILE_2'].map((column) => source.values(column)[0])).toEqual(['a.csv', 1, 2, 3])
  })
})

describe('broken parts are set aside while the rest loads', () => {
  it('lines with too few cells, broken quotes, bytes that are no UTF-8', async () => {
    const latin1 = Buffer.from('4,sm\xf6r,5\n', 'latin1')
    put(
      'a.csv',
      Buffer.concat([Buffer.from('id,name,price\n1,a,1\n2,b\n3,"c"x,3\n'), latin1, Buffer.from('5,e,5\n6,"never closed,6\n7,g,7\n')]),
    )
    const source = await newSource().load()
    expect(source.values('id')).toEqual([1, 5, 7])
    expect(source.reasons).toEqual([
      expect.stringContaining('a.csv, line 3: This line has 2 cells, but the header has 3'),
      expect.stringContaining('a.csv, line 4: A cell in quotes is never closed'),
      expect.stringContaining('a.csv, line 5: This line is not UTF-8'),
      expect.stringContaining('a.csv, line 7: A cell in quotes is never closed'),
    ])
    expect(JSON.parse(recordText(source.pages[0]!.records[3]))).toMatchObject({ file: 'a.csv', record: 4, text: '4,smör,5' })
  })

  it('and are set aside again, with the same reason, when the lake is replayed', async () => {
    put('a.csv', 'id,name\n1\n2,b\n')
    const source = await newSource().load()
    const [broken, whole] = source.pages[0]!.records.map(recordText)
    expect(() => files.parse!('files', broken!, null)).toThrow('a.csv, line 2: This line has 1 cell, but the header has 2.')
    expect(files.parse!('files', whole!, null)).toMatchObject({ values: { id: '2', name: 'b' } })
  })

  it('a value that does not fit its column, found after the sample', async () => {
    put('a.csv', `id,mag\n${Array.from({ length: 1500 }, (_, index) => `${index},${index === 1400 ? 'abc' : '1.5'}\n`).join('')}`)
    const source = await newSource().load()
    expect(source.columns).toEqual({ id: 'int', mag: 'double' })
    expect(source.values('id')).toHaveLength(1499)
    expect(source.reasons).toEqual(['mag must be a number, not text.'])
  })

  it.each([
    ['UTF-16', Buffer.from('\ufeffid,name\n', 'utf16le'), /UTF-16/],
    ['pictures', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), /not a text file/],
    ['lines of old Macs', Buffer.from('id,name\r1,a\r'), /CR alone/],
    ['a header with broken quotes', Buffer.from('"id,name\n1,a\n'), /should name the columns/],
  ])('files with %s, once', async (_what, content, reason) => {
    put('a.csv', content)
    put('b.csv', `id,name\n${people(2)}`)
    const source = await newSource().load()
    expect(source.values('id')).toEqual([1, 2])
    expect(source.reasons).toEqual([expect.stringMatching(reason)])
    expect((await source.load()).read).toBe(0)
  })

  it('JSON files that are cut off, hold no list at the path, or more than one', async () => {
    put('a.json', '[{"id":1},{"id":')
    put('b.json', '{"x":[{"id":2}],"y":[{"id":3}]}')
    put('c.json', '[{"id":4},5]')
    const source = await newSource().load()
    expect(source.values('id')).toEqual([4])
    expect(source.reasons).toEqual([
      expect.stringContaining('not whole'),
      expect.stringContaining('more than one list (x, y)'),
      expect.stringContaining('Element 2'),
    ])
    expect((await newSource({ records: 'x', pattern: 'b.json' }).load()).values('id')).toEqual([2])
  })

  it('lines without an end, with memory that does not grow', async () => {
    put('a.csv', `id,name\n1,a\n2,${'x'.repeat(9_000_000)}\n3,c\n4,"${'y\n'.repeat(10)}`)
    const source = await newSource().load()
    expect(source.values('id')).toEqual([1, 3])
    expect(source.reasons[0]).toMatch(/line 3: This line is longer than 4 MB/)
    expect(Math.max(...source.pages[0]!.records.map((record) => recordText(record).length))).toBeLessThan(5000)
  })

  it('only the line without an end, and not the quoted one before it', async () => {
    put('a.csv', `id,name\n1,"a"\n2,${'x'.repeat(5_000_000)}\n3,"c"\n`)
    const source = await newSource().load()
    expect(source.values('id')).toEqual([1, 3])
    expect(source.reasons).toEqual([expect.stringMatching(/line 3: This line is longer than 4 MB/)])
  })

  it.each(['é', 'x€', '👩'])('lines without an end for their length, wherever a character such as %s is cut through', async (character) => {
    put('a.ndjson', `{"id":1}\n{"id":2,"x":"${character.repeat(3_000_000)}"}\n`)
    const source = await newSource().load()
    expect(source.reasons).toEqual([expect.stringMatching(/line 2: This line is longer than 4 MB/)])
    expect(recordText(source.pages[0]!.records[1])).toContain(character.repeat(100))
  })
})

describe('columns', () => {
  it('are added and widened by later files, and never dropped or narrowed', async () => {
    put('a.csv', 'id,n,s\n1,5,x\n')
    const source = await newSource().load()
    put('b.csv', 'id,n,extra\n2,5.5,2026-01-31\n')
    await source.load()
    expect(source.columns).toEqual({ id: 'int', n: 'double', s: 'text', extra: 'date' })
    put('c.csv', 'id,n,extra\n3,abc,2026-01-31\n')
    rmSync(join(disk.root, 'a.csv'))
    await source.load()
    expect(source.columns).toEqual({ id: 'int', n: 'double', s: 'text', extra: 'date' })
  })

  it('get safe names, twins a number, and keep their own name as title', async () => {
    put('a.csv', 'Pris (kr),pris kr,1st,å,,not,__proto__,constructor\n1,2,3,4,5,6,7,8\n')
    const source = await newSource().load()
    expect(Object.keys(source.columns).slice(2)).toEqual(['Pris_kr', 'pris_kr_2', 'n1st', 'a', 'column_5', 'not_', 'proto', 'constructor'])
    expect(source.discovery!.datasets[0]!.columns[2]!.title).toBe('Pris (kr)')
    expect(source.values('constructor')).toEqual([8])
    expect(source.values('proto')).toEqual([7])
  })

  it('take roles from names and values', async () => {
    const rows = Array.from(
      { length: 60 },
      (_, index) => `${index},place ${index},5${index % 10}.5,11.5,2026-01-31 10:00,${index % 2 ? 'open' : 'shut'},a@example.com`,
    )
    put('a.csv', `id,name,lat,lng,updated,state,email\n${rows.join('\n')}\n`)
    const { discovery } = await newSource().load()
    const { columns } = discovery!.datasets[0]!
    expect(columns.map((column) => column.role)).toEqual([null, 'label', 'latitude', 'longitude', 'time', 'category', null])
    expect(columns.filter((column) => column.personal).map((column) => column.name)).toEqual(['email'])
    expect(columns[4]!.about).toContain('taken as UTC')
  })

  it('are described by _columns.json, which may name the key too', async () => {
    put('sales/a.csv', 'receipt,sum,zip\nA,1,01234\nB,2,2\n')
    put(
      'sales/_columns.json',
      JSON.stringify({ _dataset: { title: 'Sales', key: ['receipt'] }, sum: { about: 'Paid.', unit: 'SEK', type: 'double' } }),
    )
    const source = await newSource({ folder: 'sales' }).load()
    expect(source.discovery!.datasets[0]).toMatchObject({ name: 'sales', title: 'Sales', key: ['receipt'] })
    expect(source.discovery!.datasets[0]!.columns[1]).toMatchObject({ about: 'Paid.', unit: 'SEK', kind: 'double' })
    expect(source.values('zip')).toEqual(['01234', '2'])
  })

  it('are described by _columns.json with a mark in front, as Windows saves it', async () => {
    put('a.csv', 'id\n1\n')
    put('_columns.json', `\uFEFF${JSON.stringify({ id: { title: 'Nummer' } })}`)
    expect((await newSource().load()).discovery!.datasets[0]!.columns.at(-1)).toMatchObject({ title: 'Nummer' })
  })

  it('belong to whom _columns.json names, or to nobody', async () => {
    const provider = { name: 'A city', url: 'https://city.example/data', licence: 'CC0' }
    put('sales/a.csv', 'receipt,sum\nA,1\n')
    expect((await newSource({ folder: 'sales' }).load()).discovery!.provider).toBeUndefined()
    put('sales/_columns.json', JSON.stringify({ _dataset: { provider } }))
    expect((await newSource({ folder: 'sales' }).load()).discovery!.provider).toEqual(provider)
  })

  it('refuse a _columns.json that is wrong, with a sentence', async () => {
    put('a.csv', 'id\n1\n')
    put('_columns.json', '{"id":{"rol":"time"}}')
    await expect(open()).rejects.toThrow(/_columns\.json cannot be used: id/)
    put('_columns.json', '{')
    await expect(open()).rejects.toThrow(/not valid JSON/)
  })
})

describe('the folder', () => {
  it('is not searched by a pattern that stands for very many', () => {
    const isTaken = (pattern: string): boolean => files.config.safeParse({ pattern }).success
    expect(['*.csv', '2026-*/**', '{a,b}-{1,2}.{csv,tsv}', '..a/{b}'].filter((pattern) => !isTaken(pattern))).toEqual([])
    expect(['{1..9999999}', '{a,{1..99999}}', '{a,b}{a,b}{a,b}{a,b}'].filter(isTaken)).toEqual([])
  })

  it('that is empty fails the connection test with a sentence, and loads nothing', async () => {
    const { context } = await open()
    await expect(files.check!(context)).rejects.toThrow(/no file that ends in \.csv, .* in the files folder/)
    expect((await newSource().load()).read).toBe(0)
  })

  it.each(['..', '../x', 'a/../..', '/etc', 'a\\..\\b', 'C:/x', 'link', 'link/deeper', 'absent', 'a.csv'])(
    '%s is refused',
    async (folder) => {
      put('outside/deeper/b.csv', 'id\n2\n')
      mkdirSync(join(disk.root, 'files'))
      put('files/a.csv', 'id\n1\n')
      symlinkSync(join(disk.root, 'outside'), join(disk.root, 'files', 'link'))
      await expect(open({ folder }, join(disk.root, 'files'))).rejects.toThrow(ConfigError)
    },
  )

  it.skipIf(process.platform === 'win32')('gives no links, pipes, hidden files or other endings', async () => {
    put('a.csv', 'id\n1\n')
    put('.hidden.csv', 'id\n2\n')
    put('_notes.csv', 'id\n3\n')
    put('notes.txt', 'id\n4\n')
    symlinkSync('/etc/passwd', join(disk.root, 'passwd.csv'))
    symlinkSync('/etc', join(disk.root, 'etc'))
    execFileSync('mkfifo', [join(disk.root, 'pipe.csv')])
    expect((await newSource().load()).values('id')).toEqual([1])
  })

  it('is narrowed by a pattern', async () => {
    put('2025/a.csv', 'id\n1\n')
    put('2026/a.csv', 'id\n2\n')
    put('2026/deep/b.json', '{"id":3}')
    expect((await newSource({ pattern: '2026/**' }).load()).values('id')).toEqual([2, 3])
    expect((await newSource({ pattern: '*/*.csv' }).load()).values('id')).toEqual([1, 2])
  })
})

describe('hostile text', () => {
  it('arrives as it stands in the file', async () => {
    const texts = ['=1+1', '<script>', '👩‍👩‍👧', 'a\u202Eb', '  spaces  ', "'; DROP TABLE x", '"quotes"', 'line\r\nend', ',', 'e\u0301']
    put('a.csv', `id,t\n${texts.map((text, index) => `${index},"${text.replaceAll('"', '""')}"\n`).join('')}`)
    put('b.ndjson', texts.map((t, index) => `${JSON.stringify({ id: index + 100, t })}\n`).join(''))
    const source = await newSource().load()
    expect(source.values('t')).toEqual([...texts, ...texts])
  })

  it('in names of JSON parts is a name like any other', async () => {
    put('a.ndjson', '{"id":1,"__proto__":"x","constructor":"y","a":{"__proto__":"z"}}\n')
    const source = await newSource().load()
    expect(['proto', 'constructor', 'a_proto'].map((column) => source.values(column))).toEqual([['x'], ['y'], ['z']])
  })

  it('keeps every digit of a number', async () => {
    put('a.json', '[{"id":9007199254740993,"v":0.1},{"id":1,"v":2}]')
    const source = await newSource().load()
    expect(source.values('id').map(String)).toEqual(['9007199254740993', '1'])
    expect(recordText(source.pages[0]!.records[0])).toContain('9007199254740993')
  })
})

describe('the sample', () => {
  it('is the whole week of the survey, with nothing set aside', async () => {
    const { streams, datasets } = await open({ folder: 'earthquakes' }, join(import.meta.dirname, 'samples'))
    const table = new MemoryTable(datasets[0]!)
    for (const page of await collectPages(streams[0]!)) table.add(page)
    expect(table.contents()).toHaveLength(1707)
    expect(table.rejected).toEqual([])
    expect(Math.max(...(table.values('mag') as number[]))).toBe(6.4)
  })
})
