import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Answer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  await server.shelf('web-shop', { rows: 2345 })
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

const nodes = async (selection: string) => {
  const { data, errors } = await server.ask(`{ webShop { ${selection} } }`)
  expect(errors).toBeUndefined()
  return data.webShop.items
}

describe('a new source', () => {
  it('has its own types as soon as it is made, while the server runs', async () => {
    const before = await server.ask('{ another { items { totalCount } } }')
    expect(before.errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    await server.shelf('another', { rows: 3 })
    expect((await server.ask('{ another { items { totalCount } } }')).data).toEqual({ another: { items: { totalCount: 3 } } })
    await server.ask('mutation { deleteSource(slug: "another", removeTables: "another") }')
    expect((await server.ask('{ another { items { totalCount } } }')).errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  it('whose names clash is left out alone, and says why', async () => {
    const made = await server.ask(
      'mutation { createSource(input: { slug: "torn", title: "Torn", connector: "clash", config: {} }) { slug stateText } }',
    )
    expect(made.data.createSource.stateText).toContain('would both be called "true_"')
    expect((await nodes('items { totalCount }')).totalCount).toBe(2345)
    await server.ask('mutation { deleteSource(slug: "torn", removeTables: "torn") }')
  })

  it('cannot take a word of the API as its name', async () => {
    const { errors } = await server.ask(
      'mutation { createSource(input: { slug: "loads", title: "Loads", connector: "shelf", config: {} }) { slug } }',
    )
    expect(errors![0]!.extensions).toMatchObject({ code: 'CONFIG_INVALID', fields: [{ name: 'slug' }] })
  })
})

describe('rows', () => {
  it('carry every kind of value exactly', async () => {
    const { nodes: rows } = await nodes(
      'items(where: { id: { eq: 9 } }) { nodes { id name price weight big sold made seen tags picture not null_ } }',
    )
    expect(rows).toEqual([
      {
        id: 9,
        name: 'say "hi"',
        price: '9.50',
        weight: 1.125,
        big: '1152921504606846985',
        sold: false,
        made: '2020-01-10',
        seen: '2020-01-10T00:00:00.000Z',
        tags: { number: 9, exact: 12345678901234567000 },
        picture: '/media/web-shop/item-0',
        not: 'x',
        null_: 'x',
      },
    ])
  })

  it('write the digits of JSON as the source wrote them', async () => {
    const body = JSON.stringify({ query: '{ webShop { items(first: 1) { nodes { tags } } } }' })
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect(await response.text()).toContain('12345678901234567890')
  })

  it('say where they come from, down to the raw record', async () => {
    const { nodes: rows } = await nodes('items(where: { id: { eq: 1500 } }) { nodes { _loadId _loadedAt _rawPart _rawLine _rawItem } }')
    const { _rawPart: part, _rawLine: line, _loadId: loadId } = rows[0]
    const { data } = await server.ask(
      'query ($part: Int64!, $line: Int!) { rawRecord(part: $part, line: $line) { text source stream loadId } }',
      { part, line },
    )
    expect(JSON.parse(data.rawRecord.text)).toEqual({ number: 1500, name: 'say "hi"' })
    expect(data.rawRecord).toMatchObject({ source: 'web-shop', stream: 'items', loadId })
  })

  it('come page by page, each once, in any order', async () => {
    const seen: number[] = []
    let after: string | null = null
    do {
      const query =
        'query ($after: String) { webShop { items(first: 1000, after: $after, orderBy: [{ column: name, direction: DESC }]) { nodes { id } pageInfo { hasNextPage endCursor } } } }'
      const { items }: Answer['data'] = (await server.ask(query, { after })).data.webShop
      seen.push(...items.nodes.map((row: { id: number }) => row.id))
      after = items.pageInfo.hasNextPage ? items.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toHaveLength(2345)
    expect(new Set(seen).size).toBe(2345)
  })

  it.each([
    ['name: { contains: "äpp" }', 335],
    ['name: { isNull: true }', 335],
    ['name: { eq: null }', 335],
    ['name: { isNull: null }', 2345],
    ['name: { ne: "" }', 2010],
    ['id: { gte: 10, lt: 20 }', 10],
    ['id: { in: [1, 2, 99999] }', 2],
    ['big: { gt: "1152921504606849318" }', 2],
    ['price: { lte: "2.50" }', 3],
    ['weight: { gt: 292.9 }', 1],
    ['sold: { eq: true }', 1173],
    ['made: { gte: "2021-01-01", lt: "2022-01-01" }', 365],
    ['seen: { gte: "2020-01-31T23:00:00-02:00", lt: "2020-02-03T00:00:00Z" }', 1],
    ['or: [{ id: { eq: 1 } }, { and: [{ id: { gt: 5 } }, { not: { id: { gt: 7 } } }] }]', 3],
    ['or: []', 0],
    ['null_: { eq: "x" }', 2345],
    ['_rawLine: { eq: 0 }', 3],
  ])('are filtered by %s', async (where, count) => {
    const { data, errors } = await server.ask(`{ webShop { items(where: { ${where} }) { totalCount } } }`)
    expect(errors).toBeUndefined()
    expect(data.webShop.items.totalCount).toBe(count)
  })

  it.each(['made: { startsWith: "2020" }', 'not: { eq: "x" }', 'tags: { eq: 1 }'])(
    'are not filtered by %s, which has no meaning',
    async (where) => {
      const { errors } = await server.ask(`{ webShop { items(where: { ${where} }) { totalCount } } }`)
      expect(errors![0]!.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    },
  )

  it('take a filter as a variable', async () => {
    const query = 'query ($where: Data_webShop_items_Where) { webShop { items(where: $where) { totalCount } } }'
    expect((await server.ask(query, { where: { seen: { lt: '2020-01-03T00:00:00Z' } } })).data.webShop.items.totalCount).toBe(2)
  })

  it('can be selected through fragments and aliases, and left out by directives', async () => {
    const query = `query ($no: Boolean!) { webShop { a: items(first: 1) { ...Page } b: items(first: 1) { nodes { id @skip(if: $no) name } } } }
      fragment Page on Data_webShop_items_Connection { nodes { number: id ... on Data_webShop_items { price } } again: nodes { weight } }`
    const { data } = await server.ask(query, { no: true })
    expect(data.webShop).toEqual({ a: { nodes: [{ number: 0, price: '0.50' }], again: [{ weight: 0 }] }, b: { nodes: [{ name: null }] } })
  })
})

it('reads only the columns that are asked for', async () => {
  await server.sql('ALTER TABLE web_shop__items RENAME COLUMN weight TO hidden')
  const query =
    'query ($skip: Boolean!) { webShop { items(first: 1) { nodes { id ...More } } } } fragment More on Data_webShop_items { weight @skip(if: $skip) }'
  const without = await server.ask(query, { skip: true })
  const withIt = await server.ask(query, { skip: false })
  await server.sql('ALTER TABLE web_shop__items RENAME COLUMN hidden TO weight')
  expect(without).toEqual({ data: { webShop: { items: { nodes: [{ id: 0 }] } } } })
  expect(withIt.errors![0]!.extensions.code).toBe('INTERNAL')
})

describe('groups', () => {
  it('count and measure', async () => {
    const query = `{ webShop { itemsGroups(by: [{ column: sold }], measures: [{ fn: MAX, column: id }, { fn: AVG, column: price }]) { groups { keys count values } total } } }`
    const { data } = await server.ask(query)
    expect(data.webShop.itemsGroups).toEqual({
      groups: [
        { keys: ['true'], count: 1173, values: [2344, 1172.5] },
        { keys: ['false'], count: 1172, values: [2343, 1172.5] },
      ],
      total: 2,
    })
  })

  it('gather by period and step, sorted by key', async () => {
    const query =
      '{ webShop { itemsGroups(by: [{ column: made, period: YEAR }], orderBy: KEY, direction: ASC, first: 2) { groups { keys count } total } } }'
    expect((await server.ask(query)).data.webShop.itemsGroups).toEqual({
      groups: [
        { keys: ['2020'], count: 366 },
        { keys: ['2021'], count: 365 },
      ],
      total: 7,
    })
    const steps = '{ webShop { itemsGroups(by: [{ column: id, step: 1000 }], orderBy: KEY, direction: ASC) { groups { keys count } } } }'
    expect((await server.ask(steps)).data.webShop.itemsGroups.groups.map((group: { count: number }) => group.count)).toEqual([
      1000, 1000, 345,
    ])
  })
})

describe('a picture', () => {
  it('is served under the address that its row names, and can do nothing there', async () => {
    const response = await fetch(`${server.url}/media/web-shop/item-1`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<title>item-1</title>')
    expect(response.headers.get('content-security-policy')).toContain(`default-src 'none'`)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const again = await fetch(`${server.url}/media/web-shop/item-1`, { headers: { 'if-none-match': response.headers.get('etag')! } })
    expect(again.status).toBe(304)
  })

  it('that is not kept is not found', async () => {
    expect((await fetch(`${server.url}/media/web-shop/..%2F..%2Fsecret.key`)).status).toBe(404)
  })
})
