import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { connectorFolder, runHere, source } from './in-process.ts'

const home = connectorFolder()
const shop = await source((request, response) => {
  if (request.url === '/orders/1') return void response.end('[{"x":1}]')
  if (/orders\/\d/.test(request.url!)) return void response.writeHead(404).end()
  if (request.headers['authorization'] !== 'Bearer a-real-token') return void response.writeHead(401).end()
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ items: [1, 2, 3].map((id) => ({ id, name: `Order ${id} of a-real-token`, at: '2026-01-01T10:00:00Z' })) }))
})
afterAll(async () => {
  await shop.close()
  rmSync(home, { recursive: true })
})

/** A connector with parks and the visits of each, from these answers. */
function connector(name: string, code: string, fixtures: Readonly<Record<string, unknown>> = {}): void {
  mkdirSync(join(home, name, 'fixtures'), { recursive: true })
  writeFileSync(join(home, name, 'index.ts'), code)
  for (const [url, body] of Object.entries(fixtures)) {
    const fixture = { origin: 'made for this test', request: { method: 'GET', url }, response: { status: 200, headers: {}, body } }
    writeFileSync(join(home, name, 'fixtures', `${url.replace(/\W+/g, '-')}.json`), JSON.stringify(fixture))
  }
}

const shopCode = (name: string, more = '') => `import { defineConnector, instant, recordPages, linkHeader, secret } from '@handover/sdk'
import { z } from 'zod'
export default defineConnector({
  name: '${name}', title: 'Shop', about: 'A shop.',
  config: z.object({ url: z.url().describe('Address'), token: secret().describe('Token'), most: z.int().default(5).describe('How many') }),
  streams: {
    orders: { about: 'Orders.', extract: ({ http, config }) =>
      recordPages(http.at(config.url, { headers: { authorization: 'Bearer ' + config.token } }).pages('/orders', { next: linkHeader() }), { at: 'items' }) },
    ${more}
  },
  datasets: { orders: { from: 'orders', about: 'Orders.', key: ['id'], load: 'merge',
    columns: z.object({ id: z.int().describe('Id'), name: z.string().max(20).describe('Name'), at: instant().meta({ role: 'time' }).describe('When') }),
    transform: (raw) => raw.id === 3 ? null : ({ id: raw.id, name: raw.name, at: raw.at }) } },
})
`
const orders = [
  { id: 1, name: 'First', at: '2026-01-01T10:00:00Z' },
  { id: 2, name: 'A name that is far too long for it', at: '2026-01-02T10:00:00Z' },
  { id: 3, name: 'Left out', at: '2026-01-03T10:00:00Z' },
]
connector('shop', shopCode('shop'), { 'https://shop.example/orders': { items: orders } })
const visits = `visits: { about: 'Visits.', parent: 'orders', extract: ({ http, config, partition }) =>
  recordPages(http.pages(config.url + '/orders/' + partition.value.id, { next: linkHeader() })) },`
connector('parents', shopCode('parents', visits).replace('max(20)', 'max(40)'), {
  'https://shop.example/orders': { items: orders.slice(0, 1) },
  'https://shop.example/orders/1': [{ x: 1 }],
})
connector(
  'broken',
  shopCode('broken')
    .replace('recordPages(', 'boom(')
    .replace(
      'export default',
      'async function* boom(pages: any, _: any): any {\n  for await (const page of pages) yield { records: page.body.nope.map(String) }\n}\nexport default',
    ),
  { 'https://shop.example/orders': {} },
)
connector('empty', shopCode('empty'))
connector(
  'forgetful',
  shopCode(
    'forgetful',
    "lines: { about: 'Lines.', extract: ({ http }) => recordPages((http as any).pages('https://shop.example/lines')) },",
  ),
  {
    'https://shop.example/orders': { items: orders },
  },
)
connector('long', shopCode('long'), {
  'https://shop.example/orders': {
    items: Array.from({ length: 12 }, (_, at) => ({ ...orders[at === 11 ? 1 : 0]!, id: at + 10 })),
    pages: 3,
    page: 1,
  },
})
connector('secretive', shopCode('secretive'), { 'https://shop.example/a/orders': { items: [{ ...orders[0]!, name: 'of k3y-in-it' }] } })
connector('unparsable', 'export default {')

const attempt = (words: readonly string[], env = shop.env) => runHere(['connector', 'try', ...words, '--in', home], { env })
const live = ['--live', '--set', `url=${shop.url}`, '--set', 'token=a-real-token']

describe('handover connector try', () => {
  it('shows what comes of the fixtures, with nothing to set and nothing that runs', async () => {
    const { code, stdout, stderr } = await attempt(['shop'])
    expect([code, stderr]).toEqual([0, ''])
    for (const line of [
      /url +https:\/\/shop\.example  \(made up for the fixtures\)/,
      /token +set  \(made up for the fixtures\)/,
      /most +5  \(usual\)/,
      /Stream orders: 3 records on 1 page/,
      /GET https:\/\/shop\.example\/orders/,
      /The next load starts over: no cursor\./,
      /\{"id":1,"name":"First","at":"2026-01-01T10:00:00Z"\}/,
      /Dataset orders \(merge by id\): 1 row, 1 left out on purpose/,
      /1 +First +2026-01-01T10:00:00\.000Z/,
      /name +TEXT +VARCHAR\(20\) +String/,
      /at +INSTANT_TEXT +DATETIME\(3\) +DateTime +time/,
      /Set aside: 1\n  name: .*20/,
      /\{"id":2,"name":"A name that is far too long/,
      /Card on the overview: rows over time, by At\./,
    ])
      expect(stdout).toMatch(line)
  })

  it('says the same as JSON', async () => {
    const { stdout } = await attempt(['shop', '--json', '--limit', '1'])
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ connector: 'shop', from: 'fixtures', settings: { token: 'set' } },
      streams: [{ name: 'orders', records: 3, first: [expect.any(String)], datasets: [{ rowCount: 1, filtered: 1, setAsideCount: 1 }] }],
    })
  })

  it('asks the source with --live, and shows no secret that it repeats', async () => {
    const { code, stdout } = await attempt(['shop', ...live])
    expect(code).toBe(0)
    expect(stdout).toContain('Order 1 of [removed]')
    expect(stdout).not.toContain('a-real-token')
    expect((await attempt(['shop', ...live, '--json'])).stdout).not.toContain('a-real-token')
  })

  it('reads a child for each row of its parent, and shows one stream alone', async () => {
    const { code, stdout } = await attempt(['parents', '--stream', 'visits'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/Stream visits: 1 record on 1 page\n  In 1 partition: 1/)
    expect(stdout).not.toContain('Stream orders')
  })

  it('shows the streams that worked beside one that did not, and ends with 1', async () => {
    const { code, stdout } = await attempt(['forgetful'])
    expect(code).toBe(1)
    expect(stdout).toContain('Stream orders: 3 records on 1 page')
    expect(stdout).toContain('http.pages needs next: say where the next page is, such as next: linkHeader(). (CONNECTOR_INVALID)')
    expect(stdout).not.toContain('An answer that looks different')
    const { stdout: json } = await attempt(['forgetful', '--json'])
    expect(JSON.parse(json).streams).toMatchObject([{ failure: null }, { failure: expect.stringContaining('needs next') }])
  })

  it('counts what is set aside beyond what it shows, and says what it did not read', async () => {
    const { stdout } = await attempt(['long', '--limit', '2'])
    expect(stdout).toMatch(/Dataset orders \(merge by id\): 11 rows/)
    expect(stdout).toContain('Set aside: 1\n')
    expect(stdout).toContain('The answer says pages: 3; 12 records were read on 1 page. Is the paging right?')
    const brief = await attempt(['shop', ...live, '--limit', '1'])
    expect(brief.stdout).toContain('Set aside: 2 of the 3 records read; --limit reads more')
  })

  it('hides a secret in the query of an address, in settings and wherever it is repeated', async () => {
    const words = ['secretive', '--set', 'url=https://shop.example/a?apikey=k3y-in-it&page=1', '--set', 'token=made-up-token']
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await attempt([...words, ...more])
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toContain('https://shop.example/a?apikey=…&page=1')
      expect(stdout).toContain('of [removed]')
      expect(stdout).not.toContain('k3y-in-it')
    }
  })

  it('leaves out a row of the parent for which the source has nothing, unless all are like this', async () => {
    const url = `url=${shop.url}`
    const { code, stdout } = await attempt(['parents', '--live', '--set', url, '--set', 'token=a-real-token'])
    expect(code).toBe(0)
    expect(stdout).toContain('Stream visits: 1 record on 1 page')
    expect(stdout).toContain('The source has nothing for 1 partition; a load leaves them out.')
    const none = await attempt(['parents', '--live', '--set', url.replace(/$/, '/none'), '--set', 'token=a-real-token'])
    expect(none).toMatchObject({ code: 1, stdout: expect.stringContaining('The source has nothing at this address') })
  })

  it('takes settings from a file, and --set over them', async () => {
    const file = join(home, 'settings.json')
    writeFileSync(file, JSON.stringify({ url: 'https://shop.example', token: 'from a file', most: 7 }))
    expect((await attempt(['shop', '--config', file, '--set', 'most=8'])).stdout).toMatch(/most +8\n/)
    writeFileSync(file, '[]')
    expect((await attempt(['shop', '--config', file])).stderr).toContain('must hold one JSON object')
    expect((await attempt(['shop', '--config', 'nowhere.json'])).stderr).toContain('(ENOENT)')
  })

  it.each([
    [['nope'], 2, 'There is no connector "nope". There are: broken, empty, forgetful, long, parents, secretive, shop, unparsable.'],
    [['unparsable'], 1, 'The connector unparsable cannot be used'],
    [
      ['shop', '--set', 'most=many', '--set', 'no=1'],
      2,
      '  no: There is no setting of this name. There are: url, token, most.\n  most: A whole number.',
    ],
    [['shop', '--set', 'most'], 2, '--set most says no value'],
    [['shop', '--live'], 2, '  url: Missing.'],
    [['shop', '--limit', '0'], 2, '--limit is "0"; it must be a whole number from 1 to 1000.'],
    [['shop', '--stream', 'x'], 2, 'There is no stream "x". There are: orders.'],
    [
      ['empty', '--set', 'url=https://a.example'],
      1,
      'No fixture answers GET https://a.example/orders. (FIXTURE_MISSING)\nKeep that answer with',
    ],
    [['broken'], 1, 'index.ts, line 4: TypeError'],
    [['shop', '--live', '--set', `url=${shop.url}`, '--set', 'token=wrong-one'], 1, 'does not accept our key or password'],
    [['shop', '--live', '--set', 'url=http://127.0.0.1:1', '--set', 'token=wrong-one'], 1, 'HANDOVER_PRIVATE_HOSTS'],
  ])('says about %s what is wrong and what to do', async (words, code, sentence) => {
    const ended = await attempt(words)
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toContain(sentence)
    expect(ended.stderr).not.toContain('wrong-one')
  })

  it('runs every connector of the house on its fixtures', async () => {
    for (const words of [
      ['random-users'],
      ['random-users', '--set', 'mode=online', '--set', 'first=23'],
      ['files', '--set', 'folder=mixed'],
    ])
      expect(await runHere(['connector', 'try', ...words])).toMatchObject({ code: 0, stderr: '' })
  })
})
