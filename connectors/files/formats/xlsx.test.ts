import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Source, testFolder } from '../testing/source.ts'
import { workbookOf, zipOf } from '../testing/zip.ts'
import { dateOf, styleOfCode } from './xlsx-dates.ts'

const disk = testFolder()
const { put } = disk
const newSource = (config: Record<string, unknown> = {}) => new Source(config, { filesFolder: disk.root })
const fixture = (name: string): void => copyFileSync(join(import.meta.dirname, '../fixtures/formats', name), join(disk.root, name))

/** A row of cells, each as XML without its place. */
const row = (number: number, ...cells: string[]): string =>
  `<row r="${number}">${cells.map((cell, index) => cell.replace('<c', `<c r="${String.fromCharCode(65 + index)}${number}"`)).join('')}</row>`
const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`
const number = (value: string | number, style = 0): string => `<c s="${style}"><v>${value}</v></c>`

describe('a workbook', () => {
  it.each(['book.xlsx', 'book-1904.xlsx'])('%s of another program is read with the kinds of its cells', async (name) => {
    fixture(name)
    const source = await newSource().load()
    expect(source.columns).toEqual({
      id: 'int',
      name: 'text',
      price: 'double',
      day: 'date',
      at: 'instant',
      clock: 'text',
      ok: 'boolean',
      sum: 'text',
      note: 'text',
    })
    expect(source.values('day')).toEqual(['2026-01-31', '1999-12-31', '2026-03-01'])
    expect(source.values('at')).toEqual(['2026-01-31T12:30:15.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T01:02:03.456Z'])
    expect(source.values('clock')).toEqual(['08:30:00', '23:59:59', '00:00:00'])
    expect(source.values('price')).toEqual([12.5, 0.1, 1e21])
    expect(source.values('note')).toEqual(['line\nend', null, ' spaces '])
  })

  it('gives the sheet that the settings name', async () => {
    fixture('book.xlsx')
    expect((await newSource({ sheet: 'Other' }).load()).values('x')).toEqual([7])
    const wrong = newSource({ sheet: 'Othr' })
    await expect(wrong.check()).rejects.toMatchObject({
      fields: [{ name: 'sheet', message: 'book.xlsx: There is no sheet "Othr" in this workbook. It has: Sales, Other, Hidden.' }],
    })
  })

  it('gives the values of formulas; #N/A is empty, other errors set their row aside', async () => {
    const rows = [
      row(1, text('id'), text('sum')),
      row(2, number(1), '<c><f>A2*2</f><v>2</v></c>'),
      row(3, number(2), '<c t="str"><f>"a"&amp;"b"</f><v>3.5</v></c>'),
      row(4, number(3), '<c t="e"><f>NA()</f><v>#N/A</v></c>'),
      row(5, number(4), '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    ]
    put('a.xlsx', workbookOf(rows.join('')))
    const source = await newSource().load()
    expect(source.values('sum')).toEqual(['2', '3.5', null])
    expect(source.reasons).toEqual(['a.xlsx, line 5: Cell B5 shows the error #DIV/0!.'])
  })

  it('has texts in parts, with marks for what XML cannot hold and without how they are spoken', async () => {
    const texts =
      '<si><t>id</t></si><si><r><t>ri</t></r><r><t xml:space="preserve">ch </t></r><rPh><t>spoken</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si>'
    const cell = (index: number) => `<c t="s"><v>${index}</v></c>`
    put(
      'a.xlsx',
      workbookOf(
        [
          row(1, cell(0), text('t')),
          row(2, number(1), cell(1)),
          row(3, number(2), cell(2)),
          row(4, number(3), text('=1+1 &lt;b&gt;')),
        ].join(''),
        { texts },
      ),
    )
    expect((await newSource().load()).values('t')).toEqual(['rich ', 'a\rb_x0041_', '=1+1 <b>'])
  })

  it('keeps every digit of whole numbers that another program than Excel wrote', async () => {
    const ids = ['9007199254740993', '-9007199254740993', '123456789012345678', '12']
    put('a.xlsx', workbookOf([row(1, text('n')), ...ids.map((id, index) => row(index + 2, number(id)))].join('')))
    const source = await newSource().load()
    expect(source.columns['n']).toBe('int')
    expect(source.values('n').map(String)).toEqual(ids)
  })

  it('may leave out rows, cells and places, and have a title row that is not full', async () => {
    const rows = `<row r="3"><c r="B3" t="inlineStr"><is><t>id</t></is></c><c r="D3" t="inlineStr"><is><t>n</t></is></c></row><row r="4"/><row r="7"><c r="D7"><v>5</v></c></row><row><c><v>9</v></c><c><v>8</v></c></row><row r="9"><c r="F9"><v>1</v></c></row>`
    put('a.xlsx', workbookOf(rows))
    const source = await newSource({ key: 'record' })
      .load()
      .catch((error: unknown) => error)
    expect(source).toBeInstanceOf(Error)
    const plain = await newSource().load()
    expect(Object.keys(plain.columns)).toEqual(['file', 'record', 'column_1', 'id', 'column_3', 'n'])
    expect(plain.values('n')).toEqual([5, null])
    expect(plain.values('id')).toEqual([null, 8])
    expect(plain.reasons).toEqual(['a.xlsx, line 9: Cell F9 has a value, but the first row gives that column no name.'])
  })

  it('goes on at the row where a load was broken off', async () => {
    const rows = Array.from({ length: 15_000 }, (_, index) => row(index + 2, number(index + 1), text(`name ${index}`)))
    put('a.xlsx', workbookOf(row(1, text('id'), text('name')) + rows.join('')))
    const source = newSource()
    let read = 0
    for (let loads = 0; loads < 10; loads++) read += (await source.load(1)).read
    expect(read).toBe(15_000)
    expect(source.values('id')).toHaveLength(15_000)
  })
})

describe('dates', () => {
  it.each<[string, number, boolean, string | number]>([
    ['the first day', 1, false, '1900-01-01'],
    ['the last day before the one that never was', 59, false, '1900-02-28'],
    ['the day that never was, which no column of dates takes', 60, false, '1900-02-29'],
    ['the day after it', 61, false, '1900-03-01'],
    ['a day of today', 46053, false, '2026-01-31'],
    ['the same day in the other system', 44591, true, '2026-01-31'],
    ['day 0 of the other system', 0, true, '1904-01-01'],
    ['the last day', 2958465, false, '9999-12-31'],
    ['a day beyond', 2958466, false, 2958466],
    ['a number below 0', -1, false, -1],
  ])('%s', (_what, serial, is1904, expected) => {
    expect(dateOf(serial, 'date', is1904)).toBe(expected)
  })

  it('keep milliseconds and lose the dust behind them', () => {
    expect(dateOf(46053.521006944444, 'instant', false)).toBe('2026-01-31T12:30:15')
    expect(dateOf(46053.0430955555, 'instant', false)).toBe('2026-01-31T01:02:03.456')
    expect(dateOf(46053.99999999999, 'instant', false)).toBe('2026-02-01T00:00:00')
    expect(dateOf(46053.5, 'date', false)).toBe('2026-01-31T12:00:00')
    expect(dateOf(0.99999999999, 'time', false)).toBe('23:59:59.999')
  })

  it.each([
    ['yyyy\\-mm\\-dd', 'date'],
    ['[$-409]d\\-mmm\\-yy;@', 'date'],
    ['[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy', 'date'],
    ['mmm\\-yy', 'date'],
    ['dd/mm/yyyy hh:mm', 'instant'],
    ['yyyy-mm-dd"T"hh:mm:ss.000', 'instant'],
    ['h:mm AM/PM', 'time'],
    ['mm:ss', 'time'],
    ['[h]:mm:ss', null],
    ['General', null],
    ['0.00', null],
    ['#,##0 "days"', null],
    ['0.00E+00', null],
    ['#,##0.00\\ [$kr-41D]', null],
    ['[Red]0;[Blue]-0', null],
    ['@', null],
  ])('a number format %s shows %s', (code, style) => {
    expect(styleOfCode(code)).toBe(style)
  })
})

describe('a workbook that cannot be read', () => {
  const rows = row(1, text('id')) + row(2, number(1))
  it.each<[string, () => Buffer, RegExp]>([
    [
      'is an archive of something else',
      () => zipOf([{ name: 'a.csv', data: 'id\n1\n' }]),
      /zip archive and no workbook\. Archives are not opened/,
    ],
    [
      'has a name that leads out of it',
      () => workbookOf(rows, { more: [{ name: '../../etc/evil', data: 'x' }] }),
      /cannot be read; it is damaged\. invalid relative path/,
    ],
    [
      'has an absolute name',
      () => workbookOf(rows, { more: [{ name: '/etc/evil', data: 'x' }] }),
      /cannot be read; it is damaged\. absolute path/,
    ],
    ['is cut off', () => workbookOf(rows).subarray(0, 900), /cannot be read; it is damaged/],
    ['has broken XML', () => workbookOf('<row><c></row>'), /cannot be read; it is damaged/],
    ['declares entities', zipWithDoctype, /declares a document type/],
    ['is nested without an end', () => workbookOf('<a>'.repeat(1000)), /nested too deep/],
    ['holds a text without an end', () => workbookOf(`<row><c t="str"><v>${'x'.repeat(20_000_000)}`), /text without an end/],
    ['unpacks to very much', () => workbookOf(' '.repeat(150_000_000)), /unpacks to \d+ MB, more than is read/],
    ['says that it is small and is not', lying, /cannot be read; it is damaged\. too many bytes in the stream/],
    ['has a cell where no column is', () => workbookOf('<row><c r="ZZZZZZ1"><v>1</v></c></row>'), /It has a cell at ZZZZZZ1/],
    [
      'has a cell that points to a text that is not there',
      () => workbookOf(`${row(1, text('id'))}<row><c t="s"><v>1</v></c></row>`, { texts: '<si><t>a</t></si>' }),
      /It has no text 1, which the cell A2 shows/,
    ],
    ['has a row without end', () => workbookOf(`<row>${'<c><v>1</v></c>'.repeat(20_000)}</row>`), /more than 16384 cells in one row/],
    [
      'has no sheet',
      () =>
        zipOf([
          {
            name: '_rels/.rels',
            data: '<Relationships><Relationship Id="1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
          },
          { name: 'xl/workbook.xml', data: '<workbook/>' },
        ]),
      /This workbook has no sheet/,
    ],
  ])('because it %s is set aside with a sentence', async (_why, content, reason) => {
    put('a.xlsx', content())
    put('b.csv', 'id\n1\n')
    const source = await newSource({ key: 'id' }).load()
    expect(source.values('id')).toEqual([1])
    expect(source.reasons).toEqual([expect.stringMatching(reason)])
    expect((await source.load()).read).toBe(0)
  })

  function zipWithDoctype(): Buffer {
    return zipOf([{ name: '_rels/.rels', data: '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Relationships/>' }])
  }

  function lying(): Buffer {
    return zipOf([
      { name: '_rels/.rels', data: '<Relationships><Relationship Id="1" Type="x/officeDocument" Target="w.xml"/></Relationships>' },
      { name: 'w.xml', data: `<workbook>${' '.repeat(100_000)}</workbook>`, claims: 100 },
    ])
  }
})
