import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { zstdDecompressSync } from 'node:zlib'
import { unpackTar } from 'modern-tar/fs'
import { createConnection } from 'mysql2/promise'
import { expect, it } from 'vitest'
import { onMysql, runSql, testDatabase, type TestDatabase } from '../../src/warehouse/testing/databases.ts'
import { startServer } from '../api/server.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const connectors = join(import.meta.dirname, 'connectors')
const releases = await readdir(fixtures)
const unpacked = async (name: string) => zstdDecompressSync(await readFile(join(fixtures, name)))

/** A data folder and a database as a release has left them. */
async function placeOf(release: string) {
  const folder = await mkdtemp(join(tmpdir(), 'handover-upgrade-'))
  await pipeline(Readable.from([await unpacked(`${release}/${onMysql ? 'mysql' : 'embedded'}.tar.zst`)]), unpackTar(folder))
  const database = await testDatabase(folder, { empty: true })
  if (database.url !== null) {
    const connection = await createConnection({ uri: database.url, multipleStatements: true })
    await connection.query((await unpacked(`${release}/mysql.sql.zst`)).toString())
    await connection.end()
  }
  await missRun(database)
  const end = async () => {
    await database.drop()
    await rm(folder, { recursive: true, force: true })
  }
  return { env: { HANDOVER_DATA: folder, DATABASE_URL: database.url ?? '', HANDOVER_CONNECTORS: connectors }, [Symbol.asyncDispose]: end }
}

/** As if the machine had been off when the next load was due, whatever the day is: that load then begins with the server. */
async function missRun(database: TestDatabase): Promise<void> {
  const [job] = await runSql(database, 'SELECT data FROM handover_agenda_job')
  const data = JSON.stringify({ ...JSON.parse(String(job!['data'])), plannedAt: '2026-01-01T02:00:00.000Z' })
  await runSql(database, 'UPDATE handover_agenda_job SET next_run_at = ?, data = ?', ['2026-01-01 02:00:00.000', data])
}

const question = `{
  source(slug: "shop") { title config paused scheduleText nextLoadAt lastSuccess { id } datasets { name rows } }
  loads(source: "shop") { nodes { id state records balance { balances } } }
  shop {
    orders(orderBy: [{ column: number, direction: ASC }], first: 100) { totalCount nodes { number price placed paid goods _rawPart _rawLine } }
    numbers { totalCount }
    clerks { nodes { id name face } }
  }
}`

const price = (number: number) => `${number}.50`
const bought = (to: number) => Array.from({ length: to }, (_, index) => index + 1).filter((number) => number % 10 !== 0)

it.each(releases)('a database of %s is brought up to date with nothing lost, and its loads go on', { timeout: 60_000 }, async (release) => {
  await using place = await placeOf(release)
  await using server = await startServer(place.env)
  const loads = async () => (await server.ask(question)).data.loads.nodes
  await expect.poll(loads, { timeout: 20_000 }).toMatchObject([{ state: 'SUCCEEDED' }, { state: 'SUCCEEDED' }, { state: 'SUCCEEDED' }])
  const { data, errors } = await server.ask(question)
  expect(errors).toBeUndefined()
  expect(data.source).toMatchObject({
    title: 'The shop',
    config: { last: 50, token: 'set' },
    paused: false,
    scheduleText: expect.stringContaining('03:00'),
  })
  expect(data.source.nextLoadAt).not.toBeNull()
  expect(data.shop.orders.nodes.map(({ number, price: paid }: { number: number; price: string }) => [number, paid])).toEqual(
    bought(50).map((number) => [number, price(number)]),
  )
  for (const { number, _rawPart, _rawLine } of data.shop.orders.nodes) {
    const raw = (await server.ask(`{ rawRecord(part: ${_rawPart}, line: ${_rawLine}) { text } }`)).data.rawRecord
    expect(JSON.parse(raw.text)).toEqual({ number })
  }
  expect(data.shop.numbers.totalCount).toBe(50)
  expect(data.shop.clerks.nodes.map(({ name }: { name: string }) => name)).toEqual(['Maja', "D'Arcy", 'Åse 😀'])
  for (const { face } of data.shop.clerks.nodes) expect((await fetch(server.url + face)).status).toBe(200)
  expect(data.loads.nodes.map(({ state, records }: { state: string; records: unknown }) => [state, Number(records)])).toEqual([
    ['SUCCEEDED', 3],
    ['SUCCEEDED', 13],
    ['SUCCEEDED', 43],
  ])

  for (const { balance } of data.loads.nodes) for (const { balances } of balance) expect(balances).toBe(true)

  // The secret opens: only the number of orders is new. Ten more are read, and none of those before.
  await server.ask('mutation { updateSource(slug: "shop", input: { config: { last: 60 } }) { slug } }')
  expect((await server.ask('mutation { loadNow(source: "shop") { id } }')).errors).toBeUndefined()
  await server.handover.loads.idle()
  const after = (await server.ask(question)).data
  expect(after.loads.nodes[0]).toMatchObject({ state: 'SUCCEEDED', records: 13 })
  expect(after.shop.orders.totalCount).toBe(54)
  expect(after.shop.numbers.totalCount).toBe(60)
})

it('has databases to hold upgrades to', () => expect(releases).toContain('0.1.0'))
