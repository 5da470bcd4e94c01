import { describe, expect, it } from 'vitest'
import { comparisonsFor, readFilters, readSort, shownRows, toWhere, withParams, writeFilter, writeSort, type Filter } from './filters.ts'
import type { Column, ColumnKind } from './types.ts'

const column = (name: string, kind: ColumnKind, more: Partial<Column> = {}): Column => ({
  name,
  kind,
  title: name,
  about: '',
  nullable: false,
  key: false,
  unit: null,
  role: null,
  personal: false,
  values: null,
  ...more,
})
const columns = [
  column('place', 'text'),
  column('magnitude', 'double', { nullable: true }),
  column('felt', 'int'),
  column('price', 'decimal'),
  column('time', 'instant'),
  column('born', 'date'),
  column('tsunami', 'boolean'),
  column('raw', 'json', { nullable: true }),
]
const address = (...filters: string[]) => new URLSearchParams(filters.map((filter) => ['filter', filter]))

const where = (comparison: Filter['comparison'], name: string, value = '') =>
  toWhere([{ column: name, comparison, value }], columns, 'Europe/Stockholm')

describe('filters in the address', () => {
  const filters: Filter[] = [
    { column: 'magnitude', comparison: 'from', value: '4.5' },
    { column: 'place', comparison: 'has', value: 'Lata, Solomon. & co = 100 %' },
    { column: 'magnitude', comparison: 'empty', value: '' },
    { column: 'tsunami', comparison: 'is', value: 'false' },
  ]

  it('come back as they went in, hostile text included', () => {
    const params = address(...filters.map(writeFilter))
    expect(readFilters(new URLSearchParams(params.toString()), columns)).toEqual(filters)
  })

  it('are left out when they name no column, no comparison or no value of its kind', () => {
    const wrong = [
      'nothing.is.1',
      'place.over.9',
      'magnitude.from.strong',
      'time.from.yesterday',
      'felt.is.1.5',
      'raw.has.x',
      'tsunami.is.maybe',
      'place.has.',
    ]
    expect(readFilters(address(...wrong), columns)).toEqual([])
  })
})

describe('filters as a condition', () => {
  it('are null when there are none', () => expect(toWhere([], columns, 'UTC')).toBeNull())

  it('hold all at once', () => {
    const two: Filter[] = [
      { column: 'magnitude', comparison: 'from', value: '4.5' },
      { column: 'place', comparison: 'begins', value: 'A' },
    ]
    expect(toWhere(two, columns, 'UTC')).toEqual({ and: [{ magnitude: { gte: 4.5 } }, { place: { startsWith: 'A' } }] })
  })

  it('take the days of the reader, the last one included', () => {
    expect(where('from', 'time', '2025-06-05')).toEqual({ and: [{ time: { gte: '2025-06-04T22:00:00.000Z' } }] })
    expect(where('to', 'time', '2025-06-05')).toEqual({ and: [{ time: { lt: '2025-06-05T22:00:00.000Z' } }] })
    expect(where('to', 'born', '1972-06-23')).toEqual({ and: [{ born: { lte: '1972-06-23' } }] })
  })

  it('keep every digit of exact numbers', () => {
    expect(where('is', 'price', '12.50')).toEqual({ and: [{ price: { eq: '12.50' } }] })
    expect(where('is', 'felt', '9007199254740993')).toEqual({ and: [{ felt: { eq: '9007199254740993' } }] })
    expect(where('from', 'magnitude', '−2.5')).toEqual({ and: [{ magnitude: { gte: -2.5 } }] })
  })

  it('ask for presence', () => expect(where('filled', 'magnitude')).toEqual({ and: [{ magnitude: { isNull: false } }] }))
})

describe('what can be asked of a column', () => {
  it('has no question for emptiness where nothing can be empty', () => {
    expect(comparisonsFor(column('a', 'text'))).not.toContain('empty')
    expect(comparisonsFor(column('a', 'text', { nullable: true }))).toContain('empty')
  })

  it('is only being one of the values where they are listed', () => {
    expect(comparisonsFor(column('a', 'text', { values: ['x', 'y'] }))).toEqual(['is', 'not'])
  })
})

describe('sorting and paging in the address', () => {
  it('come back as they went in', () => {
    expect(readSort(new URLSearchParams({ sort: writeSort({ column: 'magnitude', descending: true }) }), columns)).toEqual({
      column: 'magnitude',
      descending: true,
    })
    expect(readSort(new URLSearchParams('sort=nothing'), columns)).toBeNull()
    expect(readSort(new URLSearchParams('sort=raw'), columns)).toBeNull()
  })

  it('show 50 rows, and never more than 1,000', () => {
    expect([undefined, '100', '3', 'many', '99999'].map((rows) => shownRows(new URLSearchParams(rows ? { rows } : {})))).toEqual([
      50, 100, 50, 50, 1000,
    ])
  })

  it('change without losing the rest of the address', () => {
    const url = new URL('http://x/data?person=1&filter=a&filter=b')
    expect(withParams(url, { filter: ['c'], rows: null })).toBe('/data?person=1&filter=c')
    expect(withParams(url, { filter: null, person: null })).toBe('/data')
  })
})
