import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { date, decimal, image, instant, int64, json } from './column-types.ts'
import { Fault, ruleOf, type ColumnType } from './rules.ts'

const taken = (type: ColumnType, value: unknown): unknown => {
  const result = ruleOf(type)(value)
  return result instanceof Fault ? `! ${result.reason}` : result
}
const refused = (sentence: string) => expect.stringMatching(new RegExp(`^! .*${sentence}`))

describe('decimal', () => {
  it.each([
    ['12.5', '12.50'],
    ['12.500', '12.50'],
    ['-0.00', '0.00'],
    ['+3', '3.00'],
    ['.5', '0.50'],
    ['007', '7.00'],
    ['1e2', '100.00'],
    ['5E-2', '0.05'],
    [0.1, '0.10'],
    [-0, '0.00'],
    [-12.34, '-12.34'],
    [1e-2, '0.01'],
    [9007199254740993n, '9007199254740993.00'],
    ['9999999999999999.99', '9999999999999999.99'],
    ['-9999999999999999.99', '-9999999999999999.99'],
  ])('takes %o as %s', (value, text) => expect(taken({ kind: 'decimal', precision: 18, scale: 2 }, value)).toBe(text))

  it.each([
    ['12.345', 'more than 2 decimals'],
    [1e-7, 'more than 2 decimals'],
    ['10000000000000000', 'more than 16 digits before'],
    [1e16, 'more than 16 digits before'],
    ['1e999999999', 'digits before'],
    [1234567890123.456, 'more than 15 digits'],
    [0.1 + 0.2, 'more than 15 digits'],
    ['', 'decimal number such as'],
    ['.', 'decimal number such as'],
    ['1,5', 'decimal number such as'],
    [' 1', 'decimal number such as'],
    ['0x1f', 'decimal number such as'],
    [NaN, 'decimal number such as'],
    [Infinity, 'decimal number such as'],
    [true, 'not true or false'],
  ])('refuses %o', (value, sentence) => expect(taken({ kind: 'decimal', precision: 18, scale: 2 }, value)).toEqual(refused(sentence)))

  it('keeps whole numbers without a point, and all decimals when there is nothing else', () => {
    expect(taken({ kind: 'decimal', precision: 5, scale: 0 }, '42.0')).toBe('42')
    expect(taken({ kind: 'decimal', precision: 2, scale: 2 }, '0.07')).toBe('0.07')
    expect(taken({ kind: 'decimal', precision: 2, scale: 2 }, '1')).toEqual(refused('0 digits before'))
  })
})

describe('int', () => {
  it.each([
    [5, 5],
    ['-9223372036854775808', -(2n ** 63n)],
    [2n ** 63n - 1n, 2n ** 63n - 1n],
    ['+7', 7n],
  ])('takes %o', (value, kept) => expect(taken({ kind: 'int' }, value)).toBe(kept))

  it('has no minus zero', () => expect(Object.is(taken({ kind: 'int' }, -0), 0)).toBe(true))

  it.each([
    [2n ** 63n, 'beyond 64 bits'],
    [2 ** 53, 'whole number'],
    [1.5, 'whole number'],
    ['1.0', 'not text'],
    ['', 'not text'],
    [null, 'not null'],
  ])('refuses %o', (value, sentence) => expect(taken({ kind: 'int' }, value)).toEqual(refused(sentence)))
})

describe('double', () => {
  it('takes finite numbers, and bigint only when nothing is lost', () => {
    expect(taken({ kind: 'double' }, 1.5)).toBe(1.5)
    expect(taken({ kind: 'double' }, 2n ** 60n)).toBe(2 ** 60)
    expect(taken({ kind: 'double' }, 2n ** 60n + 1n)).toEqual(refused('more digits'))
    expect(taken({ kind: 'double' }, 10n ** 400n)).toEqual(refused('more digits'))
    expect(taken({ kind: 'double' }, NaN)).toEqual(refused('finite'))
    expect(taken({ kind: 'double' }, '1')).toEqual(refused('not text'))
  })
})

describe('text', () => {
  it.each(['', ' a ', '\u00e5', 'a\u030a', '\u{1f600}', '\u200b\r\n\t', '\u202e'])('keeps %j as it is', (text) =>
    expect(taken({ kind: 'text' }, text)).toBe(text),
  )

  it('refuses what cannot be stored unchanged', () => {
    expect(taken({ kind: 'text' }, 'a\ud800b')).toEqual(refused('unpaired surrogate'))
    expect(taken({ kind: 'text' }, 'a\0b')).toEqual(refused('NUL'))
    expect(taken({ kind: 'text', max: 2 }, 'abc')).toEqual(refused('longer than 2'))
    expect(taken({ kind: 'text', values: ['a', 'b'] }, 'c')).toEqual(refused('one of a, b'))
    expect(taken({ kind: 'text' }, 1)).toEqual(refused('not a number'))
    expect(taken({ kind: 'image' }, 'k'.repeat(192))).toEqual(refused('longer than 191'))
  })
})

describe('date', () => {
  it.each(['0001-01-01', '2024-02-29', '9999-12-31'])('takes %s', (day) => expect(taken({ kind: 'date' }, day)).toBe(day))
  it.each(['0000-01-01', '2023-02-29', '1900-02-29', '2024-13-01', '2024-1-1', '2024-01-01T00:00:00Z', '20240101', 20240101])(
    'refuses %s',
    (day) => expect(taken({ kind: 'date' }, day)).toEqual(refused('')),
  )
})

describe('instant', () => {
  it.each([
    ['2026-01-31T12:00:00.123Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31 12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-01T00:30:00.5+01', '2025-12-31T23:30:00.500Z'],
    ['2026-12-31T23:30:00-0130', '2027-01-01T01:00:00.000Z'],
    ['2026-01-31t12:00:00,120000000z', '2026-01-31T12:00:00.120Z'],
    ['1000-01-01T00:00:00Z', '1000-01-01T00:00:00.000Z'],
    ['0999-12-31T23:00:00-01:00', '1000-01-01T00:00:00.000Z'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [1769860800123, '2026-01-31T12:00:00.123Z'],
  ])('takes %o as %s', (value, text) => expect(taken({ kind: 'instant' }, value)).toBe(text))

  it.each([
    ['2026-01-31T12:00:00', 'no time zone'],
    ['2026-01-31T12:00:00.1234Z', 'finer than a millisecond'],
    ['2026-02-30T12:00:00Z', 'not a time of the calendar'],
    ['2026-01-31T24:00:00Z', 'not a time of the calendar'],
    ['2026-01-31T23:59:60Z', 'not a time of the calendar'],
    ['2026-01-31T12:00:00+24:00', 'no clock knows'],
    ['0999-12-31T23:59:59Z', 'years 1000 to 9999'],
    ['9999-12-31T23:59:59-01:00', 'years 1000 to 9999'],
    ['yesterday', 'must be a time such as'],
    ['2026-01-31', 'must be a time such as'],
    [new Date('x'), 'whole number of milliseconds'],
    [1.5, 'whole number of milliseconds'],
    [8.64e15, 'years 1000 to 9999'],
    [true, 'must be a point in time'],
  ])('refuses %o', (value, sentence) => expect(taken({ kind: 'instant' }, value)).toEqual(refused(sentence)))
})

describe('json', () => {
  it('keeps every digit and any value', () => {
    expect(taken({ kind: 'json' }, { id: 12345678901234567890n, list: [null, true, 'å'] })).toBe(
      '{"id":12345678901234567890,"list":[null,true,"å"]}',
    )
    expect(taken({ kind: 'json' }, 'text')).toBe('"text"')
    expect(taken({ kind: 'json' }, [Infinity])).toEqual(refused('cannot carry the number Infinity'))
    expect(taken({ kind: 'json' }, { f: () => 1 })).toEqual(refused('cannot carry a function'))
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    expect(taken({ kind: 'json' }, circle)).toEqual(refused('cannot be written as JSON'))
  })
})

describe('the helpers', () => {
  it.each([
    [decimal(4, 1), 1.5, '1.5'],
    [int64(), '12', 12n],
    [int64(), 12, 12n],
    [date(), '2024-02-29', '2024-02-29'],
    [instant(), 0, '1970-01-01T00:00:00.000Z'],
    [json(), null, 'null'],
    [image(), 'key', 'key'],
    [instant().optional(), undefined, undefined],
  ] as [z.ZodType, unknown, unknown][])('give settled values (%#)', (schema, value, expected) =>
    expect(schema.parse(value)).toEqual(expected),
  )

  it('say what is wrong', () => {
    expect(decimal(4, 1).safeParse('1.55').error?.issues[0]?.message).toBe('has more than 1 decimals')
    expect(instant().safeParse(undefined).success).toBe(false)
    expect(json().safeParse(undefined).success).toBe(false)
  })
})
