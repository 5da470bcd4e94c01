import { expect, test } from 'vitest'
import { column, put, table } from './testing/shapes.ts'
import { temporaryWarehouse, testClock } from './testing/temporary.ts'
import type { GroupsQuery } from './warehouse.service.ts'

const things = table([
  column('id', 'int'),
  column('city', 'text'),
  column('sum', 'decimal'),
  column('double', 'double'),
  column('flag', 'boolean'),
  column('day', 'date'),
  column('at', 'instant'),
])
const rows = [
  [1, 'Lund', '0.10', 0.3, true, '1989-12-31', '1999-12-31T23:59:59.999Z'],
  [2, 'Lund', '0.20', -0.05, true, '1990-01-01', '2000-01-01T00:00:00.000Z'],
  [3, 'Umeå', '99.95', 0.1, false, '1999-06-15', '2000-01-01T00:59:59.000Z'],
  [4, null, '-0.01', 0.29, null, null, null],
  [5, null, null, null, null, null, null],
]

async function ask(query: Partial<GroupsQuery>) {
  const { db, warehouse } = await temporaryWarehouse()
  await warehouse.prepare(things)
  const ops = rows.map((row, line) => put(row, line))
  await db.transaction((m) => warehouse.write(m, things, { loadId: 'load', at: testClock.now(), ops }))
  const whole: GroupsQuery = { where: null, by: [], measures: [], orderBy: 'key', direction: 'asc', first: 100 }
  return { ...(await warehouse.groups(things, { ...whole, ...query })), warehouse }
}
const keysAndCounts = async (query: Partial<GroupsQuery>) => (await ask(query)).groups.map((group) => [...group.keys, group.count])

test('counts rows of equal values, empty ones last in both directions', async () => {
  expect(await keysAndCounts({ by: [{ column: 'city' }] })).toEqual([
    ['Lund', 2],
    ['Umeå', 1],
    [null, 2],
  ])
  expect(await keysAndCounts({ by: [{ column: 'city' }], direction: 'desc' })).toEqual([
    ['Umeå', 1],
    ['Lund', 2],
    [null, 2],
  ])
  expect(await keysAndCounts({ by: [{ column: 'flag' }] })).toEqual([
    ['false', 1],
    ['true', 2],
    [null, 2],
  ])
  expect(await keysAndCounts({ by: [{ column: 'sum' }], where: { id: { gt: 2 } } })).toEqual([
    ['-0.01', 1],
    ['99.95', 1],
    [null, 1],
  ])
})

test('gives the largest groups first and says how many there are', async () => {
  const { groups, total } = await ask({ by: [{ column: 'city' }], orderBy: 'count', direction: 'desc', first: 2 })
  expect(groups.map((group) => [...group.keys, group.count])).toEqual([
    ['Lund', 2],
    [null, 2],
  ])
  expect(total).toBe(3)
})

test('measures exactly, and nothing where there is nothing', async () => {
  const measures = (['sum', 'avg', 'min', 'max'] as const).map((fn) => ({ fn, column: 'sum' }))
  const { groups } = await ask({ by: [{ column: 'city' }], measures })
  expect(groups.map((group) => group.values)).toEqual([
    [0.3, 0.15, 0.1, 0.2],
    [99.95, 99.95, 99.95, 99.95],
    [-0.01, -0.01, -0.01, -0.01],
  ])
  expect((await ask({ by: [{ column: 'id' }], measures, where: { id: { eq: 5 } } })).groups[0]!.values).toEqual([null, null, null, null])
})

test('makes one group of all rows when nothing is grouped by', async () => {
  const { groups, total } = await ask({ measures: [{ fn: 'sum', column: 'id' }] })
  expect(groups).toEqual([{ keys: [], count: 5, values: [15] }])
  expect(total).toBe(1)
  expect((await ask({ by: [{ column: 'city' }], where: { id: { gt: 99 } } })).total).toBe(0)
})

test('groups numbers by steps that are named by their lower end', async () => {
  expect(await keysAndCounts({ by: [{ column: 'double', step: 0.1 }] })).toEqual([
    ['-0.1', 1],
    ['0.1', 1],
    ['0.2', 1],
    ['0.3', 1],
    [null, 1],
  ])
  expect(await keysAndCounts({ by: [{ column: 'sum', step: 0.1 }] })).toEqual([
    ['-0.1', 1],
    ['0.1', 1],
    ['0.2', 1],
    ['99.9', 1],
    [null, 1],
  ])
  expect(await keysAndCounts({ by: [{ column: 'id', step: 2 }] })).toEqual([
    ['0', 1],
    ['2', 2],
    ['4', 2],
  ])
})

test('groups dates and instants by periods', async () => {
  expect(await keysAndCounts({ by: [{ column: 'day', period: 'decade' }] })).toEqual([
    ['1980', 1],
    ['1990', 2],
    [null, 2],
  ])
  expect(await keysAndCounts({ by: [{ column: 'at', period: 'year' }] })).toEqual([
    ['1999', 1],
    ['2000', 2],
    [null, 2],
  ])
  expect(await keysAndCounts({ by: [{ column: 'at', period: 'month' }] })).toEqual([
    ['1999-12', 1],
    ['2000-01', 2],
    [null, 2],
  ])
  expect(await keysAndCounts({ by: [{ column: 'day', period: 'day' }], first: 1 })).toEqual([['1989-12-31', 1]])
  expect(await keysAndCounts({ by: [{ column: 'at', period: 'hour' }] })).toEqual([
    ['1999-12-31T23', 1],
    ['2000-01-01T00', 2],
    [null, 2],
  ])
})

test('groups by several columns at once', async () => {
  expect(
    await keysAndCounts({ by: [{ column: 'city' }, { column: 'day', period: 'decade' }], where: { city: { isNull: false } } }),
  ).toEqual([
    ['Lund', '1980', 1],
    ['Lund', '1990', 1],
    ['Umeå', '1990', 1],
  ])
})

test.each<[Partial<GroupsQuery>, string]>([
  [{ by: [{ column: 'city', step: 1 }] }, 'holds no numbers, so it cannot be grouped by steps'],
  [{ by: [{ column: 'id', step: 0 }] }, 'A step must be above 0'],
  [{ by: [{ column: 'day', period: 'hour' }] }, 'cannot be grouped by hour'],
  [{ by: [{ column: 'id', period: 'year' }] }, 'cannot be grouped by year'],
  [{ measures: [{ fn: 'sum', column: 'city' }] }, 'holds no numbers, so it has no sum'],
  [{ first: 0 }, 'A page holds 1 to 10000 entries'],
])('refuses what makes no sense in words (%#)', async (query, sentence) => {
  await expect(ask(query)).rejects.toThrow(sentence)
})

test('knows the facts of every column', async () => {
  const { warehouse } = await ask({})
  const facts = await warehouse.columnFacts(things)
  expect(facts.map(({ lastAt }) => lastAt)).toEqual(facts.map(() => testClock.now()))
  for (const [index, { example }] of facts.entries()) expect(rows.map((row) => String(row[index]))).toContain(example)
  expect(facts.map(({ example: _example, lastAt: _lastAt, ...rest }) => rest)).toEqual([
    { column: 'id', empty: 0, distinct: 5, min: '1', max: '5' },
    { column: 'city', empty: 2, distinct: 2, min: 'Lund', max: 'Umeå' },
    { column: 'sum', empty: 1, distinct: 4, min: '-0.01', max: '99.95' },
    { column: 'double', empty: 1, distinct: 4, min: '-0.05', max: '0.3' },
    { column: 'flag', empty: 2, distinct: 2, min: 'false', max: 'true' },
    { column: 'day', empty: 2, distinct: 3, min: '1989-12-31', max: '1999-06-15' },
    { column: 'at', empty: 2, distinct: 3, min: '1999-12-31T23:59:59.999Z', max: '2000-01-01T00:59:59.000Z' },
  ])
})
