import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './server.ts'

const RECEIPT = `sentence value rows total filters query sql parameters load { state } quarantined reasons rawProblem
  rawRecord { text source stream }`

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  await server.shelf('one', { rows: 40, bad: true })
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

const ask = (more: string, variables: object = {}) =>
  server.ask(`query ($where: JSON) { receipt(source: "one", dataset: "items", where: $where${more}) { ${RECEIPT} } }`, variables as never)
const receipt = async (where: object | null, of = '') => {
  const { data, errors } = await ask(of && `, of: ${of}`, { where })
  expect(errors).toBeUndefined()
  return data.receipt
}

/** What somebody gets who does not believe a receipt: from its question, pasted into the API, and from its statement, run on the database. */
async function askedAgain({ query, sql, parameters }: { query: string; sql: string; parameters: (string | number)[] }): Promise<number[]> {
  const { data, errors } = await server.ask(query)
  expect(errors).toBeUndefined()
  const answer = Object.values(data.one)[0] as { totalCount?: number; groups?: { values: number[] }[] }
  const [row] = await server.sql(sql, parameters)
  return [answer.totalCount ?? answer.groups![0]!.values[0]!, Number(row!['value'])]
}

describe('a receipt', () => {
  it('says what a number counts, from where, what is set aside, and what the source said', async () => {
    const found = await receipt(null)
    expect(found).toMatchObject({
      value: 39,
      rows: 39,
      total: 39,
      filters: [],
      quarantined: 1,
      load: { state: 'SUCCEEDED' },
      rawProblem: null,
    })
    expect(found.sentence).toMatch(/^39 rows of Items, from Shelf one, loaded on \d+ \w+ 20\d\d at \d\d:\d\d\. 1 set aside \(1: .*\)\.$/)
    expect(found.rawRecord).toMatchObject({ source: 'one', stream: 'items', text: expect.stringContaining('"number":0') })
    expect(await askedAgain(found)).toEqual([39, 39])
  })

  it.each([
    [{ weight: { gte: 1, lt: 2 } }, ['weight is at least 1 and is below 2']],
    [{ sold: { eq: true } }, ['sold is yes']],
    [{ name: { isNull: true } }, ['name is empty']],
    [{ or: [{ id: { in: [1, 2] } }, { price: { gt: '38' } }] }, ['id is one of 1 and 2, or price is above 38 SEK']],
    [{ seen: { gte: '2020-01-10T12:00:00.000Z' } }, ['seen is from 10 January 2020 at 12:00']],
    [{ not: { made: { lt: '2020-01-20' } } }, ['not: made is before 2020-01-20']],
    [{ null_: { contains: '1' }, not: { id: { eq: 1 } } }, ['null contains “1”', 'not: id is 1']],
    [{ id: { eq: 12345 } }, ['id is 12345']],
    [{ id: { in: [] } }, ['id is one of no values at all']],
    [{ or: [] }, ['no row can meet this']],
    [{ not: {} }, ['no row can meet this']],
    [{ id: {} }, []],
  ])('counts what the filter %j leaves, and gives the same when it is asked again', async (where, filters) => {
    const found = await receipt(where)
    expect(found.filters).toEqual(filters)
    expect(found.value).toBe(found.rows)
    expect(await askedAgain(found)).toEqual([found.value, found.value])
    const counted = 'query ($where: Data_one_items_Where) { one { items(where: $where) { totalCount } } }'
    expect((await server.ask(counted, { where })).data.one.items.totalCount).toBe(found.value)
    if (found.value === 0) expect(found.rawProblem).toBe('No row is counted, so there is no raw record.')
  })

  it.each(['SUM', 'AVG', 'MIN', 'MAX'])('tells the %s of a column, with the record behind the extreme', async (fn) => {
    const found = await receipt({ id: { gte: 10 } }, `{ fn: ${fn}, column: "weight" }`)
    const weights = Array.from({ length: 30 }, (_, index) => (index + 10) / 8)
    const sum = weights.reduce((all, each) => all + each, 0)
    const wanted = { SUM: sum, AVG: sum / 30, MIN: 1.25, MAX: 39 / 8 }[fn]!
    expect(found.value).toBeCloseTo(wanted, 9)
    for (const again of await askedAgain(found)) expect(again).toBeCloseTo(wanted, 9)
    if (fn === 'SUM') expect(found.sentence).toMatch(/^The sum of weight of 30 rows/)
    expect(found.sentence).toContain(`weight of 30 rows of the 39 in Items, from Shelf one, is `)
    if (fn === 'MAX') expect(found.rawRecord.text).toContain('"number":39')
  })

  it('agrees with every group of a question', async () => {
    const groups = async (by: string) =>
      (await server.ask(`{ one { itemsGroups(by: [${by}], orderBy: KEY, direction: ASC) { groups { keys count } } } }`)).data.one
        .itemsGroups.groups
    for (const { keys, count } of await groups('{ column: weight, step: 0.5 }')) {
      const from = Number(keys[0])
      expect([from, (await receipt({ weight: { gte: from, lt: from + 0.5 } })).value]).toEqual([from, count])
    }
    for (const { keys, count } of await groups('{ column: sold }')) {
      expect((await receipt({ sold: { eq: keys[0] === 'true' } })).value).toBe(count)
    }
  })

  it('names a statement that gives the number in the database', async () => {
    const found = await receipt({ id: { lt: 8 } })
    expect(found.sql).toMatch(/^SELECT count\(\*\) AS "value" FROM .one__items. WHERE .id. < \?$/)
    expect(found.parameters).toEqual([8])
  })

  it.each([
    [{ nothing: { eq: 1 } }, '', 'nothing'],
    [{ id: { eq: 'x' } }, '', 'where.id.eq'],
    [[1], '', '"where" is an object'],
    [null, ', of: { fn: AVG, column: "nothing" }', 'has no column "nothing"'],
    [null, ', of: { fn: AVG, column: "name" }', 'holds no numbers'],
    [null, ', timeZone: "Mars"', 'There is no time zone "Mars"'],
  ])('refuses %j%s in words', async (where, more, words) => {
    expect((await ask(more, { where })).errors![0]!.message).toContain(words)
  })
})
