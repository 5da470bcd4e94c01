import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../../src/app/config.ts'
import { startServer, type TestServer } from './server.ts'

const TOKEN = 'a-token-that-nobody-may-see'
let server: TestServer
let shop: Server
let origin: string

beforeAll(async () => {
  shop = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return response.writeHead(401).end()
    return response.writeHead(200, { etag: '"1"' }).end('id,name\n1,from the web\n')
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  const { port } = shop.address() as AddressInfo
  origin = `http://127.0.0.1:${port}`
  server = await startServer({ HANDOVER_CONNECTORS: join(ROOT, 'connectors'), HANDOVER_PRIVATE_HOSTS: `127.0.0.1:${port}` })
  const folder = join(server.folder, 'files/mixed')
  await mkdir(folder, { recursive: true })
  for (const name of ['types.parquet', 'book.xlsx'])
    await copyFile(join(ROOT, 'connectors/files/fixtures/formats', name), join(folder, name))
  await writeFile(join(folder, 'packed.csv.zst'), zstdCompressSync('id,name,price\n70,packed,1.25\n'))
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await new Promise((resolve) => shop.close(resolve))
})

async function load(slug: string, config: Record<string, unknown>) {
  const made = await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug config } }', {
    input: { slug, title: slug, connector: 'files', config },
  })
  expect(made.errors).toBeUndefined()
  await server.handover.loads.idle()
  const { data } = await server.ask(
    'query ($slug: String!) { loads(source: $slug) { nodes { state balance { read transformed quarantinedRows balances } } } }',
    { slug },
  )
  return { made: made.data.createSource, loads: data.loads.nodes }
}

describe('files of every kind', () => {
  it('go from a folder to a table, exactly, and the sums are right', async () => {
    const { loads } = await load('mixed', { folder: 'mixed' })
    expect(loads).toMatchObject([{ state: 'SUCCEEDED', balance: [{ read: 7, balances: true }] }])
    const { data, errors } = await server.ask(
      '{ mixed { mixed(first: 50) { totalCount nodes { file id name price exact at_fine place } } } }',
    )
    expect(errors).toBeUndefined()
    const rows = data.mixed.mixed.nodes as Record<string, unknown>[]
    expect(rows.find(({ file }) => file === 'packed.csv.zst')).toMatchObject({ id: 70, name: 'packed' })
    expect(rows.filter(({ file }) => file === 'book.xlsx')).toHaveLength(3)
    expect(rows.find(({ file, id }) => file === 'types.parquet' && String(id) === '9007199254740993')).toMatchObject({
      exact: '-1.0000000001',
      at_fine: '1969-12-31T23:59:59.999999Z',
    })
  })

  it('come from a web address, and the token is seen nowhere', async () => {
    const { made, loads } = await load('web', { address: `${origin}/a.csv`, token: TOKEN })
    expect(made.config).toMatchObject({ address: `${origin}/a.csv`, token: 'set' })
    expect(loads).toMatchObject([{ state: 'SUCCEEDED', balance: [{ read: 1, balances: true }] }])
    const all = await server.ask(
      '{ sources { slug config } loads { nodes { id log { message fields } } } web { a { nodes { id name } } } }',
    )
    expect(all.errors).toBeUndefined()
    expect(JSON.stringify(all)).not.toContain(TOKEN)
  })

  it('are refused with a sentence beside the setting when a test finds something wrong', async () => {
    const test = async (config: Record<string, unknown>) =>
      (
        await server.ask('mutation ($input: TestSource!) { testSource(input: $input) { ok message fields { name message } } }', {
          input: { connector: 'files', config },
        })
      ).data.testSource
    expect(await test({ folder: 'mixed' })).toMatchObject({ ok: true })
    expect(await test({ folder: 'mixed', pattern: 'book.xlsx', sheet: 'Nope' })).toMatchObject({ ok: false, fields: [{ name: 'sheet' }] })
    expect(await test({ address: `${origin}/a.csv`, token: 'wrong' })).toMatchObject({ ok: false, fields: [{ name: 'token' }] })
    expect(await test({ address: 'http://127.0.0.1:1/a.csv' })).toMatchObject({
      ok: false,
      fields: [{ name: 'address', message: expect.stringContaining('private network') }],
    })
    expect(await test({ address: 's3://bucket/x', endpoint: 'http://169.254.169.254' })).toMatchObject({
      ok: false,
      fields: [{ name: 'endpoint' }],
    })
  })
})
