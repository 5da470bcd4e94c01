import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Fixture } from '@handover/sdk/host'
import { afterAll, describe, expect, it } from 'vitest'
import { connectorFolder, runHere, source } from './in-process.ts'

const home = connectorFolder()
const TOKEN = 'sk_live/4f9a+77'
const KEY = 'Zx81-Qwerty-0042'
const KEY_IN_ADDRESS = 'Ab34-Second-0077'

const person = (id: number) => ({
  ...{
    id,
    customer: { name: `Maja Lind${id}`, mail: `Maja.Lind${id}@mail.test`, born: `19${60 + id}-05-17T00:00:00Z`, age: 34 + id },
    phone: `+46 70 111 22 ${id}`,
  },
  ...{ text: `Deliver to Maja Lind${id} please`, sum: '12.50', changed: `2026-01-0${id}T10:00:00Z`, session_token: `tok-${id}-abcdef` },
  ...{ password: 'letmeinnow', jwt: 'eyJhbGciOiJub25lIn0.e30', pin_code: 4711 },
})

/** A shop with five orders on as many pages, told in every way that lists are told. */
function shop(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, 'http://x')
  const page = Number(url.searchParams.get('page') ?? 1)
  const send = (body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'set-cookie': 'who=you',
      'x-noise': 'n',
      'x-ratelimit-remaining': '10',
      ...headers,
    })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  if (request.headers['authorization'] !== `Bearer ${TOKEN}` || ![KEY, KEY_IN_ADDRESS].includes(url.searchParams.get('api_key')!))
    return void response.writeHead(401).end()
  const { pathname } = url
  const orders = [person(page)]
  if (pathname === '/me') return send({ you: `Bearer ${TOKEN}` })
  if (pathname === '/orders') {
    const first = Number(url.searchParams.get('since') ?? 0) + page
    const next = `<http://${request.headers['host']}/orders?api_key=${KEY}&page=${page + 1}>; rel="next"`
    return send(first > 5 ? [] : [person(first)], first < 5 ? { link: next } : {})
  }
  if (pathname === '/token') return send({ data: orders, next: page < 5 ? page + 1 : null })
  if (pathname === '/number') return send(page > 5 ? [] : orders)
  if (pathname === '/offset') {
    const skip = Number(url.searchParams.get('skip'))
    return send({ total: 5, took: 3, items: skip >= 5 ? [] : [person(skip + 1)] })
  }
  if (pathname === '/lines') return send([1, 2, 3].map((id) => JSON.stringify(person(id))).join('\n'))
  if (/^\/parks\/\d\/visits$/.test(pathname)) return send([{ ...person(1), id: Number(pathname[7]) }])
  if (pathname === '/parks') return send([1, 2, 3, 4, 5].map((id) => ({ id })))
  if (pathname === '/post') {
    let text = ''
    request.on('data', (data) => (text += String(data)))
    return void request.on('end', () => {
      const { after = 0 } = JSON.parse(text) as { after?: number }
      send({ orders: [person(after + 1)], page: { end: after + 1, hasMore: after < 4 } })
    })
  }
  response.writeHead(404).end()
}

const server = await source(shop)
afterAll(async () => {
  await server.close()
  rmSync(home, { recursive: true })
})

const COLUMNS = `z.object({
  id: z.int().describe('Id'),
  name: z.string().nullish().meta({ personal: true }).describe('Name'),
  mail: z.string().nullish().meta({ personal: true }).describe('Mail'),
  born: date().nullish().meta({ personal: true }).describe('Born'),
  age: z.int().min(18).max(99).nullish().meta({ personal: true }).describe('Age'),
  sum: decimal(12, 2).nullish().describe('Sum'),
})`

/** Makes a connector whose one stream is read like this. */
function connector(name: string, extract: string, more = ''): void {
  const folder = join(home, name)
  mkdirSync(folder)
  const dataset = (from: string) => `{ from: '${from}', about: 'Orders.', key: ['id'], load: 'merge', columns, transform }`
  writeFileSync(
    join(folder, 'index.ts'),
    `import { date, decimal, defineConnector, linkHeader, nextToken, offset, pageNumber, recordPages, recordsAt, secret, type Http } from '@handover/sdk'
import { z } from 'zod'
const columns = ${COLUMNS}
const transform = ({ id, customer = {}, sum }: any) =>
  ({ id, name: customer.name, mail: customer.mail?.toLowerCase(), born: customer.born?.slice(0, 10), age: customer.age, sum })
const config = z.object({ url: z.url().describe('Address'), token: secret().describe('Token'), key: secret().describe('Key') })
const shopOf = (http: Http, config: any) => http.at(config.url, { headers: { authorization: 'Bearer ' + config.token } })
export default defineConnector({
  name: '${name}', title: '${name}', about: 'A shop.', config,
  check: ({ http, config }) => shopOf(http, config).get('/me', { query: { api_key: config.key } }),
  streams: {
    orders: { about: 'Orders.', async *extract({ http, config, cursor, now }) { const shop = shopOf(http, config); const query = { api_key: config.key }; ${extract} } },
    ${more === '' ? '' : `visits: { about: 'Visits.', parent: 'orders', async *extract({ http, config, partition }) { const shop = shopOf(http, config); const query = { api_key: config.key }; ${more} } },`}
  },
  datasets: { orders: ${dataset('orders')}, ${more === '' ? '' : `visits: ${dataset('visits')}`} },
})
`,
  )
  writeFileSync(join(folder, 'readme.md'), `# ${name}\n\n## What it loads\n\n## Settings\n\n## Limits\n`)
}

const settings = ['--set', `url=${server.url}`, '--set', `token=${TOKEN}`, '--set', `key=${KEY}`]
const record = (name: string, ...words: string[]) =>
  runHere(['connector', 'record', name, '--in', home, ...settings, ...words], { env: server.env })
const fixturesOf = (name: string) =>
  readdirSync(join(home, name, 'fixtures')).map((file) => JSON.parse(readFileSync(join(home, name, 'fixtures', file), 'utf8')) as Fixture)
const textOf = (name: string) => JSON.stringify(fixturesOf(name))

const WAYS: Record<string, string> = {
  links: `for await (const page of shop.pages('/orders', { query: { ...query, since: cursor }, next: linkHeader() })) { const records: any = recordsAt(page); yield { records, cursor: records.at(-1)?.id ?? cursor, request: page.request } }`,
  tokens: `yield* recordPages(shop.pages('/token', { query, next: nextToken({ at: 'next', param: 'page' }) }), { at: 'data' })`,
  numbers: `yield* recordPages(shop.pages('/number', { query, next: pageNumber({ param: 'page' }) }))`,
  offsets: `yield* recordPages(shop.pages('/offset', { query, next: offset({ param: 'skip', limitParam: 'limit', limit: 1, total: 'total' }) }), { at: 'items' })`,
  lines: `for await (const page of shop.lines('/lines', { query })) yield { records: page.records, request: page.request }`,
  posts: `yield* recordPages(shop.pages('/post', { query, post: { after: 0 }, next: { next: (page) => (page.body.page.hasMore ? { post: { after: page.body.page.end } } : null) } }), { at: 'orders' })`,
}
const ended: Record<string, Awaited<ReturnType<typeof record>>> = {}
for (const [name, extract] of Object.entries(WAYS)) {
  connector(name, extract)
  ended[name] = await record(name)
}
connector(
  'parks',
  `yield* recordPages(shop.pages('/parks', { query, next: linkHeader() }))`,
  `yield* recordPages(shop.pages('/parks/' + partition.value.id + '/visits', { query, next: linkHeader() }))`,
)
ended['parks'] = await record('parks')

describe('handover connector record', () => {
  it.each(Object.keys(ended))('keeps %s so that they play back whole, cut after two pages', (name) => {
    expect(ended[name]).toMatchObject({ code: 0, stderr: '' })
    const orders = fixturesOf(name).filter(({ request }) => !request.url.includes('/me'))
    expect(orders.length).toBeGreaterThan(0)
    expect(orders.length).toBeLessThanOrEqual(name === 'links' ? 6 : name === 'parks' ? 4 : 3)
    expect(new Set(fixturesOf(name).map(({ origin }) => origin))).toEqual(new Set(['recorded 2026-11-26']))
  })

  it.each(Object.keys(ended))('lets no secret and no person into the files of %s', (name) => {
    const text = textOf(name)
    for (const hidden of [TOKEN, encodeURIComponent(TOKEN), KEY, 'Maja', 'maja', '05-17', 'abcdef', 'letmeinnow', 'eyJhb', 'who=you'])
      expect(text).not.toContain(hidden)
    expect(text).toContain('made-up-key')
    expect(text).not.toMatch(/set-cookie|x-noise|ratelimit|authorization/)
    expect(ended[name]!.stdout).not.toContain(KEY)
  })

  it('lets no key of an address into files and settings', async () => {
    connector('keyed', `yield* recordPages(shop.pages('/number' + new URL(config.url).search, { next: pageNumber({ param: 'page' }) }))`)
    const { code, stdout } = await record('keyed', '--set', `url=${server.url}/?api_key=${KEY_IN_ADDRESS}`)
    expect([code, stdout]).toEqual([0, expect.stringContaining('/?api_key=made-up-api_key')])
    expect(stdout + textOf('keyed')).not.toContain(KEY_IN_ADDRESS)
    expect(textOf('keyed')).toContain('api_key=made-up-api_key')
  })

  it('makes values of the same shape, the same ones wherever they stand', () => {
    const [one] = fixturesOf('numbers').filter(({ request }) => request.url.includes('page=1'))
    const [order] = one!.response.body as ReturnType<typeof person>[]
    expect(order!.customer.name).toMatch(/^[A-Z][a-z]{3} [A-Z][a-z]{3}\d$/)
    expect(order!.text).toBe(`Deliver to ${order!.customer.name} please`)
    expect(order!.customer.mail).toMatch(/^[A-Z][a-z]{3}\.[A-Z][a-z]{3}\d@example\.com$/)
    expect(order!.customer.age).toBeGreaterThanOrEqual(18)
    expect(order).toMatchObject({ id: 1, sum: '12.50' })
    expect(ended['numbers']!.stdout).toContain('phone')
  })

  it('keeps the headers that were looked at, and ends a list by taking its link away', () => {
    const pages = fixturesOf('links').filter(({ request }) => !request.url.includes('since') && request.url.includes('/orders'))
    expect(pages.map(({ response }) => Object.keys(response.headers).sort())).toEqual([['content-type', 'link'], ['content-type']])
    expect(pages[0]!.response.headers['link']).toContain('api_key=made-up-key&page=2')
  })

  it('asks few rows of a parent for what belongs to them', () => {
    expect(fixturesOf('parks').filter(({ request }) => request.url.includes('visits'))).toHaveLength(3)
  })

  it('refuses to write over fixtures, and with --force keeps those that were made by hand', async () => {
    const again = await record('tokens')
    expect(again).toMatchObject({ code: 2, stdout: '' })
    expect(again.stderr).toContain('There are fixtures already: orders-1.json')
    const byHand = {
      origin: 'made by hand',
      request: { method: 'GET', url: `${server.url}/outage` },
      response: { status: 500, headers: {}, body: '' },
    }
    writeFileSync(join(home, 'tokens/fixtures/outage.json'), JSON.stringify(byHand))
    expect(await record('tokens', '--force', '--pages', '1')).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(join(home, 'tokens/fixtures')).sort()).toEqual(['orders-1.json', 'outage.json', 'start-1.json'])
    const answer = JSON.parse((await record('tokens', '--force', '--json')).stdout) as unknown
    expect(answer).toMatchObject({
      connector: 'tokens',
      config: { token: 'made-up-token' },
      problems: [],
      streams: [{ name: 'orders', pages: 2 }],
    })
  })

  it('says what is wrong: a setting, a source that refuses, a private address, nothing asked', async () => {
    const bare = (...words: string[]) => runHere(['connector', 'record', 'links', '--in', home, '--force', ...words], { env: server.env })
    expect((await bare()).stderr).toContain('url: Missing. A full web address')
    const refused = await bare('--set', `url=${server.url}`, '--set', 'token=wrong', '--set', `key=${KEY}`)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('does not accept our key or password')
    const guarded = await runHere(['connector', 'record', 'links', '--in', home, '--force', ...settings])
    expect(guarded.stderr).toContain('HANDOVER_PRIVATE_HOSTS')
    expect((await runHere(['connector', 'record', 'random-users', '--force'])).stderr).toContain('nothing to record')
    expect((await bare('--set', `url=${server.url}`, '--set', 'token=abc', '--set', `key=${KEY}`)).code).toBe(1)
  })
})

for (const name of Object.keys(ended)) {
  const code = `import { testConnector } from '@handover/sdk/testing'
import connector from './index.ts'
testConnector(connector, { folder: import.meta.dirname, fixtures: import.meta.dirname + '/fixtures', configs: { recorded: { url: '${server.url}', token: 'made-up-token', key: 'made-up-key' } } })
`
  writeFileSync(join(home, name, 'index.test.ts'), code)
  await import(pathToFileURL(join(home, name, 'index.test.ts')).href)
}
