import { execFileSync } from 'node:child_process'
import type { ServerResponse } from 'node:http'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, describe, expect, it } from 'vitest'
import { ROOT } from '../../src/app/config.ts'
import { connectorFolder, runHere, source } from './in-process.ts'

const home = connectorFolder()
/** What people's sources send: odd names, gaps, long numbers, persons, and where the list is. */
const RECORDS = Array.from({ length: 5 }, (_, at) => ({
  ...{ 'Order No': `A-${at}`, lat: 59.3 + at, lng: 18, "it's": at % 2 === 0 ? null : "a 'quoted' text", big: 1 },
  ...{ buyer: { email: `maja${at}@mail.test`, ids: [at] }, placed_at: `2026-01-0${at + 1}T10:00:00+01:00`, paid: true, day: '2026-01-01' },
}))
const KEY = 's3cr3t-live/key+1'
/** Twelve records, five on a page, in the ways in which sources page. */
function paged({ pathname, searchParams }: URL, response: ServerResponse): void {
  if (searchParams.get('apikey') !== KEY) return void response.writeHead(403).end()
  const way = pathname.split('/')[2]!
  const page = Number(searchParams.get('page') ?? searchParams.get('cursor')?.slice(1) ?? (way === 'zero' ? 0 : 1))
  const start = Number(searchParams.get('offset') ?? (way === 'zero' ? page : page - 1) * 5)
  const items = Array.from({ length: 12 }, (_, id) => ({ id, self: `https://a.test/${id}?apikey=${encodeURIComponent(KEY)}` })).slice(
    start,
    start + 5,
  )
  const isLast = start + 5 >= 12
  const next = `/paged/url?page=${page + 1}`
  const beside: Record<string, object> = {
    pages: { page, pages: 3, total: 12 },
    zero: { meta: { totalPages: 3 } },
    token: { meta: { nextCursor: isLast ? null : `c${page + 1}` } },
    url: { next: isLast ? null : `http://${shopHost()}${next}`, has_more: !isLast },
    offset: { offset: start, limit: 5, total: 12 },
    unknown: { total: 12 },
  }
  // Says how many there are, and answers every question alike.
  response.end(JSON.stringify({ items: way === 'unknown' ? [{ id: 1 }, { id: 2 }] : items, ...beside[way] }))
}
const shopHost = (): string => shop.env['HANDOVER_PRIVATE_HOSTS']!

const shop = await source((request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.url === '/orders')
    response.end(JSON.stringify({ meta: { count: 5 }, data: { items: RECORDS } }).replace('"big":1', '"big":9007199254740993'))
  else if (request.url!.startsWith('/paged/')) paged(new URL(request.url!, 'http://a.test'), response)
  else if (request.url === '/page') response.end('<html>')
  else if (request.url === '/empty') response.end('{"items":[]}')
  else response.writeHead(404).end()
})
afterAll(async () => {
  await shop.close()
  rmSync(home, { recursive: true })
})

const make = (words: readonly string[], answers?: readonly string[]) =>
  runHere(['connector', 'new', ...words, '--in', home], { env: shop.env, ...(answers && { answers }) })
const read = (path: string) => readFileSync(join(home, path), 'utf8')

const made: Record<string, Awaited<ReturnType<typeof make>>> = {
  'not-yet': await make(['not-yet', '--yes']),
  ...Object.fromEntries(
    await Promise.all(
      ['pages', 'zero', 'token', 'url', 'offset', 'unknown'].map(async (way) => {
        const url = `${shop.url}/paged/${way}?apikey=${encodeURIComponent(KEY)}#apikey=${KEY}`
        return [`by-${way}`, await make([`by-${way}`, '--url', url, '--key', 'id', '--yes'])] as const
      }),
    ),
  ),
  'web-shop': await make(['web-shop', '--url', `${shop.url}/orders`, '--key', 'Order No', '--title', `Bo's "shop"`]),
}

describe('handover connector new', () => {
  it('makes the files that a connector needs, and says what comes next', () => {
    expect(made['not-yet']).toMatchObject({ code: 0, stderr: '' })
    expect(made['not-yet']!.stdout).toContain('index.ts, index.test.ts, readme.md, fixtures/list.json')
    expect(made['not-yet']!.stdout).toContain('npx handover connector try not-yet')
    expect(made['web-shop']).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(join(home, 'web-shop')).sort()).toEqual(['columns.ts', 'fixtures', 'index.test.ts', 'index.ts', 'readme.md'])
  })

  it.each([
    ['by-pages', `pageNumber({ param: 'page', stopWhenEmpty: 'items' })`],
    ['by-zero', `pageNumber({ param: 'page', from: 0, stopWhenEmpty: 'items' })`],
    ['by-token', `nextToken({ at: 'meta.nextCursor', param: 'cursor' })`],
    ['by-url', `nextUrl({ at: 'next' })`],
    ['by-offset', `offset({ param: 'offset', limitParam: 'limit', limit: 5, total: 'total' })`],
  ])('sees how the source pages, and reads all of it: %s', async (name, next) => {
    expect(made[name]).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('the second page was there') })
    expect(read(`${name}/index.ts`).replace(/\s+/g, ' ').replace(/, }/g, ' }')).toContain(`next: ${next}`)
    const live = ['--live', '--set', `apikey=${KEY}`, '--limit', '100', '--in', home]
    const { code, stdout } = await runHere(['connector', 'try', name, ...live], { env: shop.env })
    expect([code, stdout]).toEqual([0, expect.stringMatching(/Stream records: 12 records on [34] pages\n/)])
    expect(stdout).not.toContain('Is the paging right')
    expect((await runHere(['connector', 'try', name, '--in', home])).stdout).not.toContain('Is the paging right')
    expect(stdout).not.toContain(KEY)
  })

  it('says when a source has more and it cannot tell how to ask for it, and so does try', async () => {
    const sentence = 'The answer says total: 12; 2 records were read on 1 page. Is the paging right?'
    expect(made['by-unknown']!.stdout).toContain(sentence)
    expect(read('by-unknown/index.ts')).toContain('next: linkHeader()')
    const live = ['--live', '--set', `apikey=${KEY}`, '--in', home]
    expect((await runHere(['connector', 'try', 'by-unknown', ...live], { env: shop.env })).stdout).toContain(sentence)
  })

  it('makes a setting of a secret in the address, which is nowhere in the files nor on the screen', async () => {
    const index = read('by-token/index.ts')
    expect(index).toContain(`apikey: secret().describe(`)
    expect(index).toContain('.at(config.url, { query: { apikey: config.apikey } })')
    expect(index).toContain(`.default('${shop.url}/paged/token')`)
    expect(read('by-token/readme.md')).toContain('`apikey`')
    expect(read('by-token/fixtures/list.json')).toContain('/paged/token?apikey=made-up-apikey"')
    for (const name of Object.keys(made).filter((each) => each.startsWith('by-'))) {
      const texts = readdirSync(join(home, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      for (const text of [...texts, made[name]!.stdout]) expect(text).not.toMatch(/s3cr3t|live(\/|%2F)key/)
    }
    const wrong = await make(['other', '--yes', '--url', `${shop.url}/paged/token?apikey=wrong-k3y`])
    expect(wrong.stderr).toContain('The key may be wrong')
    expect(wrong.stderr).not.toContain('wrong-k3y')
  })

  it.each(['not-yet', 'web-shop'])('keeps index.ts of %s within 30 lines', (name) => {
    expect(read(`${name}/index.ts`).trimEnd().split('\n').length).toBeLessThanOrEqual(30)
  })

  it('makes columns of what the source sends, and no person gets into the fixture', () => {
    const columns = read('web-shop/columns.ts')
    for (const line of [
      'Order_No: z.string().max(191).describe(',
      "lat: z.number().meta({ role: 'latitude' })",
      'it_s: z.string().nullish()',
      'big: int64()',
      "placed_at: instant().meta({ role: 'time' })",
      'paid: z.boolean()',
      'buyerEmail: z.string().meta({ personal: true })',
      'buyerIds: json()',
      'day: date()',
    ])
      expect(columns).toContain(line)
    const fixture = read('web-shop/fixtures/list.json')
    expect(fixture).toContain('"recorded 2026-11-26, its first 3 records"')
    expect(fixture).toContain('9007199254740993')
    expect(fixture).not.toContain('mail.test')
  })

  it('makes code that format, lint and types have nothing to say about', { timeout: 120_000 }, () => {
    const files = [
      'not-yet/index.ts',
      'by-token/index.ts',
      'by-token/readme.md',
      'by-offset/index.ts',
      'by-token/index.test.ts',
      'web-shop/index.ts',
      'web-shop/columns.ts',
      'web-shop/index.test.ts',
      'web-shop/readme.md',
    ].map((path) => join(home, path))
    const run = (tool: string, words: readonly string[]) =>
      execFileSync(process.execPath, [join(ROOT, 'node_modules', tool), ...words], { cwd: ROOT })
    run('prettier/bin/prettier.cjs', ['--check', '--ignore-path', '/dev/null', ...files])
    run('oxlint/bin/oxlint', ['--deny-warnings', '--no-ignore', ...files.filter((file) => file.endsWith('.ts'))])
    const { config } = ts.readConfigFile(join(ROOT, 'connectors/tsconfig.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, join(ROOT, 'connectors'))
    const program = ts.createProgram(
      files.filter((file) => file.endsWith('index.ts')),
      { ...options, incremental: false, noEmit: true },
    )
    expect(ts.getPreEmitDiagnostics(program).map((fault) => ts.flattenDiagnosticMessageText(fault.messageText, '\n'))).toEqual([])
  })

  it('asks three questions at a terminal, and takes an empty answer for the usual one', async () => {
    const { code, asked } = await make(['asked'], ['Our shop', `${shop.url}/orders`, ''])
    expect([code, asked.length]).toEqual([0, 3])
    expect(asked[2]).toContain('[Order No]')
    expect(read('asked/index.ts')).toContain(`title: 'Our shop'`)
    expect((await make(['asked-less', '--title', 'X', '--key', 'id'], [''])).asked).toHaveLength(1)
  })

  it('answers with JSON alone', async () => {
    const { stdout } = await make(['as-json', '--yes', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ connector: 'as-json', files: expect.arrayContaining(['index.ts']) })
  })

  it.each([
    [['Web'], '"Web" is no name for a connector'],
    [['a'], 'is no name for a connector'],
    [['sdk', '--yes'], 'Choose another name'],
    [['web-shop', '--yes'], 'There is something called "web-shop" already'],
    [['files', '--yes'], 'There is something called "files" already'],
    [['other'], 'Nobody can be asked here'],
    [['other', '--yes', '--title', 'x'.repeat(61)], 'A title has 1 to 60 characters'],
    [['other', '--yes', '--url', 'shop.example'], 'is no address'],
    [['other', '--yes', '--url', `${shop.url}/gone`], 'nothing at this address'],
    [['other', '--yes', '--url', `${shop.url}/page`], 'a web page where JSON was expected'],
    [['other', '--yes', '--url', `${shop.url}/empty`], 'no list of records'],
    [['other', '--yes', '--url', `${shop.url}/orders`, '--key', 'nope'], 'No record has the field "nope". There are: Order No'],
    [['other', '--yes', '--url', `${shop.url}/orders`, '--key', 'lng'], 'the same value in several records'],
    [['other', '--yes', '--key', 'my id'], 'no name of a column'],
  ])('refuses %s with a sentence and writes nothing', async (words, sentence) => {
    const { code, stderr, stdout } = await make(words)
    expect([code === 0, stdout]).toEqual([false, ''])
    expect(stderr).toContain(sentence)
    expect(existsSync(join(home, 'other'))).toBe(false)
  })
})

// The tests that were made run here: this is what "passes at once" means.
for (const name of Object.keys(made)) await import(pathToFileURL(join(home, name, 'index.test.ts')).href)
