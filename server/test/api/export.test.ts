import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seeded } from '../loads/ledger.ts'
import { startServer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  await server.shelf('web-shop', { rows: 2345 })
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

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
