import { expect, test } from 'vitest'
import type { Op, Table, WriteCounts } from './table.ts'
import { Random } from './testing/random.ts'
import { column, put, remove, table } from './testing/shapes.ts'
import { bulkWays, temporaryWarehouse, testClock } from './testing/temporary.ts'
import type { Row, WarehouseService } from './warehouse.service.ts'

const at = testClock.now()
const system = ['_load_id', '_loaded_at', '_raw_part', '_raw_line', '_raw_item']

async function rowsOf(warehouse: WarehouseService, of: Table): Promise<Row[]> {
  const rows: Row[] = []
  const columns = [...of.shape.columns.map((each) => each.name), ...system]
  for await (const chunk of warehouse.scan(of, { columns, where: null, orderBy: [] })) rows.push(...chunk)
  return rows
}

/** What a table should hold and say, worked out one op after the other. */
class Oracle {
  readonly rows = new Map<string, Row>()
  readonly #of: Table

  constructor(of: Table) {
    this.#of = of
  }

  write(loadId: string, ops: readonly Op[]): WriteCounts {
    const counts = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, removed: 0 }
    const names = ops.map((op) => this.#nameOf(op))
    ops.forEach((op, index) => {
      const hasLater = names.includes(names[index]!, index + 1)
      if ('values' in op) counts[hasLater ? 'superseded' : this.#put(op, names[index]!, loadId)]++
      else if (!hasLater && this.rows.delete(names[index]!)) counts.removed++
    })
    return counts
  }

  #put(op: Op & { values: readonly unknown[] }, name: string, loadId: string): 'inserted' | 'updated' | 'unchanged' {
    const old = this.rows.get(name)
    const declared = Object.fromEntries(this.#of.shape.columns.map((each, index) => [each.name, op.values[index]]))
    if (old && this.#of.shape.columns.every((each) => old[each.name] === declared[each.name])) return 'unchanged'
    this.rows.set(name, {
      ...declared,
      _load_id: loadId,
      _loaded_at: at.toISOString(),
      _raw_part: op.part,
      _raw_line: op.line,
      _raw_item: op.item,
    })
    return old ? 'updated' : 'inserted'
  }

  #nameOf(op: Op): string {
    if (!('values' in op)) return JSON.stringify(op.deletedKey)
    return JSON.stringify(this.#of.shape.key.map((name) => op.values[this.#of.shape.columns.findIndex((each) => each.name === name)]))
  }
}

const bySortedText = (rows: Iterable<Row>): string[] => [...rows].map((row) => JSON.stringify(Object.entries(row).toSorted())).toSorted()

const twoKeys = table(
  [column('a', 'text'), column('b', 'int'), column('text', 'text'), column('flag', 'boolean'), column('sum', 'decimal')],
  { key: ['b', 'a'] },
)

const ways = [1, 2, 3, 4, 5].flatMap((seed) => bulkWays.map((bulk) => [seed, bulk] as const))

test.each(ways)('holds and counts exactly what an oracle says after random batches (seed %i, by %s)', async (seed, bulk) => {
  const { db, warehouse } = await temporaryWarehouse(bulk)
  const random = new Random(seed)
  const oracle = new Oracle(twoKeys)
  await warehouse.prepare(twoKeys)
  const key = () => [random.pick(['x', 'X', 'x ', 'å', '']), random.below(40)]
  const values = () => [
    ...key(),
    random.pick(['one', 'two', null, 'O', 'o']),
    random.pick([true, false, null]),
    random.pick(['0.00', '-0.01', '12.50', null]),
  ]
  for (let load = 0; load < 25; load++) {
    const ops: Op[] = Array.from({ length: random.below(260) }, (_, line) =>
      random.chance(0.2) ? remove(key().toReversed(), line) : put(values(), line),
    )
    const counts = await db.transaction((m) => warehouse.write(m, twoKeys, { loadId: `load ${load}`, at, ops }))
    expect(counts).toEqual(oracle.write(`load ${load}`, ops))
    expect(counts.inserted + counts.updated + counts.unchanged + counts.superseded).toBe(ops.filter((op) => 'values' in op).length)
    expect(bySortedText(await rowsOf(warehouse, twoKeys))).toEqual(bySortedText(oracle.rows.values()))
  }
  expect(await warehouse.rowCount(twoKeys)).toBe(oracle.rows.size)
})

test('lets the last word on a key count, whatever came before in the batch', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int'), column('name', 'text')])
  await warehouse.prepare(things)
  const write = (...ops: Op[]) => db.transaction((m) => warehouse.write(m, things, { loadId: 'load', at, ops }))
  const none = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, removed: 0 }
  expect(await write(put([1, 'a']), put([1n, 'b']), put([1, 'c']))).toEqual({ ...none, inserted: 1, superseded: 2 })
  expect(await write(remove([1]), put([1, 'c']))).toEqual({ ...none, unchanged: 1 })
  expect(await write(put([1, 'd']), remove([1]))).toEqual({ ...none, superseded: 1, removed: 1 })
  expect(await write(remove([1]), remove([1]))).toEqual(none)
  expect(await write(put([2, 'x']), remove([2]), put([2, 'y']))).toEqual({ ...none, inserted: 1, superseded: 1 })
  expect(await rowsOf(warehouse, things)).toEqual([expect.objectContaining({ id: 2, name: 'y' })])
})

test('changes load, time and raw place of a row only when a declared column changed', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int'), column('name', 'text')])
  await warehouse.prepare(things)
  const write = (loadId: string, minute: number, name: string | null) =>
    db.transaction((m) =>
      warehouse.write(m, things, { loadId, at: new Date(at.getTime() + minute * 60_000), ops: [put([1, name], minute)] }),
    )
  await write('first', 1, null)
  await write('second', 2, null)
  expect(await warehouse.row(things, { id: 1 })).toEqual({
    id: 1,
    name: null,
    _load_id: 'first',
    _loaded_at: '2026-01-31T12:01:00.000Z',
    _raw_part: 1,
    _raw_line: 1,
    _raw_item: 0,
  })
  await write('third', 3, '')
  expect(await warehouse.row(things, { id: 1 })).toMatchObject({
    name: '',
    _load_id: 'third',
    _loaded_at: '2026-01-31T12:03:00.000Z',
    _raw_line: 3,
  })
})

test('adds every row of an append once, however often its records are worked off', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const events = table([column('name', 'text')], { load: 'append', key: [] })
  await warehouse.prepare(events)
  const ops: Op[] = ['same', 'same', 'other'].flatMap((name, line) => [0, 1].map((item) => ({ values: [name], part: 3, line, item })))
  const write = () => db.transaction((m) => warehouse.write(m, events, { loadId: 'load', at, ops }))
  expect(await write()).toMatchObject({ inserted: 6, unchanged: 0, superseded: 0 })
  expect(await write()).toMatchObject({ inserted: 0, unchanged: 6, superseded: 0 })
  expect(await warehouse.row(events, { _raw_part: 3, _raw_line: 2, _raw_item: 1 })).toMatchObject({ name: 'other' })
})

test('counts rows of a table that is nothing but its key', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const keys = table([column('id', 'text')])
  await warehouse.prepare(keys)
  const write = (...ids: string[]) =>
    db.transaction((m) => warehouse.write(m, keys, { loadId: 'load', at, ops: ids.map((id) => put([id])) }))
  expect(await write('a', 'b')).toMatchObject({ inserted: 2, unchanged: 0 })
  expect(await write('b', 'c')).toMatchObject({ inserted: 1, unchanged: 1 })
})

test('keeps counting right after the newest rows were removed', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int')])
  await warehouse.prepare(things)
  const write = (ops: Op[]) => db.transaction((m) => warehouse.write(m, things, { loadId: 'load', at, ops }))
  const numbers = Array.from({ length: 5000 }, (_, id) => id)
  expect(await write(numbers.map((id) => put([id])))).toMatchObject({ inserted: 5000 })
  expect(await write(numbers.slice(2500).map((id) => remove([id])))).toMatchObject({ removed: 2500 })
  expect(await write([...numbers.map((id) => put([id])), remove([1])])).toMatchObject({
    inserted: 2500,
    unchanged: 2499,
    superseded: 1,
    removed: 1,
  })
})

const hostile = [
  `Robert'); DROP TABLE students;--`,
  'a\nb\r\nc\td',
  'a\u2028b\u2029c',
  '\u202eright to left',
  'e\u0301 is not \u00e9',
  '👩‍👩‍👧‍👦 🏳️‍🌈',
  '\ufeffwith mark',
  '\u0001\u001f\u007f',
  'NULL',
  '',
  ' ',
  'ends with space ',
  '%_\\*?[a]',
  '\u{10ffff}',
  'İıſẞ',
  '{"json": "\\u0000"}',
  'x'.repeat(100_000),
]

/** As much of a text as a key may have. */
const keyOf = (text: string): string => text.slice(0, 191)

test.each(bulkWays)('keeps every text byte for byte, and takes no two for one key (by %s)', async (bulk) => {
  const { db, warehouse } = await temporaryWarehouse(bulk)
  const texts = table([column('id', 'text'), column('text', 'text'), column('json', 'json')])
  await warehouse.prepare(texts)
  const ops = hostile.map((text, line) => put([keyOf(text), text, JSON.stringify({ text })], line))
  expect(await db.transaction((m) => warehouse.write(m, texts, { loadId: 'load', at, ops }))).toMatchObject({ inserted: hostile.length })
  for (const text of hostile)
    expect(await warehouse.row(texts, { id: keyOf(text) })).toMatchObject({ id: keyOf(text), text, json: JSON.stringify({ text }) })
  expect((await rowsOf(warehouse, texts)).map((row) => row['text']).toSorted()).toEqual(hostile.toSorted())
})

test.each(bulkWays)('keeps every value exactly (by %s)', async (bulk) => {
  const { db, warehouse } = await temporaryWarehouse(bulk)
  const values = table([
    column('id', 'int'),
    column('int', 'int'),
    column('double', 'double'),
    column('decimal', 'decimal', { scale: 4 }),
    column('whole', 'decimal', { scale: 0 }),
    column('boolean', 'boolean'),
    column('date', 'date'),
    column('instant', 'instant'),
  ])
  await warehouse.prepare(values)
  const rows = [
    [1, 9223372036854775807n, 0.1, '12345678901234.5678', '999999999999999999', true, '0001-01-01', '1000-01-01T00:00:00.001Z'],
    [2, -9223372036854775808n, 5e-324, '-0.0001', '-1', false, '9999-12-31', '9999-12-31T23:59:59.999Z'],
    [3, 9007199254740993n, 1.7976931348623157e308, '0.0000', '0', null, null, null],
    [4, 9007199254740991, -3, '-12.5000', '42', null, '2024-02-29', null],
    [-5, null, null, null, null, null, null, null],
  ]
  await db.transaction((m) => warehouse.write(m, values, { loadId: 'load', at, ops: rows.map((row, line) => put(row, line)) }))
  for (const row of rows) {
    const stored = await warehouse.row(values, { id: row[0] })
    expect(values.shape.columns.map((each) => stored![each.name])).toStrictEqual(row)
  }
})

test('gives the event loop its turns while it writes', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int')])
  await warehouse.prepare(things)
  let turns = 0
  const count = (): void => void (turns++, (ticking = setImmediate(count)))
  let ticking = setImmediate(count)
  const ops = Array.from({ length: 5000 }, (_, id) => put([id]))
  await db.transaction((m) => warehouse.write(m, things, { loadId: 'load', at, ops }))
  clearImmediate(ticking)
  expect(turns).toBeGreaterThanOrEqual(5)
})
