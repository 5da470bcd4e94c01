import { execFileSync } from 'node:child_process'
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
const shop = await source((request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.url === '/orders')
    response.end(JSON.stringify({ meta: { count: 5 }, data: { items: RECORDS } }).replace('"big":1', '"big":9007199254740993'))
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

const made = {
  'not-yet': await make(['not-yet', '--yes']),
  'web-shop': await make(['web-shop', '--url', `${shop.url}/orders`, '--key', 'Order No', '--title', `Bo's "shop"`]),
}

describe('handover connector new', () => {
  it('makes the files that a connector needs, and says what comes next', () => {
    expect(made['not-yet']).toMatchObject({ code: 0, stderr: '' })
    expect(made['not-yet'].stdout).toContain('index.ts, index.test.ts, readme.md, fixtures/list.json')
    expect(made['not-yet'].stdout).toContain('npx handover connector try not-yet')
    expect(made['web-shop']).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(join(home, 'web-shop')).sort()).toEqual(['columns.ts', 'fixtures', 'index.test.ts', 'index.ts', 'readme.md'])
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
    const files = ['not-yet/index.ts', 'web-shop/index.ts', 'web-shop/columns.ts', 'web-shop/index.test.ts', 'web-shop/readme.md'].map(
      (path) => join(home, path),
    )
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
