import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seeded } from '../loads/ledger.ts'
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
  const file = new DatabaseSync(`${server.folder}/handover.db`)
  file.exec('ALTER TABLE web_shop__items RENAME COLUMN weight TO hidden')
  const query =
    'query ($skip: Boolean!) { webShop { items(first: 1) { nodes { id ...More } } } } fragment More on Data_webShop_items { weight @skip(if: $skip) }'
  const without = await server.ask(query, { skip: true })
  const withIt = await server.ask(query, { skip: false })
  file.exec('ALTER TABLE web_shop__items RENAME COLUMN hidden TO weight')
  file.close()
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

describe('an export', () => {
  it('holds as many rows as the API counts, every text unchanged', async () => {
    const response = await fetch(`${server.url}/export/web-shop/items.csv?columns=id,name`)
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="web-shop-items.csv"')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    const rows = parseCsv(await response.text())
    expect(rows[0]).toEqual(['id', 'name'])
    expect(rows).toHaveLength(2345 + 1)
    expect(rows.slice(1, 8).map((row) => row[1])).toEqual([
      null,
      'Äpple, b',
      'say "hi"',
      'two\r\nlines',
      '=1+1',
      '<script>alert(1)</script>',
      '',
    ])
  })

  it('holds every declared column when none is named', async () => {
    const text = await (await fetch(`${server.url}/export/web-shop/items.csv`)).text()
    expect(text.slice(0, text.indexOf('\r\n'))).toBe('id,name,price,weight,big,sold,made,seen,tags,picture,not,null_')
    const second = parseCsv(text)[2]!
    expect(second).toEqual([
      '1',
      'Äpple, b',
      '1.50',
      '0.125',
      '1152921504606846977',
      'false',
      '2020-01-02',
      '2020-01-02T00:00:00.000Z',
      '{"number":1,"exact":12345678901234567890}',
      '/media/web-shop/item-1',
      'x',
      'x',
    ])
  })

  it('holds at a filter exactly the rows that the API counts and gives, in the same order', async () => {
    const { random, whole, where } = randomFilters(20)
    for (let run = 0; run < 40; run++) {
      const filter = where()
      const orderBy = [{ column: ['price', 'seen', 'name', 'null_'][whole(4)]!, direction: random() < 0.5 ? 'ASC' : 'DESC' }]
      const { data, errors } = await server.ask(
        `query ($where: Data_webShop_items_Where, $orderBy: [Data_webShop_items_Order!]) {
          webShop { items(where: $where, orderBy: $orderBy, first: 1000) { totalCount nodes { id price } } } }`,
        { where: filter, orderBy },
      )
      expect(errors).toBeUndefined()
      const { totalCount, nodes } = data.webShop.items
      const [heading, ...rows] = parseCsv(await (await exportOf({ columns: 'id,price', where: filter, orderBy })).text())
      expect(heading).toEqual(['id', 'price'])
      expect(rows).toHaveLength(totalCount)
      expect(rows.slice(0, 1000)).toEqual(nodes.map((node: { id: number; price: string }) => [String(node.id), node.price]))
    }
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown column', { where: { secret: { eq: 1 } } }, 'secret'],
    ['an unknown comparison', { where: { price: { like: '1' } } }, 'like'],
    ['a value of another kind', { where: { id: { eq: 'many' } } }, 'where.id.eq'],
    ['a decimal that is none', { where: { price: { gte: '1,5' } } }, 'a decimal number such as 12.50'],
    ['a number that JSON has rounded', { where: { big: { eq: 2 ** 60 } } }, 'beyond 9007199254740991'],
    [
      'a filter that is nested too deeply',
      { where: Array.from({ length: 25 }).reduce((not) => ({ not }), { id: { eq: 1 } }) },
      '20 levels',
    ],
    ['an unknown order', { orderBy: [{ column: 'secret' }] }, 'secret'],
    ['what is no JSON', { where: '{id}' }, '"where" is not JSON'],
    ['a parameter that is spelled wrong', { wher: { id: { eq: 1 } } }, 'not "wher"'],
  ])('refuses %s in words, before a byte of the file', async (_, asked, said) => {
    const response = await exportOf(asked)
    expect(response.status).toBe(400)
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] }
    expect(errors[0]).toMatchObject({ extensions: { code: 'REQUEST_INVALID' } })
    expect(errors[0]!.message).toContain(said)
  })

  it('gives the heading alone when nothing matches', async () => {
    expect(await (await exportOf({ columns: 'id', where: { id: { lt: 0 } } })).text()).toBe('id\r\n')
  })

  it('refuses what does not exist in words', async () => {
    const unknown = await fetch(`${server.url}/export/web-shop/nothing.csv`)
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { errors: [{ extensions: { code: 'NOT_FOUND' } }] }])
    const column = await fetch(`${server.url}/export/web-shop/items.csv?columns=id,secret`)
    expect([column.status, await column.json()]).toMatchObject([
      400,
      { errors: [{ message: 'The dataset "items" has no column "secret".' }] },
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

/** Asks for an export; everything but texts is written as JSON. */
function exportOf(asked: Record<string, unknown>): Promise<Response> {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(asked)) parameters.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  return fetch(`${server.url}/export/web-shop/items.csv?${parameters}`)
}

/** Filters made by chance, the same ones for the same seed. */
function randomFilters(seed: number) {
  const random = seeded(seed)
  const whole = (below: number) => Math.floor(random() * below)
  const day = () => new Date(Date.UTC(2020, 0, 1 + whole(2345))).toISOString()
  const leaf = (): object => {
    const leaves = [
      () => ({ id: { [['gte', 'lt', 'eq', 'ne'][whole(4)]!]: whole(2400) } }),
      () => ({ price: { [['gt', 'lte'][whole(2)]!]: `${whole(2400)}.50` } }),
      () => ({ name: { [['contains', 'startsWith', 'eq'][whole(3)]!]: ['a', 'Ä', '=', ''][whole(4)]! } }),
      () => ({ name: { isNull: random() < 0.5 } }),
      () => ({ big: { gte: String(2n ** 60n + BigInt(whole(2400))) } }),
      () => ({ sold: { eq: random() < 0.5 } }),
      () => ({ made: { lte: day().slice(0, 10) } }),
      () => ({ seen: { gt: day() } }),
      () => ({ id: { in: Array.from({ length: whole(30) }, () => whole(2400)) } }),
    ]
    return leaves[whole(leaves.length)]!()
  }
  const where = (depth = 0): object => {
    const dice = whole(depth > 2 ? 3 : 6)
    if (dice < 3) return leaf()
    if (dice === 3) return { not: where(depth + 1) }
    return { [dice === 4 ? 'and' : 'or']: Array.from({ length: 1 + whole(3) }, () => where(depth + 1)) }
  }
  return { random, whole, where }
}

/** Reads RFC 4180; an empty field without quotes is null. */
function parseCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? (plain || null))
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}
