import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Connector } from '@handover/sdk'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, NotFoundError, StartError } from '../shared/errors.ts'
import { CatalogService, shapesOf } from './catalog.service.ts'

const silent = pino({ level: 'silent' })
/** Below the repository, so that a connector finds `@handover/sdk` as it will when somebody drops it in. */
const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url))

let folder: string

beforeEach(async () => {
  await mkdir(CACHE, { recursive: true })
  folder = await mkdtemp(join(CACHE, 'catalog-'))
})

afterEach(() => rm(folder, { recursive: true }))

async function write(path: string, lines: readonly string[]): Promise<void> {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${lines.join('\n')}\n`)
}

const shop = (name: string) => [
  `import { defineConnector } from '@handover/sdk'`,
  `import { z } from 'zod'`,
  `const row: { id: number } = { id: 1 }`,
  `export default defineConnector({`,
  `  name: '${name}',`,
  `  title: 'Shop',`,
  `  about: 'Orders.',`,
  `  config: z.object({}),`,
  `  streams: { orders: { about: 'Orders.', async *extract() { yield { records: [row] } } } },`,
  `  datasets: { orders: { from: 'orders', about: 'Orders.', key: ['id'], load: 'merge', columns: z.object({ id: z.int().describe('Number') }), transform: (raw: { id: number }) => raw } },`,
  `})`,
]

const load = (patienceMs?: number) => CatalogService.load([join(folder, 'one'), join(folder, 'two')], silent, patienceMs)
const problemsOf = (catalog: CatalogService) => Object.fromEntries(catalog.list().map(({ name, error }) => [name, error?.message]))

beforeEach(async () => {
  await write('one/good/index.ts', shop('good'))
  await mkdir(join(folder, 'two'))
})

describe('opening the folders', () => {
  it('finds every folder with an index.ts but the sdk, and reads the shapes of its datasets', async () => {
    await write('one/sdk/index.ts', ['throw new Error("the sdk is no connector")'])
    await write('one/notes/readme.md', ['No connector.'])
    await write('one/node_modules', ['A file.'])
    await write('two/better/index.ts', shop('better'))
    const catalog = await load()
    expect(catalog.list().map(({ name, error }) => [name, error])).toEqual([
      ['good', null],
      ['better', null],
    ])
    expect(shapesOf(catalog.get('good'))).toMatchObject([
      { name: 'orders', key: ['id'], load: 'merge', columns: [{ name: 'id', kind: 'int' }] },
    ])
    expect(catalog.get('better').title).toBe('Shop')
  })

  it('lets a connector fail alone, with a message that names file and line', async () => {
    await write('one/throws/index.ts', ['', 'const nothing = JSON.parse("null")', 'nothing.title', 'export default nothing'])
    await write('one/deeper/index.ts', [`import './schema.ts'`, 'export default {}'])
    await write('one/deeper/schema.ts', ['', '', 'throw new TypeError("no columns")'])
    await write(
      'one/faulty/index.ts',
      shop('faulty').map((line) => line.replace(`about: 'Orders.', key`, `about: '', key`)),
    )
    await write('one/renamed/index.ts', shop('other'))
    await write(
      'one/leaky/index.ts',
      shop('leaky').map((line) =>
        line
          .replace('z.object({}),', `z.object({ login: z.object({ password: secret() }).describe('Login') }),`)
          .replace('{ defineConnector }', '{ defineConnector, secret }'),
      ),
    )
    await write('one/empty/index.ts', ['export const connector = {}'])
    const catalog = await load()
    const problems = problemsOf(catalog)
    expect(problems['good']).toBeUndefined()
    expect(problems['throws']).toMatch(
      /^The connector throws cannot be used \(throws\/index\.ts, line 3\)\. Cannot read properties of null/,
    )
    expect(problems['deeper']).toBe('The connector deeper cannot be used (deeper/schema.ts, line 3). no columns')
    expect(problems['faulty']).toMatch(/\(faulty\/index\.ts, line 4\)\. .*\n- Dataset orders: .*description/s)
    expect(problems['renamed']).toBe(
      'The connector renamed cannot be used (renamed/index.ts). It calls itself "other"; the name must be that of its folder.',
    )
    expect(problems['leaky']).toMatch(/Setting login has a secret inside/)
    expect(problems['empty']).toMatch(/no default export/)
    expect(() => catalog.get('throws')).toThrow(ConfigError)
    expect(catalog.find('throws')).toBeNull()
    expect(catalog.get('good').name).toBe('good')
  })

  it('lets a connector fail that cannot be parsed or lacks a package', async () => {
    await write('one/broken/index.ts', ['export default {', '  name: ', '}}'])
    await write('one/lacking/index.ts', [`import 'a-package-that-nobody-installed'`, 'export default {}'])
    const catalog = await load()
    const problems = problemsOf(catalog)
    expect(problems['broken']).toMatch(/^The connector broken cannot be used \(broken\/index\.ts, line 3\)/)
    expect(problems['lacking']).toMatch(/^The connector lacking cannot be used .*a-package-that-nobody-installed/s)
    expect(catalog.get('good').name).toBe('good')
  })

  it('lets a connector fail whose datasets cannot be tables', async () => {
    const broken = (name: string, from: string, to: string) =>
      write(
        `one/${name}/index.ts`,
        shop(name).map((line) => line.replace(from, to)),
      )
    await broken('keyless', `key: ['id']`, `key: ['number']`)
    await broken(
      'twins',
      `datasets: { orders: {`,
      `datasets: { orderS: { from: 'orders', about: 'Again.', load: 'append', columns: z.object({ id: z.int().describe('Number') }), transform: (raw: { id: number }) => raw }, orders: {`,
    )
    const problems = problemsOf(await load())
    expect(problems['twins']).toMatch(
      /\(twins\/index\.ts, line 4\)\. .*\n- Two datasets have the same name, or names that differ only in capitals\.$/s,
    )
    expect(problems['keyless']).toMatch(/\(keyless\/index\.ts, line 4\)\. .*\n- Dataset orders: key number: there is no such column\.$/s)
    expect(problems['good']).toBeUndefined()
  })

  it('gives up on a connector whose import never ends', async () => {
    await write('one/endless/index.ts', ['await new Promise(() => {})', ...shop('endless')])
    const problems = problemsOf(await load(200))
    expect(problems['endless']).toMatch(
      /^The connector endless cannot be used \(endless\/index\.ts\)\. Its import did not end within 0\.2 seconds\./,
    )
    expect(problems['good']).toBeUndefined()
  })

  it('goes on when a connector wants to end the process', async () => {
    await write('one/leaving/index.ts', ['', 'process.exit(3)', ...shop('leaving')])
    const { exit } = process
    const problems = problemsOf(await load())
    expect(problems['leaving']).toBe(
      'The connector leaving cannot be used (leaving/index.ts, line 2). It calls process.exit, which would end Handover for everybody.',
    )
    expect(problems['good']).toBeUndefined()
    expect(process.exit).toBe(exit)
  })

  it('keeps the first of two connectors of one name', async () => {
    await write('two/good/index.ts', shop('good'))
    const catalog = await load()
    expect(catalog.list().map(({ folder: where, error }) => [dirname(where).endsWith('one'), error === null])).toEqual([
      [true, true],
      [false, false],
    ])
    expect(catalog.list()[1]!.error!.message).toContain('another folder already')
    expect(catalog.get('good').name).toBe('good')
  })

  it('checks a plain object that was never given to defineConnector', async () => {
    await write('one/plain/index.ts', ['export default { name: "plain" }'])
    const catalog = await load()
    expect(catalog.list().find(({ name }) => name === 'plain')!.error!.message).toContain('plain/index.ts')
  })

  it('refuses to start without the folder', async () => {
    await expect(CatalogService.load([join(folder, 'three')], silent)).rejects.toThrow(StartError)
  })

  it('names what is installed when asked for something else', async () => {
    const catalog = await load()
    expect(() => catalog.get('shop')).toThrow(NotFoundError)
    expect(() => catalog.get('shop')).toThrow('There is no connector called "shop". Installed are: good.')
  })
})

describe('opening the folders again', () => {
  /** A connector that says what its files say, at once and when it is asked. */
  const speaking = async (title: string) => {
    await write('one/speaks/words.ts', [`export const title = '${title}'`])
    await write('one/speaks/later.ts', [`import { title } from './words.ts'`, `export const said: string = title`])
    await write('one/speaks/index.ts', [
      `import { title } from './words.ts'`,
      ...shop('speaks').map((line) =>
        line.replace(`'Shop'`, 'title').replace('yield { records: [row] }', `yield { records: [(await import('./later.ts')).said] }`),
      ),
    ])
  }
  const said = async (connector: Connector) => {
    for await (const page of connector.streams!['orders']!.extract({} as never)) return page.records[0]
  }

  it('says what was added, changed and removed, and leaves all others the very same', async () => {
    await speaking('Before')
    await write('two/goes/index.ts', shop('goes'))
    const catalog = await load()
    const [good, speaks] = [catalog.get('good'), catalog.get('speaks')]
    expect(await catalog.reload()).toEqual({ added: [], changed: [], removed: [], broken: [] })
    expect(catalog.generation).toBe(0)
    await speaking('After')
    await rm(join(folder, 'two/goes'), { recursive: true })
    await write('two/comes/index.ts', shop('comes'))
    expect(await catalog.reload()).toEqual({ added: ['comes'], changed: ['speaks'], removed: ['goes'], broken: [] })
    expect(catalog.generation).toBe(1)
    expect(catalog.get('good')).toBe(good)
    expect([speaks.title, catalog.get('speaks').title]).toEqual(['Before', 'After'])
    expect(catalog.find('goes')).toBeNull()
  })

  it('keeps the files of one version together, also those that are imported when they are needed', async () => {
    await speaking('Before')
    const catalog = await load()
    const before = catalog.get('speaks')
    expect(await said(before)).toBe('Before')
    await speaking('After')
    await catalog.reload()
    expect([await said(before), await said(catalog.get('speaks'))]).toEqual(['Before', 'After'])
    await speaking('Before')
    await catalog.reload()
    expect(catalog.get('speaks')).toBe(before)
  })

  it('does not look at tests, recorded answers and readmes', async () => {
    const catalog = await load()
    await write('one/good/index.test.ts', ['throw new Error("not here")'])
    await write('one/good/fixtures/page.json', ['{}'])
    await write('one/good/readme.md', ['Good.'])
    expect((await catalog.reload()).changed).toEqual([])
  })

  it('knows errors and columns of the new version as its own', async () => {
    const catalog = await load()
    await write(
      'one/good/index.ts',
      shop('good').map((line) =>
        line
          .replace('{ defineConnector }', '{ ConfigError, defineConnector }')
          .replace('yield { records: [row] }', `throw new ConfigError('No.')`),
      ),
    )
    await catalog.reload()
    await expect(said(catalog.get('good'))).rejects.toThrow(ConfigError)
    expect(shapesOf(catalog.get('good'))).toMatchObject([{ columns: [{ kind: 'int' }] }])
  })

  it('lets a broken edit fail alone, and heals when it is mended', async () => {
    await speaking('Before')
    const catalog = await load()
    await write('one/speaks/words.ts', ['', `throw new Error('Not yet.')`, 'export const title = 1'])
    const broken = { name: 'speaks', problem: 'The connector speaks cannot be used (speaks/words.ts, line 2). Not yet.' }
    expect(await catalog.reload()).toEqual({ added: [], changed: ['speaks'], removed: [], broken: [broken] })
    expect(() => catalog.get('speaks')).toThrow(ConfigError)
    expect(catalog.get('good').name).toBe('good')
    expect(await catalog.reload()).toMatchObject({ changed: [], broken: [broken] })
    await speaking('Before')
    expect(await catalog.reload()).toEqual({ added: [], changed: ['speaks'], removed: [], broken: [] })
    expect(catalog.get('speaks').title).toBe('Before')
  })

  it('tries a broken connector again, whose own files did not change', async () => {
    await write('one/needs/index.ts', [`import '../lib.ts'`, ...shop('needs')])
    const catalog = await load()
    expect(catalog.find('needs')).toBeNull()
    await write('one/lib.ts', ['export {}'])
    expect((await catalog.reload()).broken).toEqual([])
    expect(catalog.get('needs').name).toBe('needs')
  })

  it('changes nothing when a folder cannot be read', async () => {
    const catalog = await load()
    await rm(join(folder, 'two'), { recursive: true })
    await expect(catalog.reload()).rejects.toThrow(StartError)
    expect(catalog.get('good').name).toBe('good')
  })
})
