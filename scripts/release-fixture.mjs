// Keeps a small database of this release, so that every later one can be held to bringing it up to date. Run it once for each release:
//   TEST_MYSQL_URL=mysql://root@127.0.0.1:3306 node scripts/node.mjs scripts/release-fixture.mjs
// Writes server/test/upgrade/fixtures/<version>: the data folder of an embedded server, and that of one on MySQL with a dump of its tables.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { buffer } from 'node:stream/consumers'
import { constants, zstdCompressSync } from 'node:zlib'
import { packTar } from 'modern-tar/fs'
import { createConnection } from 'mysql2/promise'
import { build } from './build.mjs'
import { startProduct } from './product.mjs'
import { root } from './tools.mjs'

const server = process.env.TEST_MYSQL_URL
if (!server) throw new Error('TEST_MYSQL_URL must name a MySQL server.')
const DATABASE = 'handover_release_fixture'
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
const target = join(root, 'server/test/upgrade/fixtures', version)
const pack = (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 19 } })

/** Fills a place as people would: a source with a secret, two loads, records that are set aside, one of which was let go. */
async function fill(folder, settings) {
  const product = await startProduct(folder, {
    ...settings,
    HANDOVER_LOG: 'error',
    HANDOVER_CONNECTORS: join(root, 'server/test/upgrade/connectors'),
  })
  const ended = async () => {
    for (;;) {
      const { loads } = await product.ask('{ loads(source: "shop") { nodes { state } } }')
      if (loads.nodes.length > 0 && loads.nodes.every(({ state }) => state === 'SUCCEEDED')) return
      if (loads.nodes.some(({ state }) => state === 'FAILED')) throw new Error('A load failed.')
    }
  }
  try {
    const config = { last: 40, token: 'Tulpan-9-groda' }
    const input = {
      slug: 'shop',
      title: 'The shop',
      connector: 'shop',
      config,
      schedule: { cron: '0 3 * * *', timeZone: 'Europe/Stockholm' },
    }
    await product.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
    await ended()
    await product.ask('mutation { updateSource(slug: "shop", input: { config: { last: 50 } }) { slug } }')
    await product.ask('mutation { loadNow(source: "shop") { id } }')
    await ended()
  } finally {
    await product.stop()
  }
}

/** Every table as statements that make and fill it. */
async function dump() {
  const connection = await createConnection({
    uri: `${server.replace(/\/$/, '')}/${DATABASE}`,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
  })
  const [tables] = await connection.query('SHOW TABLES')
  const statements = []
  for (const [table] of tables.map((row) => Object.values(row))) {
    const [[made]] = await connection.query(`SHOW CREATE TABLE \`${table}\``)
    statements.push(made['Create Table'])
    const [rows] = await connection.query(`SELECT * FROM \`${table}\``)
    if (rows.length > 0) statements.push(connection.format(`INSERT INTO \`${table}\` VALUES ?`, [rows.map((row) => Object.values(row))]))
  }
  await connection.end()
  return `${statements.join(';\n')};\n`
}

async function administer(...statements) {
  const connection = await createConnection({ uri: server })
  for (const statement of statements) await connection.query(statement)
  await connection.end()
}

/** Everything of a data folder but what belongs to the process that ran. */
const folderOf = (folder) =>
  buffer(
    packTar(folder, { filter: (path) => !/lock\.(db|pid)$|-(wal|shm)$/.test(path), map: (header) => ({ ...header, mtime: new Date(0) }) }),
  )

await build()
rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
const embedded = mkdtempSync(join(tmpdir(), 'handover-fixture-'))
await fill(embedded, { DATABASE_URL: '', MONGODB_URL: '' })
const db = new DatabaseSync(join(embedded, 'handover.db'))
db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM')
db.close()
writeFileSync(join(target, 'embedded.tar.zst'), pack(await folderOf(embedded)))
const shared = mkdtempSync(join(tmpdir(), 'handover-fixture-'))
await administer(`DROP DATABASE IF EXISTS ${DATABASE}`, `CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`)
await fill(shared, { DATABASE_URL: `${server.replace(/\/$/, '')}/${DATABASE}`, MONGODB_URL: '' })
writeFileSync(join(target, 'mysql.tar.zst'), pack(await folderOf(shared)))
writeFileSync(join(target, 'mysql.sql.zst'), pack(Buffer.from(await dump())))
await administer(`DROP DATABASE ${DATABASE}`)
for (const folder of [embedded, shared]) rmSync(folder, { recursive: true })
console.log(`The databases of ${version} are in ${target}.`)
