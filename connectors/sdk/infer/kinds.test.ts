import { describe, expect, it } from 'vitest'
import { convert, kindOfValue, widen, widenKnown, type FoundKind } from './kinds.ts'

describe('the kind of a cell', () => {
  it.each<[string, FoundKind | null]>([
    ['', null],
    ['NA', null],
    ['0', 'int'],
    ['-12', 'int'],
    ['9223372036854775807', 'int'],
    ['9223372036854775808', 'text'],
    ['007', 'text'],
    ['+46701234567', 'text'],
    ['1.50', 'double'],
    ['.5', 'double'],
    ['-.5', 'double'],
    ['00.5', 'text'],
    ['1e3', 'double'],
    ['1e999', 'text'],
    ['0.30000000000000004', 'double'],
    ['0.1000000000000000055', 'text'],
    ['1,5', 'text'],
    ['-', null],
    ['.', 'text'],
    ['True', 'boolean'],
    ['yes', 'text'],
    ['2026-02-28', 'date'],
    ['2026-02-30', 'text'],
    ['2026-02-28T10:00:00Z', 'instant'],
    ['2026-02-28 10:00', 'instant'],
    ['2026-02-28T10:00:00.123+05:30', 'instant'],
    ['2026-02-28T10:00:00.1234567Z', 'text'],
    ['2026-02-28T25:00:00Z', 'text'],
  ])('%j is %s', (cell, kind) => {
    expect(kindOfValue(cell, false)).toBe(kind)
  })

  it('of JSON goes by what JSON says', () => {
    const values = ['7', 7, 7.5, 2n ** 62n, true, { a: 1 }, [1], null, '2026-02-28']
    expect(values.map((value) => kindOfValue(value, true))).toEqual([
      'text',
      'int',
      'double',
      'int',
      'boolean',
      'json',
      'json',
      null,
      'date',
    ])
  })
})

describe('kinds widen', () => {
  it('to what takes both', () => {
    expect(widen('int', 'double')).toBe('double')
    expect(widen(null, 'date')).toBe('date')
    expect(widen('date', 'instant')).toBe('text')
    expect(widen('int', 'boolean')).toBe('text')
    expect(widen('json', 'text')).toBe('json')
  })

  it('from whole numbers to numbers, but never to text, once there is a table', () => {
    expect(widenKnown('int', 'double')).toBe('double')
    expect(widenKnown('int', 'text')).toBe('int')
    expect(widenKnown('double', 'int')).toBe('double')
    expect(widenKnown('text', 'int')).toBe('text')
  })
})

describe('values', () => {
  it.each<[FoundKind, string, unknown]>([
    ['int', ' 12 ', 12],
    ['int', '9007199254740993', 9007199254740993n],
    ['int', 'abc', 'abc'],
    ['double', '-.5', -0.5],
    ['double', 'NaN', null],
    ['boolean', 'FALSE', false],
    ['instant', '2026-02-28 10:00', '2026-02-28 10:00Z'],
    ['text', ' NA ', ' NA '],
    ['text', '', ''],
    ['date', '', null],
  ])('%s %j becomes %s', (kind, cell, value) => {
    expect(convert(kind, cell, false)).toEqual(value)
  })

  it.each(['9007199254740993', '12345678901234567891', '9'.repeat(400), '0.1000000000000000055', '1e999'])(
    'of %s stay text in a column of numbers, which would round it',
    (cell) => expect(convert('double', cell, false)).toBe(cell),
  )

  it('of JSON become text with all their digits where the column is text', () => {
    expect(convert('text', 2n ** 60n, true)).toBe('1152921504606846976')
    expect(convert('text', { id: 2n ** 60n }, true)).toBe('{"id":1152921504606846976}')
  })
})
