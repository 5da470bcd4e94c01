// Compares SQLite and MySQL, and one worker with two, in one run with the rounds interleaved; prints Markdown tables.
// Usage: TEST_MYSQL_URL=mysql://root@127.0.0.1:3306 [TEST_MONGODB_URL=mongodb://…] node scripts/node.mjs scripts/benchmark-databases.mjs [rounds]
// Makes databases of its own on that server and drops them. Speaks to the machine itself only and stops by itself.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { build } from './build.mjs'
import { at, machine, median, printTable, timed, writeCsv } from './measure.mjs'
import { firstLoads, startProduct, startWorker, until } from './product.mjs'

const ROUNDS = Number(process.argv[2] ?? 3)
const ROWS = 100_000
const SOURCES = 10
const ROWS_OF_EACH = 30_000
const TWENTY_ROWS =
  '{ earthquakes { earthquakes(first: 20, orderBy: [{ column: mag, direction: DESC }]) { nodes { id time mag place latitude longitude } } } }'
const server = process.env.TEST_MYSQL_URL
if (!server) throw new Error('Set TEST_MYSQL_URL to a MySQL server, for example mysql://root@127.0.0.1:3306.')

/** An empty database on the server, as settings of Handover. */
async function emptyDatabase(name) {
  const connection = await createConnection({ uri: server })
  await connection.query(`DROP DATABASE IF EXISTS ${name}`)
  await connection.query(`CREATE DATABASE ${name}`)
  await connection.end()
  const url = new URL(server)
  url.pathname = name
  return { DATABASE_URL: String(url), ...(process.env.TEST_MONGODB_URL && { MONGODB_URL: `${process.env.TEST_MONGODB_URL}/${name}` }) }
}

async function drop(name) {
  const connection = await createConnection({ uri: server })
  await connection.query(`DROP DATABASE IF EXISTS ${name}`)
  await connection.end()
}

const create = ({ ask }, slug) =>
  ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', {
    input: { slug, title: slug, connector: 'files', config: { folder: slug, key: 'id' } },
  })

/** Waits for the newest load of a source, and gives the seconds between its start and its end. */
async function secondsOf({ ask }, slug) {
  const question = 'query ($slug: String!) { loads(source: $slug, first: 1) { nodes { state startedAt finishedAt error { message } } } }'
  const load = await until(async () => {
    const newest = (await ask(question, { slug })).loads.nodes[0]
    return newest && !['QUEUED', 'RUNNING'].includes(newest.state) && newest
  }, `the load of ${slug} to end`)
  if (load.state !== 'SUCCEEDED') throw new Error(`The load of ${slug} ended ${load.state}: ${load.error?.message}`)
  return (new Date(load.finishedAt) - new Date(load.startedAt)) / 1000
}

/** Milliseconds that 20 rows of another table took, asked for again and again. */
async function readWhile(product, goesOn) {
  const reads = []
  while (goesOn()) reads.push(...(await timed(1, () => product.ask(TWENTY_ROWS))))
  return reads
}

/** Loads a new file, then the same table again with half of its rows changed. */
async function loadTwice(product, folder, round) {
  const slug = `people-${'abcdefgh'[round]}`
  writeCsv(join(folder, 'files', slug), ROWS, round)
  await create(product, slug)
  let loading = true
  const reading = readWhile(product, () => loading)
  const fresh = await secondsOf(product, slug)
  loading = false
  const reads = await reading
  writeCsv(join(folder, 'files', slug), ROWS, round + 7)
  await product.ask('mutation ($slug: String!) { loadNow(source: $slug) { id } }', { slug })
  return { fresh, reads, again: await secondsOf(product, slug) }
}

const noFigures = () => ({ fresh: [], again: [], reads: [], meanwhile: [] })

async function databases(folder) {
  const kinds = {
    SQLite: await startProduct(join(folder, 'sqlite')),
    MySQL: await startProduct(join(folder, 'mysql'), await emptyDatabase('handover_bench')),
  }
  const found = { SQLite: noFigures(), MySQL: noFigures() }
  try {
    for (const product of Object.values(kinds)) {
      await firstLoads(product)
      await timed(50, () => product.ask(TWENTY_ROWS))
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const [kind, product] of Object.entries(kinds)) {
        found[kind].reads.push(...(await timed(200, () => product.ask(TWENTY_ROWS))))
        const { fresh, reads, again } = await loadTwice(product, join(folder, kind.toLowerCase()), round)
        found[kind].fresh.push(fresh)
        found[kind].again.push(again)
        found[kind].meanwhile.push(...reads)
      }
    }
  } finally {
    for (const product of Object.values(kinds)) await product.stop()
    await drop('handover_bench')
  }
  const seconds = (values) => `${median(values).toFixed(2)} s`
  const row = (what, goal, say) => [what, goal, say(found.SQLite), say(found.MySQL)]
  const reads = (all) => `${median(all).toFixed(1)} ms (p99 ${at(all, 0.99).toFixed(1)} ms)`
  printTable(
    ['what', 'goal', 'SQLite', 'MySQL'],
    [
      row('100,000 CSV rows of 10 columns, new', '≤ 3 s', ({ fresh }) => seconds(fresh)),
      row('the same rows again, all of them changed', '', ({ again }) => seconds(again)),
      row('20 sorted rows of 1,707 over /graphql', '≤ 20 ms', (each) => reads(each.reads)),
      row('the same 20 rows during those loads', '', (each) => reads(each.meanwhile)),
    ],
  )
}

/** Seconds until ten sources that are asked for at once are all loaded. */
async function tenSources(api, folder, seed) {
  const slugs = Array.from({ length: SOURCES }, (_, index) => `ten-${index}`)
  for (const [index, slug] of slugs.entries()) writeCsv(join(folder, 'files', slug), ROWS_OF_EACH, seed * 100 + index)
  const started = performance.now()
  for (const slug of slugs) await api.ask('mutation ($slug: String!) { loadNow(source: $slug) { id } }', { slug })
  for (const slug of slugs) await secondsOf(api, slug)
  return (performance.now() - started) / 1000
}

async function workers(folder) {
  const settings = await emptyDatabase('handover_bench_workers')
  const api = await startProduct(folder, { ...settings, HANDOVER_ROLE: 'api' })
  const found = { 1: [], 2: [] }
  const running = [await startWorker(folder, settings)]
  try {
    await firstLoads(api)
    for (let index = 0; index < SOURCES; index++) {
      writeCsv(join(folder, 'files', `ten-${index}`), ROWS_OF_EACH, index)
      await create(api, `ten-${index}`)
    }
    for (let index = 0; index < SOURCES; index++) await secondsOf(api, `ten-${index}`)
    for (let round = 0; round < ROUNDS; round++) {
      for (const count of [1, 2]) {
        while (running.length > count) await running.pop().stop()
        while (running.length < count) running.push(await startWorker(folder, settings))
        found[count].push(await tenSources(api, folder, round * 2 + count))
      }
    }
  } finally {
    for (const each of [...running, api]) await each.stop()
    await drop('handover_bench_workers')
  }
  const rows = SOURCES * ROWS_OF_EACH
  const say = (count) => `${median(found[count]).toFixed(1)} s (${Math.round(rows / median(found[count]) / 1000)},000 rows/s)`
  printTable(
    ['what', 'one worker', 'two workers', 'ratio'],
    [
      [
        `${SOURCES} sources of ${ROWS_OF_EACH.toLocaleString('en')} changed rows each`,
        say(1),
        say(2),
        (median(found[1]) / median(found[2])).toFixed(2),
      ],
    ],
  )
}

await build()
const folder = mkdtempSync(join(tmpdir(), 'handover-benchmark-'))
try {
  console.log(`${machine()}; medians of ${ROUNDS} rounds.\n`)
  await databases(folder)
  console.log('')
  await workers(join(folder, 'workers'))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
