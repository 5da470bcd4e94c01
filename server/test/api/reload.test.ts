import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectorFolder, type ConnectorFolder } from './connector-folder.ts'
import { startServer, type TestServer } from './server.ts'

const RELOAD = 'mutation { reloadConnectors { added changed removed broken { name problem } unfit { name problem } } }'
const NOTHING = { added: [], changed: [], removed: [], broken: [], unfit: [] }

let connectors: ConnectorFolder
let server: TestServer

beforeEach(async () => {
  connectors = await connectorFolder()
  await connectors.write('steady')
  server = await startServer({ HANDOVER_CONNECTORS: connectors.path })
})

afterEach(async () => {
  await server[Symbol.asyncDispose]()
  await connectors[Symbol.asyncDispose]()
  delete (globalThis as Gates).reloadGate
})

/** Where a connector of a test says that it runs, and waits. */
type Gates = typeof globalThis & { reloadGate?: { reached(): void; opened: Promise<void> } }

const reload = async () => (await server.ask(RELOAD)).data.reloadConnectors

async function create(slug: string, connector: string): Promise<void> {
  const input = { slug, title: slug, connector, config: {} }
  const { errors } = await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
  expect(errors).toBeUndefined()
  await server.handover.loads.idle()
}

async function load(slug: string): Promise<{ state: string; error: { code: string; message: string } | null }> {
  await server.ask('mutation ($slug: String!) { loadNow(source: $slug) { id } }', { slug })
  await server.handover.loads.idle()
  const { data } = await server.ask('query ($slug: String!) { source(slug: $slug) { lastLoad { state error { code message } } } }', {
    slug,
  })
  return data.source.lastLoad
}

const rows = async (field: string, columns = 'id') =>
  (await server.ask(`{ ${field} { items(first: 10) { nodes { ${columns} } } } }`)).data?.[field].items.nodes

describe('reloading the connectors', () => {
  it('finds nothing where nothing is different', async () => {
    expect(await reload()).toEqual(NOTHING)
  })

  it('takes up a connector that is dropped in, from its form to its rows', async () => {
    await connectors.write('fresh', { title: 'Fresh goods' })
    expect(await reload()).toEqual({ ...NOTHING, added: ['fresh'] })
    expect((await server.ask('{ connector(name: "fresh") { title ready } }')).data.connector).toEqual({ title: 'Fresh goods', ready: true })
    await create('goods', 'fresh')
    expect(await rows('goods')).toEqual([{ id: 1 }])
  })

  it('makes tables, API and pages follow a declaration that changed', async () => {
    await create('steady', 'steady')
    const columns = `colour: z.string().max(20).nullish().describe('Colour')`
    await connectors.write('steady', { title: 'Steadier', columns, extract: `yield { records: [{ id: 2, colour: 'blue' }] }` })
    expect(await reload()).toEqual({ ...NOTHING, changed: ['steady'] })
    expect(await rows('steady', 'id colour')).toEqual([{ id: 1, colour: null }])
    expect((await load('steady')).state).toBe('SUCCEEDED')
    expect(await rows('steady', 'id colour')).toEqual([
      { id: 1, colour: null },
      { id: 2, colour: 'blue' },
    ])
    const { data } = await server.ask('{ source(slug: "steady") { connector { title } datasets { columns { name } } } }')
    expect(data.source.connector.title).toBe('Steadier')
    expect(data.source.datasets[0].columns.map(({ name }: { name: string }) => name)).toEqual(['id', 'colour'])
  })

  it('keeps the rows of a connector that is taken away', async () => {
    await connectors.write('leaving')
    await reload()
    await create('left', 'leaving')
    await connectors.remove('leaving')
    expect(await reload()).toEqual({ ...NOTHING, removed: ['leaving'] })
    expect(await rows('left')).toEqual([{ id: 1 }])
    expect((await load('left')).error?.message).toContain('There is no connector called "leaving"')
  })

  it('lets a broken edit fail alone, says so at its sources and loads, and heals when it is mended', async () => {
    await connectors.write('fragile')
    await reload()
    await create('porcelain', 'fragile')
    await create('steady', 'steady')
    await connectors.write('fragile', { top: `\nthrow new Error('Dropped.')` })
    const problem = 'The connector fragile cannot be used (fragile/index.ts, line 2). Dropped.'
    expect(await reload()).toEqual({ ...NOTHING, changed: ['fragile'], broken: [{ name: 'fragile', problem }] })
    const { data } = await server.ask('{ source(slug: "porcelain") { connector { ready problem } } connectors { name ready } }')
    expect(data.source.connector).toEqual({ ready: false, problem })
    expect(data.connectors).toEqual([
      { name: 'fragile', ready: false },
      { name: 'steady', ready: true },
    ])
    expect(await load('porcelain')).toEqual({ state: 'FAILED', error: { code: 'CONNECTOR_INVALID', message: problem } })
    expect(server.logged.join('')).toContain('A connector cannot be used')
    expect(await rows('porcelain')).toEqual([{ id: 1 }])
    expect((await load('steady')).state).toBe('SUCCEEDED')
    await connectors.write('fragile')
    expect(await reload()).toEqual({ ...NOTHING, changed: ['fragile'] })
    expect(await load('porcelain')).toEqual({ state: 'SUCCEEDED', error: null })
  })

  it('names a source whose table cannot follow, and leaves it as it was', async () => {
    await create('steady', 'steady')
    await connectors.write('steady', { columns: `size: z.int().nullish().describe('Size')` })
    await reload()
    await connectors.write('steady', { columns: `size: z.string().max(5).nullish().describe('Size')` })
    const { changed, unfit } = await reload()
    expect([changed, unfit]).toEqual([['steady'], [{ name: 'steady', problem: expect.stringContaining('size') as string }]])
    expect(await rows('steady', 'id size')).toEqual([{ id: 1, size: null }])
  })

  it('lets a load that runs go on with the connector it began with', async () => {
    let open = (): void => undefined
    const reached = new Promise<void>((resolve) => {
      const opened = new Promise<void>((go) => (open = go))
      ;(globalThis as Gates).reloadGate = { reached: resolve, opened }
    })
    const gate = '(globalThis as any).reloadGate'
    await connectors.write('slow', { extract: `${gate}.reached(); await ${gate}.opened; yield { records: [{ id: 1 }] }` })
    await reload()
    const input = { slug: 'slow', title: 'Slow', connector: 'slow', config: {} }
    await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
    await reached
    await connectors.write('slow', { columns: `n: z.int().nullish().describe('N')`, extract: 'yield { records: [{ id: 2, n: 2 }] }' })
    expect((await reload()).changed).toEqual(['slow'])
    open()
    await server.handover.loads.idle()
    expect(await rows('slow', 'id n')).toEqual([{ id: 1, n: null }])
    expect((await load('slow')).state).toBe('SUCCEEDED')
    expect(await rows('slow', 'id n')).toEqual([
      { id: 1, n: null },
      { id: 2, n: 2 },
    ])
  })

  it('is done one after the other when two ask at once', async () => {
    await connectors.write('fresh')
    const both = await Promise.all([reload(), reload()])
    expect(both.map(({ added }) => added.join()).toSorted()).toEqual(['', 'fresh'])
  })

  it('says what is wrong when a folder is gone, and keeps what it has', async () => {
    await rm(connectors.path, { recursive: true })
    expect((await server.ask(RELOAD)).errors?.[0]).toMatchObject({ message: expect.stringContaining('HANDOVER_CONNECTORS') as string })
    expect((await server.ask('{ connector(name: "steady") { ready } }')).data.connector.ready).toBe(true)
  })
})
