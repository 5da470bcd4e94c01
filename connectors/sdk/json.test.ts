import { describe, expect, it } from 'vitest'
import { RecordError } from './errors.ts'
import { parseJson, parseRecord, readNumber, stringifyJson } from './json.ts'
import { laterRecord, rawRecord, readRecord, recordText, recordValue, unreadable } from './record.ts'

describe('parseJson', () => {
  it.each([
    ['9007199254740993', 9007199254740993n],
    ['9007199254740996', 9007199254740996n],
    ['-12345678901234567890', -12345678901234567890n],
    ['9007199254740991', 9007199254740991],
    ['0.1', 0.1],
    ['131.05593387019354', 131.05593387019354],
    ['0.12345678901234567890', '0.12345678901234567890'],
    ['5.0000000000000001', '5.0000000000000001'],
    ['1e3', 1000],
    ['1.5E+300', 1.5e300],
    ['1e400', '1e400'],
    ['1e-400', '1e-400'],
    ['6.02214076e23', 6.02214076e23],
    ['100000000000000000000.0', 1e20],
    ['-0', -0],
  ])('reads %s without losing a digit', (text, value) => {
    expect(parseJson(text)).toBe(value)
    expect(parseJson(`{"a":[ ${text}]}`)).toEqual({ a: [value] })
    expect(readNumber(text)).toBe(value)
  })

  it('is not fooled by numbers inside text', () => {
    const value = { a: 'x: 12345678901234567890', b: ',1e400', c: [12345678901234567890n] }
    expect(parseJson('{"a":"x: 12345678901234567890","b":",1e400","c":[12345678901234567890]}')).toEqual(value)
  })

  it.each([
    ['{"a":NaN}', /sent NaN/],
    ['[1,-Infinity]', /sent -Infinity/],
    ['', /empty answer/],
    ['<!doctype html>', /web page/],
    ['{"a":1', /not JSON/],
    ['[1,]', /not JSON/],
    ['[01]', /not JSON/],
  ])('refuses %j with a plain sentence', (text, sentence) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'SOURCE_NOT_JSON', message: expect.stringMatching(sentence) }))
  })
})

describe('recordText', () => {
  it.each([
    ['[%,%]', (body: any) => body],
    [' \n[ % ,\t% ] ', (body: any) => body],
    ['{"orders":[%,%],"next":"]}\\""}', (body: any) => body.orders],
    ['{"a":"\\\\","data":{"x":[[1],{"y":[]}],"orders":{"nodes":[%,%]}}}', (body: any) => body.data.orders.nodes],
    ['{"orders":[{"no":1},{"no":2},{"no":3}],"orders":[%,%]}', (body: any) => body.orders],
    ['{"\\u006frders":[%,%]}', (body: any) => body.orders],
  ])('keeps the bytes of each record in %s', (frame, find) => {
    const own = ['{ "id" : 1.50 , "t":"\\u00e5 }]\\\\" }', '{"id":12345678901234567890,"id":2,"n":[{"deep":[]}]}']
    const body = parseJson(own.reduce((text, record) => text.replace('%', () => record), frame))
    expect(find(body).map(recordText)).toEqual(own)
  })

  it('follows JSON.parse when a name comes twice', () => {
    const body = parseJson('{"a":[{"x":1}],"a":{"b":[{"y": 2}]},"__proto__":[{"z": 3}]}')
    expect(recordText(body.a.b[0])).toBe('{"y": 2}')
    expect(recordText(body['__proto__'][0])).toBe('{"z": 3}')
  })

  it('agrees with JSON.parse on made-up JSON', () => {
    let state = 7
    const dice = (sides: number): number => (state = (state * 48271) % 2147483647) % sides
    const space = (): string => ['', ' ', '\n\t'][dice(3)]!
    const string = (): string => JSON.stringify(['', 'a"b', '\\', '\\"', '}{][,:', 'å😀', '\u0000'][dice(7)]!)
    const made = (depth: number): string => {
      const list = (part: () => string): string => Array.from({ length: dice(4) }, () => space() + part() + space()).join(',') || space()
      const kind = dice(depth > 4 ? 3 : 5)
      if (kind === 0) return string()
      if (kind === 1) return ['-1.50', '0', '12e1', 'true', 'null'][dice(5)]!
      if (kind === 2) return `{"r${dice(9)}":${space()}${string()}}`
      return kind === 3 ? `[${list(() => made(depth + 1))}]` : `{${list(() => `${string()}${space()}:${space()}${made(depth + 1)}`)}}`
    }
    let checked = 0
    const check = (value: unknown, source: string): void => {
      if (typeof value !== 'object' || value === null) return
      if (!Array.isArray(value)) return Object.values(value).forEach((part) => check(part, source))
      for (const element of value) {
        if (typeof element !== 'object' || element === null || Array.isArray(element)) continue
        const own = recordText(element)
        expect(JSON.parse(own)).toEqual(element)
        if (own !== JSON.stringify(element)) checked++
      }
    }
    for (let round = 0; round < 2000; round++) {
      const source = space() + made(0) + space()
      check(parseJson(source), source)
    }
    expect(checked).toBeGreaterThan(100)
  })

  it('writes out what the source did not send', () => {
    expect(recordText({ id: 12345678901234567890n, at: new Date(0), none: undefined })).toBe(
      '{"id":12345678901234567890,"at":"1970-01-01T00:00:00.000Z"}',
    )
    const [record] = parseJson('[{"a" : 1}]')
    expect(recordText({ ...record, b: 2 })).toBe('{"a":1,"b":2}')
    expect(() => recordText({ a: NaN })).toThrow('cannot carry the number NaN')
    expect(() => recordText(undefined)).toThrow('missing value')
  })

  it('gives raw records as they are', () => {
    expect([recordText(rawRecord('1;2', { a: 1 })), recordValue(rawRecord('1;2', { a: 1 }))]).toEqual(['1;2', { a: 1 }])
    expect(recordText(unreadable('"broken', 'why'))).toBe('"broken')
    expect(recordValue(5)).toBe(5)
  })

  it('reads a later record once, when it is asked for', () => {
    const asked: string[] = []
    const read = (rest: string): unknown => {
      asked.push(rest)
      if (rest === 'bad') throw new RecordError('no number')
      return Number(rest)
    }
    const [good, bad] = ['17', 'bad'].map((rest) => laterRecord({ head: 'n=', read }, rest))
    expect([recordText(good), recordText(bad), asked.length]).toEqual(['n=17', 'n=bad', 0])
    expect([good!.problem, recordValue(good), bad!.problem, recordValue(bad)]).toEqual([null, 17, 'no number', null])
    expect(asked).toEqual(['17', 'bad'])
  })
})

describe('readRecord', () => {
  it('makes a record of its text again, and never throws', () => {
    expect(readRecord('{"a":1}')).toMatchObject({ text: '{"a":1}', value: { a: 1 }, problem: null })
    expect(readRecord('{"a":')).toMatchObject({ text: '{"a":', problem: expect.stringContaining('not JSON') })
    expect(readRecord('1;2', (text) => text.split(';'))).toMatchObject({ text: '1;2', value: ['1', '2'], problem: null })
    expect(readRecord('1;2', (text) => unreadable(text, 'short'))).toMatchObject({ problem: 'short' })
  })
})

describe('stringifyJson', () => {
  it('writes what parseRecord reads', () => {
    const text = '{"id":12345678901234567890,"n":1.5,"s":"å","l":[null,true]}'
    expect(stringifyJson(parseRecord(text))).toBe(text)
  })
})
