import { readRecord, type DiscoveredDataset } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { convert, type FoundKind } from '@handover/sdk/infer'
import { csvRecords, jsonLines, parseRecord, readHeader, type FileRecord } from './record.ts'
import { hintOf, toRow } from './transform.ts'

/** Chance that can be repeated. */
let state = 5
const dice = (sides: number): number => (state = (state * 48271) % 2147483647) % sides
const pick = <T>(list: readonly T[]): T => list[dice(list.length)]!
const made = (pieces: readonly string[], most: number): string => Array.from({ length: dice(most) }, () => pick(pieces)).join('')

const said = (record: { readonly text: string; readonly value: unknown; readonly problem: string | null }) => ({
  text: record.text,
  value: record.problem === null ? record.value : null,
  problem: record.problem,
})

describe('a record that is read in its turn', () => {
  const FILES = ['a.csv', 'ü "x".csv', 'a\\,"record":1,"value":{}.csv']

  it('is what its text in the lake makes again: CSV', () => {
    const pieces = ['a', ',', '"', '\\', '\n', '\u2028', '👩‍👧', '\u0001', 'é', ';', '{"', '"text":', "'"]
    const cell = (): string => (dice(3) === 0 ? `"${made(pieces, 6).replaceAll('"', '""')}"` : made(['a', '\\', 'é', ';', '5"'], 4))
    for (let round = 0; round < 3000; round++) {
      const header = readHeader(pick(['id,name', '"a ""b""",__proto__,constructor', 'x', ',,a,A']), ',')
      const record = csvRecords(pick(FILES), header)(dice(1e6), dice(1e6), [cell(), cell()].slice(dice(2)).join(','))
      expect(said(readRecord(record.text, parseRecord))).toEqual(said(record))
    }
  })

  it('is what its text in the lake makes again: NDJSON', () => {
    const pieces = [
      '{"a":1',
      '}',
      ',',
      '"gone":true',
      '"problem":"x"',
      '"value":',
      '{}',
      '[1]',
      '"',
      '\\',
      '12345678901234567890',
      'null',
      ' ',
    ]
    let whole = 0
    for (let round = 0; round < 3000; round++) {
      const record = jsonLines(pick(FILES))(dice(1e6), dice(1e6), made(pieces, 6))
      expect(said(readRecord(record.text, parseRecord))).toEqual(said(record))
      if (record.problem === null) whole++
    }
    expect(whole).toBeGreaterThan(20)
  })

  it('takes nothing that a line says of itself for what we say of it', () => {
    const record = jsonLines('a.ndjson')(1, 2, '{"a":1},"gone":true,"x":{}')
    expect(record.problem).toMatch(/^a\.ndjson, line 2: This is not JSON/)
    expect(jsonLines('a.ndjson')(1, 2, '5').problem).toMatch(/line 2: This is JSON, but not an object/)
  })

  it.each<[string, unknown]>([
    [
      '{"file":"a.ndjson","record":3,"value":{"id":1,"at":{"x":2}}}',
      { file: 'a.ndjson', record: 3, values: { id: 1, 'at.x': 2 }, typed: true },
    ],
    [
      '{"file":"a.csv","delimiter":";","header":"id;n","record":3,"line":4,"text":"1;\\"a\\"\\"b\\""}',
      { file: 'a.csv', record: 3, values: { id: '1', n: 'a"b' }, typed: false },
    ],
    ['{"file":"a.csv","record":3,"gone":true}', { file: 'a.csv', record: 3, values: null, typed: true }],
  ])('is read from what the lake kept before: %s', (text, expected) => {
    expect(parseRecord(text)).toEqual(expected)
  })

  it('is set aside again with the reason that the lake kept before', () => {
    const text = '{"file":"a.csv","record":1,"line":2,"problem":"This line has 1 cell, but the header has 2.","text":"1"}'
    expect(() => parseRecord(text)).toThrow('a.csv, line 2: This line has 1 cell, but the header has 2.')
  })
})

it('a row is made as its values one by one would be, whatever is in the file', () => {
  const kinds: readonly FoundKind[] = ['text', 'int', 'double', 'boolean', 'date', 'instant', 'json']
  const cells = [
    ...['', ' ', '0', '-0', '00', '007', '12', ' 12 ', '1.5', '.5', '-.5', '5.', '1e3', '123456789012345678', '0.1234567890123456789', '-'],
    ...[
      'NA',
      'nan',
      'true',
      'TRUE',
      'False',
      '2026-01-31',
      ' 2026-01-31 ',
      '2026-01-31T10:00Z',
      '2026-01-31 10:00',
      'Z',
      '1Z',
      '\u00a05\u00a0',
      '5\ufeff',
    ],
  ]
  const typed = [1, 1.5, true, null, [1], 12345678901234567890n, 'x', '2026-01-31 10:00']
  const columns = [...kinds, 'int' as const].map((kind, index) => ({
    name: `c${index}`,
    source: ['a b', 'constructor', '"x', 'toString', 'é', '1', 'n', 'm'][index]!,
    kind,
  }))
  const dataset = {
    key: ['file'],
    hint: hintOf({ columns, place: { file: 'file', record: 'record' } } as never),
  } as unknown as DiscoveredDataset
  for (let round = 0; round < 5000; round++) {
    const isTyped = dice(2) === 0
    const given = columns.filter(() => dice(4) > 0).map(({ source }) => [source, pick<unknown>(isTyped ? typed : cells)])
    const record: FileRecord = { file: 'f', record: round, values: Object.fromEntries(given) as Record<string, unknown>, typed: isTyped }
    const expected = columns.map(({ name, source, kind }) => {
      const value = Object.hasOwn(record.values!, source) ? record.values![source] : null
      return [name, convert(kind, value, isTyped)]
    })
    expect(toRow(dataset, record)).toEqual({ file: 'f', record: round, ...Object.fromEntries(expected) })
  }
})
