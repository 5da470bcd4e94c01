// Measures how fast the `files` connector loads one large file, and in how much memory, on fresh data folders; prints a Markdown table.
// Usage: [TEST_MYSQL_URL=mysql://root@127.0.0.1:3306] node scripts/node.mjs scripts/benchmark-loading.mjs [rows] [rounds] [case …]
// A case is `sqlite-csv`, `sqlite-ndjson`, `mysql-csv` or `mysql-ndjson`; all of them by default, those of MySQL when it has an address.
// On MySQL a worker process of its own loads. Linux only (memory); speaks to the machine itself only and stops by itself.
import { mkdirSync, mkdtempSync, readFileSync, linkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import { build } from './build.mjs'
import { at, machine, median, printTable, timed, writePeople } from './measure.mjs'
import { firstLoads, startProduct, startWorker } from './product.mjs'

const ROWS = Number(process.argv[2] ?? 200_000)
const ROUNDS = Number(process.argv[3] ?? 3)
const server = process.env.TEST_MYSQL_URL
const all = ['sqlite-csv', 'sqlite-ndjson', ...(server ? ['mysql-csv', 'mysql-ndjson'] : [])]
const CASES = process.argv.length > 4 ? process.argv.slice(4) : all
const SLUG = 'people'
const DATABASE = 'handover_bench_loading'
const BETWEEN_READS_MS = 50
const TWENTY_ROWS =
  '{ earthquakes { earthquakes(first: 20, orderBy: [{ column: mag, direction: DESC }]) { nodes { id time mag place latitude longitude } } } }'
const LOAD = 'query ($slug: String!) { loads(source: $slug, first: 1) { nodes { state records startedAt finishedAt error { message } } } }'

/** Resident megabytes of a process: now, or the most it ever had. */
const megabytes = (pid, what = 'VmRSS') =>
  Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024

/** Seconds of processor time that a process has used; the clock of Linux counts hundredths. */
function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function emptyDatabase() {
  const connection = await createConnection({ uri: server })
  await connection.query(`DROP DATABASE IF EXISTS ${DATABASE}`)
  await connection.query(`CREATE DATABASE ${DATABASE}`)
  await connection.end()
  const url = new URL(server)
  url.pathname = DATABASE
  return { DATABASE_URL: String(url) }
}

async function dropDatabase() {
  const connection = await createConnection({ uri: server })
  await connection.query(`DROP DATABASE IF EXISTS ${DATABASE}`)
  await connection.end()
}

/** What answers and what loads: one process, or on MySQL two. */
async function start(folder, isMysql) {
  if (!isMysql) {
    const product = await startProduct(folder)
    return { ...product, loader: product.pid }
  }
  const settings = await emptyDatabase()
  const api = await startProduct(folder, { ...settings, HANDOVER_ROLE: 'api' })
  const worker = await startWorker(folder, settings)
  const stop = async () => {
    await worker.stop()
    await api.stop()
    await dropDatabase()
  }
  return { ask: api.ask, stop, loader: worker.pid }
}

/** Loads the file into an empty table, reading another table and the memory all the while. */
async function loadOnce(name, file) {
  const [database, format] = name.split('-')
  const folder = mkdtempSync(join(tmpdir(), 'handover-loading-'))
  const product = await start(folder, database === 'mysql')
  try {
    await firstLoads(product)
    await timed(50, () => product.ask(TWENTY_ROWS))
    mkdirSync(join(folder, 'files', SLUG), { recursive: true })
    linkSync(file, join(folder, 'files', SLUG, `people.${format}`))
    const before = megabytes(product.loader)
    const used = processorSeconds(product.loader)
    const input = { slug: SLUG, title: SLUG, connector: 'files', config: { folder: SLUG, key: 'id' } }
    await product.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input }) // which asks for its first load
    const reads = []
    const memory = []
    let load
    do {
      await wait(BETWEEN_READS_MS)
      memory.push(megabytes(product.loader))
      reads.push(...(await timed(1, () => product.ask(TWENTY_ROWS))))
      load = (await product.ask(LOAD, { slug: SLUG })).loads.nodes[0]
    } while (!load || load.state === 'QUEUED' || load.state === 'RUNNING')
    if (load.state !== 'SUCCEEDED') throw new Error(`The load ended ${load.state}: ${load.error?.message}`)
    if (Number(load.records) !== ROWS) throw new Error(`The load read ${load.records} records.`)
    const seconds = (new Date(load.finishedAt) - new Date(load.startedAt)) / 1000
    const processor = ((processorSeconds(product.loader) - used) / ROWS) * 1e6
    return { seconds, processor, reads, before, peak: Math.max(...memory), middle: median(memory), after: megabytes(product.loader) }
  } finally {
    await product.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const say = (rounds) => {
  const seconds = rounds.map((round) => round.seconds)
  const reads = rounds.flatMap((round) => round.reads)
  const of = (what) => `${median(rounds.map((round) => round[what])).toFixed(0)} MB`
  return [
    `${Math.round(ROWS / median(seconds)).toLocaleString('en')} rows/s`,
    `${median(seconds).toFixed(2)} s (${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)})`,
    `${median(rounds.map((round) => round.processor)).toFixed(1)} µs`,
    ...[of('before'), of('middle'), of('peak'), of('after')],
    `${median(reads).toFixed(1)} ms (p99 ${at(reads, 0.99).toFixed(1)} ms)`,
  ]
}

await build()
const folder = mkdtempSync(join(tmpdir(), 'handover-loading-files-'))
try {
  const files = Object.fromEntries(['csv', 'ndjson'].map((format) => [format, writePeople(folder, { format, rows: ROWS, seed: 1 })]))
  const found = Object.fromEntries(CASES.map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of CASES) found[name].push(await loadOnce(name, files[name.split('-')[1]]))
  }
  console.log(`${ROWS.toLocaleString('en')} rows of 10 columns; ${machine()}; medians of ${ROUNDS} rounds.\n`)
  const head = ['case', 'rate', 'time', 'processor per row', 'memory before', 'median', 'highest', 'at the end', '20 rows meanwhile']
  printTable(
    head,
    CASES.map((name) => [name, ...say(found[name])]),
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
