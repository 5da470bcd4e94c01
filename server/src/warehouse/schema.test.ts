import { expect, test } from 'vitest'
import { ConfigError } from '../shared/errors.ts'
import { WarehouseService, type Table } from './warehouse.service.ts'
import { column, put, table } from './testing/shapes.ts'
import { onMysql, testTables } from './testing/databases.ts'
import { temporaryWarehouse, testClock } from './testing/temporary.ts'

const batch = (...values: unknown[][]) => ({ loadId: 'load', at: testClock.now(), ops: values.map((each, line) => put(each, line)) })
const all = (of: Table) => ({ columns: of.shape.columns.map((each) => each.name), where: null, orderBy: [], first: 100, after: null })

test('names a table after source and dataset and keeps names of staging tables free', () => {
  expect(WarehouseService.tableName('web-shop', 'orders')).toBe('web_shop__orders')
  expect(() => WarehouseService.tableName('web-shop', 'orders__e12')).toThrow(ConfigError)
})

test('makes a table once, and logs the steps', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int'), column('at', 'instant', { role: 'time' })])
  const steps = await warehouse.prepare(things)
  expect(steps).toEqual([expect.stringContaining('CREATE TABLE'), ...(onMysql ? [] : [expect.stringContaining('CREATE INDEX')])])
  expect(await warehouse.prepare(things)).toEqual([])
  const logged = await db.read.query('SELECT table_name, statement, at FROM handover_schema_step ORDER BY id')
  const at = onMysql ? testClock.now() : '2026-01-31 12:00:00.000'
  expect(logged).toEqual(steps.map((statement) => ({ table_name: 'test__things', statement, at })))
})

test('adds new columns, empty in old rows, and leaves columns that are gone empty in new rows', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const before = table([column('id', 'int'), column('old', 'text', { nullable: false })])
  await warehouse.prepare(before)
  await db.transaction((m) => warehouse.write(m, before, batch([1, 'kept'])))
  const now = table([column('id', 'int'), column('new', 'decimal', { nullable: false })])
  expect(await warehouse.prepare(now)).toEqual([
    onMysql
      ? "ALTER TABLE `test__things` ADD COLUMN `new` DECIMAL(18,2) NULL COMMENT 'decimal'"
      : 'ALTER TABLE "test__things" ADD COLUMN "new" DECIMAL_INT(2)',
  ])
  await db.transaction((m) => warehouse.write(m, now, batch([1, '0.10'], [2, '2.00'])))
  const both = table([column('id', 'int'), column('old', 'text'), column('new', 'decimal')])
  expect((await warehouse.page(both, all(both))).rows).toEqual([
    { id: 1, old: 'kept', new: '0.10' },
    { id: 2, old: null, new: '2.00' },
  ])
})

test('lets whole numbers become numbers with decimals, and keeps both exact', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const before = table([column('id', 'int'), column('n', 'int')])
  await warehouse.prepare(before)
  await db.transaction((m) => warehouse.write(m, before, batch([1, 9007199254740991])))
  const now = table([column('id', 'int'), column('n', 'double')])
  expect(await warehouse.prepare(now)).toHaveLength(onMysql ? 1 : 0)
  expect(await warehouse.prepare(now)).toEqual([])
  await db.transaction((m) => warehouse.write(m, now, batch([2, 5.5], [3, 7])))
  expect((await warehouse.page(now, all(now))).rows).toEqual([
    { id: 1, n: 9007199254740991 },
    { id: 2, n: 5.5 },
    { id: 3, n: 7 },
  ])
})

test.each([
  ['another kind', table([column('id', 'int'), column('n', 'text')]), 'Column "n" of dataset "things" now holds another kind of value'],
  [
    'other decimals',
    table([column('id', 'int'), column('n', 'int'), column('sum', 'decimal', { scale: 3 })]),
    'Column "sum" of dataset "things" now holds another',
  ],
  [
    'another case',
    table([column('id', 'int'), column('N', 'int')]),
    'Columns "n" and "N" of dataset "things" differ only in upper and lower case',
  ],
  ['another key', table([column('id', 'int'), column('n', 'int')], { key: ['n'] }), 'were told apart by id and now would be by n'],
  [
    'no key any more',
    table([column('id', 'int'), column('n', 'int')], { key: [], load: 'append' }),
    'now would be by _raw_part, _raw_line, _raw_item',
  ],
])('refuses %s in plain words and leaves the table alone', async (_, changed, sentence) => {
  const { warehouse } = await temporaryWarehouse()
  const before = table([column('id', 'int'), column('n', 'int'), column('sum', 'decimal')])
  await warehouse.prepare(before)
  const refused = warehouse.prepare(changed)
  await expect(refused).rejects.toBeInstanceOf(ConfigError)
  await expect(refused).rejects.toThrow(sentence)
  expect(await warehouse.prepare(before)).toEqual([])
})

test('refuses columns that would be one and the same, and names of system columns', async () => {
  const { warehouse } = await temporaryWarehouse()
  await expect(warehouse.prepare(table([column('id', 'int'), column('ID', 'int')]))).rejects.toThrow(
    'columns "id" and "ID" would be one and the same',
  )
  await expect(warehouse.prepare(table([column('id', 'int'), column('_Load_id', 'int')]))).rejects.toThrow('"_load_id" and "_Load_id"')
})

test('takes any name for a column as it is', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const names = ['id', 'rowid', '_rowid_', 'select', 'a"b', "a'b", 'å; DROP TABLE test__things', 'with space', '?', '$1']
  const odd = table(names.map((name) => column(name, 'text')))
  await warehouse.prepare(odd)
  const counts = await db.transaction((m) => warehouse.write(m, odd, batch(names, ['2', ...names.slice(1)])))
  expect(counts.inserted).toBe(2)
  expect((await warehouse.page(odd, { ...all(odd), where: { 'a"b': { eq: 'a"b' } } })).rows[1]).toEqual(
    Object.fromEntries(names.map((name) => [name, name])),
  )
  const { groups } = await warehouse.groups(odd, {
    where: null,
    by: [{ column: '?' }],
    measures: [],
    orderBy: 'count',
    direction: 'desc',
    first: 5,
  })
  expect(groups).toEqual([{ keys: ['?'], count: 2, values: [] }])
})

test('replaces a table as a whole and drops what earlier epochs left', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int'), column('at', 'instant', { role: 'time' })], { load: 'replace' })
  const neighbour = { ...things, name: 'test__things__extra' }
  await warehouse.prepare(neighbour)
  for (const epoch of [1, 2, 3]) {
    const staging = await warehouse.startReplace(things, epoch)
    await db.transaction((m) => warehouse.write(m, staging, batch([epoch, '2026-01-01T00:00:00.000Z'])))
    if (epoch === 2) continue
    await db.transaction((m) => warehouse.finishReplace(m, things, epoch))
    await warehouse.showReplaced([things])
    expect((await warehouse.page(things, all(things))).rows.map((row) => row['id'])).toEqual([epoch])
  }
  expect(await warehouse.prepare(things)).toEqual([])
  expect(await testTables(db)).toEqual(['test__things', 'test__things__extra'])
})

test('shows the old table when the swap is rolled back or its filled table is gone', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int')], { load: 'replace' })
  await warehouse.prepare(things)
  await db.transaction((m) => warehouse.write(m, things, batch([1])))
  await warehouse.startReplace(things, 7)
  const undone = db.transaction(async (m) => {
    await warehouse.finishReplace(m, things, 7)
    throw new Error('lease lost')
  })
  await expect(undone).rejects.toThrow('lease lost')
  await warehouse.dropStaging(things)
  await expect(db.transaction((m) => warehouse.finishReplace(m, things, 7))).rejects.toThrow(/no such table|doesn't exist/)
  await warehouse.showReplaced([things])
  expect(await warehouse.rowCount(things)).toBe(1)
})

test('starts the same epoch again with an empty table', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int')], { load: 'replace' })
  const staging = await warehouse.startReplace(things, 1)
  await db.transaction((m) => warehouse.write(m, staging, batch([1])))
  expect(await warehouse.rowCount(await warehouse.startReplace(things, 1))).toBe(0)
})

test('drops a table with everything that was being filled for it', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int')])
  await warehouse.prepare(things)
  await warehouse.startReplace(things, 4)
  await warehouse.drop(things)
  expect(await testTables(db)).toEqual([])
})
