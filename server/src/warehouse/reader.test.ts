import { expect, test } from 'vitest'
import { RequestError } from '../shared/errors.ts'
import { Random } from './testing/random.ts'
import { column, put, table } from './testing/shapes.ts'
import { onMysql } from './testing/databases.ts'
import { temporaryWarehouse, testClock } from './testing/temporary.ts'
import type { Comparison, Order, Row, Table, WarehouseService, Where } from './warehouse.service.ts'

const things = table(
  [
    column('a', 'text'),
    column('b', 'int'),
    column('text', 'text'),
    column('int', 'int'),
    column('double', 'double'),
    column('sum', 'decimal'),
    column('flag', 'boolean'),
    column('day', 'date'),
    column('at', 'instant', { role: 'time' }),
  ],
  { key: ['a', 'b'] },
)
const names = things.shape.columns.map((each) => each.name)
const choices: Record<string, unknown[]> = {
  text: [null, '', 'a', 'A', 'åsa', 'ÅSA', '100%', 'a_b', 'zebra'],
  int: [null, -1, 0, 7, 9007199254740993n, -9223372036854775808n],
  double: [null, -1.5, 0, 0.1, 1e300],
  sum: [null, '-0.01', '0.00', '0.10', '9.00', '10.00', '9999999999999999.99'],
  flag: [null, true, false],
  day: [null, '1999-12-31', '2000-01-01'],
  at: [null, '1999-12-31T23:59:59.999Z', '2000-01-01T00:00:00.000Z'],
}

const randomRow = (random: Random, n: number): unknown[] => [
  random.pick(['x', 'X', 'y']),
  n,
  ...names.slice(2).map((name) => random.pick(choices[name]!)),
]
const asRow = (values: readonly unknown[]): Row => Object.fromEntries(names.map((name, index) => [name, values[index]]))

async function filled(rows: readonly unknown[][], of: Table = things): Promise<WarehouseService> {
  const { db, warehouse } = await temporaryWarehouse()
  await warehouse.prepare(of)
  await db.transaction((m) => warehouse.write(m, of, { loadId: 'load', at: testClock.now(), ops: rows.map((row, line) => put(row, line)) }))
  return warehouse
}

/** How values of one column sort; decimals by their number. */
function compareValues(name: string, one: unknown, other: unknown): number {
  const of = (value: unknown): unknown =>
    name === 'sum' ? BigInt(String(value).replace('.', '')) : typeof value === 'string' ? Buffer.from(value).toString('hex') : value
  const [a, b] = [of(one) as number, of(other) as number]
  return a < b ? -1 : a > b ? 1 : 0
}

function sorted(rows: readonly Row[], order: readonly Order[]): Row[] {
  const direction = order.at(-1)?.direction ?? 'asc'
  const terms = [...order, { column: 'a', direction }, { column: 'b', direction }]
  return rows.toSorted((one, other) => {
    for (const { column: name, direction: way } of terms) {
      if (one[name] === null || other[name] === null) {
        if (one[name] !== other[name]) return one[name] === null ? 1 : -1
        continue
      }
      const sign = compareValues(name, one[name], other[name])
      if (sign !== 0) return way === 'asc' ? sign : -sign
    }
    return 0
  })
}

async function walk(warehouse: WarehouseService, where: Where | null, orderBy: readonly Order[], first: number): Promise<Row[]> {
  const rows: Row[] = []
  for (let after: string | null = null; ;) {
    const page = await warehouse.page(things, { columns: names, where, orderBy, first, after })
    rows.push(...page.rows)
    expect(page.rows.length).toBeLessThanOrEqual(first)
    if (!page.hasNextPage) return rows
    expect(page.rows).toHaveLength(first)
    after = page.endCursor
  }
}

test.each([11, 12, 13, 14])('pages and scans give each row once and in order, with ties and empty values (seed %i)', async (seed) => {
  const random = new Random(seed)
  const rows = Array.from({ length: 230 }, (_, n) => randomRow(random, n))
  const warehouse = await filled(rows)
  for (let round = 0; round < 12; round++) {
    const orderBy = Array.from({ length: random.below(4) }, () => ({
      column: random.pick(names),
      direction: random.pick(['asc', 'desc'] as const),
    }))
    const where = random.chance(0.5) ? { int: { ne: 7 } } : null
    const meant = rows.map(asRow).filter((row) => where === null || row['int'] !== 7)
    const expected = sorted(meant, orderBy)
    expect(await walk(warehouse, where, orderBy, 1 + random.below(60))).toEqual(expected)
    const scanned: Row[] = []
    for await (const chunk of warehouse.scan(things, { columns: names, where, orderBy })) scanned.push(...chunk)
    expect(scanned).toEqual(expected)
  }
})

function holds(row: Row, where: Where): boolean {
  return Object.entries(where).every(([name, value]) => {
    if (name === 'and') return (value as Where[]).every((each) => holds(row, each))
    if (name === 'or') return (value as Where[]).some((each) => holds(row, each))
    if (name === 'not') return !holds(row, value as Where)
    return Object.entries(value as Comparison).every(([operator, wanted]) => compares(name, operator, row[name], wanted))
  })
}

function compares(name: string, operator: string, value: unknown, wanted: unknown): boolean {
  const sign = (): number | null => (value === null ? null : compareValues(name, value, wanted))
  const text = String(value).toLowerCase()
  switch (operator) {
    case 'eq':
      return value === wanted
    case 'ne':
      return value !== wanted
    case 'in':
      return (wanted as unknown[]).includes(value)
    case 'notIn':
      return !(wanted as unknown[]).includes(value)
    case 'isNull':
      return (value === null) === wanted
    case 'contains':
      return value !== null && text.includes(String(wanted).toLowerCase())
    case 'startsWith':
      return value !== null && text.startsWith(String(wanted).toLowerCase())
    case 'gt':
      return sign() !== null && sign()! > 0
    case 'gte':
      return sign() !== null && sign()! >= 0
    case 'lt':
      return sign() !== null && sign()! < 0
    default:
      return sign() !== null && sign()! <= 0
  }
}

function randomWhere(random: Random, depth: number): Where {
  if (depth > 0 && random.chance(0.5)) {
    const inner = () => Array.from({ length: random.below(4) }, () => randomWhere(random, depth - 1))
    return random.pick([() => ({ and: inner() }), () => ({ or: inner() }), () => ({ not: randomWhere(random, depth - 1) })])()
  }
  const name = random.pick(names.slice(2))
  const some = choices[name]!
  const known = random.pick(some.filter((value) => value !== null))
  const plain: Comparison[] = [
    { eq: random.pick(some) },
    { ne: random.pick(some) },
    { in: [random.pick(some), random.pick(some)] },
    { notIn: [random.pick(some)] },
    { in: [] },
  ]
  const ordered: Comparison[] = [{ gt: known }, { gte: known }, { lt: known }, { lte: known }, { isNull: random.chance(0.5) }]
  const textual: Comparison[] = [
    { contains: random.pick(['a', 'Å', 'å', '%', '_', 'ZE', '']) },
    { startsWith: random.pick(['a', 'Å', '1', '']) },
  ]
  return { [name]: random.pick([...plain, ...ordered, ...(name === 'text' ? textual : [])]) }
}

test.each([21, 22, 23])('finds exactly the rows that a filter means, and with its opposite all rows (seed %i)', async (seed) => {
  const random = new Random(seed)
  const rows = Array.from({ length: 150 }, (_, n) => randomRow(random, n))
  const warehouse = await filled(rows)
  for (let round = 0; round < 120; round++) {
    const where = randomWhere(random, 3)
    const expected = rows.map(asRow).filter((row) => holds(row, where))
    const page = await warehouse.page(things, {
      columns: names,
      where,
      orderBy: [{ column: 'b', direction: 'asc' }],
      first: 1000,
      after: null,
    })
    expect({ where, rows: page.rows }).toEqual({ where, rows: expected })
    expect(await warehouse.count(things, where)).toBe(expected.length)
    expect(await warehouse.count(things, { not: where })).toBe(rows.length - expected.length)
  }
})

test('reads only the columns that were asked for, system columns among them', async () => {
  const warehouse = await filled([randomRow(new Random(1), 1)])
  const page = await warehouse.page(things, {
    columns: ['b', '_raw_line', '_loaded_at'],
    where: null,
    orderBy: [{ column: 'text', direction: 'asc' }],
    first: 1,
    after: null,
  })
  expect(page.rows).toEqual([{ b: 1, _raw_line: 0, _loaded_at: '2026-01-31T12:00:00.000Z' }])
  expect(page).toMatchObject({ hasNextPage: false, startCursor: page.endCursor })
})

test('answers an empty table', async () => {
  const warehouse = await filled([])
  const page = await warehouse.page(things, { columns: names, where: null, orderBy: [], first: 5, after: null })
  expect(page).toEqual({ rows: [], hasNextPage: false, startCursor: null, endCursor: null })
  expect(await warehouse.row(things, { a: 'x', b: 1 })).toBeNull()
})

test.each<[string, Where]>([
  ['has no column "nope"', { nope: { eq: 1 } }],
  ['has no column "text\\" OR 1=1"', { 'text" OR 1=1': { eq: 1 } }],
  ['"int" is compared with a whole number', { int: { eq: '1 OR 1=1' } }],
  ['"int" is compared with a whole number', { int: { gt: 1.5 } }],
  ['"int" is compared with a whole number of at most 64 bits', { int: { gt: 2n ** 63n } }],
  ['"sum" is compared with a number of at most 16 digits before and 2 after the point', { sum: { eq: '1.234' } }],
  ['"day" is compared with a date', { day: { eq: 'yesterday' } }],
  ['"at" is compared with a time', { at: { gt: null } }],
  ['"int" cannot be searched for text', { int: { contains: '1' } }],
  ['"text" cannot be compared by "like"', { text: { like: 'x' } }],
  ['at most 10000 values', { int: { in: Array.from({ length: 10_001 }, (_, n) => n) } }],
])('refuses a filter in words: %s', async (sentence, where) => {
  const warehouse = await filled([])
  await expect(warehouse.count(things, where)).rejects.toThrow(sentence.replaceAll('\\', ''))
  await expect(warehouse.count(things, where)).rejects.toBeInstanceOf(RequestError)
})

test('refuses a filter that is nested too deep', async () => {
  const warehouse = await filled([])
  let where: Where = { int: { eq: 1 } }
  for (let depth = 0; depth < 30; depth++) where = { not: where }
  await expect(warehouse.count(things, where)).rejects.toThrow('nested 20 levels deep')
})

test('takes instants with any offset and decimals in any spelling', async () => {
  const row = ['x', 1, null, null, null, '9.00', null, null, '2000-01-01T00:00:00.000Z']
  const warehouse = await filled([row])
  for (const at of ['2000-01-01T00:00:00Z', '2000-01-01T02:00:00+02:00', new Date('2000-01-01')])
    expect(await warehouse.count(things, { at: { eq: at } })).toBe(1)
  for (const sum of ['9', '9.0', '09.000', 9]) expect(await warehouse.count(things, { sum: { eq: sum } })).toBe(1)
})

test('refuses a cursor of another order or table, and what is no cursor at all', async () => {
  const warehouse = await filled([1, 2, 3].map((n) => randomRow(new Random(n), n)))
  const query = { columns: names, where: null, first: 1 }
  const { endCursor } = await warehouse.page(things, { ...query, orderBy: [{ column: 'text', direction: 'asc' }], after: null })
  const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(endCursor!, 'base64url').toString()), at: [1, {}, []] })).toString(
    'base64url',
  )
  const again = (after: string | null, direction: 'asc' | 'desc') =>
    warehouse.page(things, { ...query, orderBy: [{ column: 'text', direction }], after })
  await expect(again(endCursor, 'desc')).rejects.toThrow('This cursor was made for another table or order. Start again without `after`.')
  await expect(again('nonsense', 'asc')).rejects.toThrow('not a cursor')
  await expect(again(Buffer.from('null').toString('base64url'), 'asc')).rejects.toThrow('another table or order')
  await expect(again(forged, 'asc')).rejects.toBeInstanceOf(RequestError)
  await expect(warehouse.page(things, { ...query, orderBy: [], after: null, first: 1001 })).rejects.toThrow('1 to 1000')
})

test('goes on from a cursor whose row was removed or changed meanwhile', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const list = table([column('id', 'int')])
  await warehouse.prepare(list)
  const write = (ops: Parameters<WarehouseService['write']>[2]['ops']) =>
    db.transaction((m) => warehouse.write(m, list, { loadId: 'load', at: testClock.now(), ops }))
  await write([1, 2, 3, 4].map((id) => put([id])))
  const { endCursor } = await warehouse.page(list, { columns: ['id'], where: null, orderBy: [], first: 2, after: null })
  await write([{ deletedKey: [2], part: 1, line: 0, item: 0 }])
  const next = await warehouse.page(list, { columns: ['id'], where: null, orderBy: [], first: 2, after: endCursor })
  expect(next.rows).toEqual([{ id: 3 }, { id: 4 }])
})

test('reads newest first from an index', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  await warehouse.prepare(things)
  const plan = async (sql: string): Promise<string> =>
    (await db.read.query(`EXPLAIN ${onMysql ? 'FORMAT = TREE' : 'QUERY PLAN'} ${sql}`))
      .map((row: object) => Object.values(row).at(-1))
      .join()
  const statements: string[] = []
  const query = db.read.query.bind(db.read)
  db.read.query = ((sql: string, values?: unknown[]) => (statements.push(sql), query(sql, values as []))) as typeof db.read.query
  const page = { columns: ['a'], where: null, orderBy: [{ column: 'at', direction: 'desc' }], first: 5, after: null } as const
  await warehouse.page(things, page)
  if (onMysql) expect(await plan(statements[0]!)).toMatch(/index scan on test__things using by_at \(reverse\)/i)
  else expect(await plan(statements[0]!)).toMatch(/^SCAN test__things USING (COVERING )?INDEX \S+__by_at_\w+$/)
})

test('takes columns called true and false for columns', async () => {
  const odd = table([column('id', 'int'), column('true', 'boolean'), column('false', 'boolean')], { key: ['id'] })
  const warehouse = await filled(
    [
      [1, false, true],
      [2, null, null],
      [3, true, false],
    ],
    odd,
  )
  expect(await warehouse.rowCount(odd)).toBe(3)
  expect(await warehouse.count(odd, { true: { eq: true } })).toBe(1)
  expect(await warehouse.count(odd, { not: { true: { eq: true } } })).toBe(2)
  expect(await warehouse.count(odd, { or: [] })).toBe(0)
})
