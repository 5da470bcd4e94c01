import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConfigError, NotFoundError, StartError } from '../shared/errors.ts'
import { CatalogService } from './catalog.service.ts'

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

const load = () => CatalogService.load([join(folder, 'one'), join(folder, 'two')], silent)

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
    expect(catalog.list()[0]!.shapes).toMatchObject([
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
    const problems = Object.fromEntries(catalog.list().map(({ name, error }) => [name, error?.message]))
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
    const problems = Object.fromEntries(catalog.list().map(({ name, error }) => [name, error?.message]))
    expect(problems['broken']).toMatch(/^The connector broken cannot be used/)
    expect(problems['lacking']).toMatch(/^The connector lacking cannot be used .*a-package-that-nobody-installed/s)
    expect(catalog.get('good').name).toBe('good')
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
