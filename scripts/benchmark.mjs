// Measures the figures of docs/reference/benchmarks.md on a fresh data folder and prints them as a Markdown table.
// Usage: node scripts/node.mjs scripts/benchmark.mjs [rounds]. Speaks to 127.0.0.1 only and stops by itself.
import { spawn } from 'node:child_process'
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { build } from './build.mjs'
import { root } from './tools.mjs'

const ROWS = 100_000
const ROUNDS = Number(process.argv[2] ?? 3)
const PORT = 3977
const address = `http://127.0.0.1:${PORT}`

const sorted = (values) => values.toSorted((a, b) => a - b)
const at = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))]
const median = (values) => at(values, 0.5)

async function ask(query, variables) {
  const answer = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await answer.json()
  if (errors) throw new Error(errors[0].message)
  return data
}

/** Starts the built server on `folder`; gives the process and the milliseconds until it is ready. */
async function start(folder) {
  const started = performance.now()
  const child = spawn(process.execPath, [join(root, 'server/dist/app/main.js')], {
    cwd: root,
    env: { ...process.env, HANDOVER_DATA: folder, HANDOVER_PORT: String(PORT) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (let tries = 0; tries < 1000; tries++) {
    const ready = await fetch(`${address}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ready) return { child, ms: performance.now() - started }
    await wait(10)
  }
  throw new Error('The server did not get ready.')
}

async function stop(child) {
  const ended = new Promise((settle) => child.on('exit', settle))
  child.kill('SIGTERM')
  await ended
}

const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024

function writeCsv(folder, seed) {
  mkdirSync(folder, { recursive: true })
  const lines = ['id,name,city,country,born,latitude,longitude,amount,active,seen_at']
  for (let id = 0; id < ROWS; id++) {
    const n = (id * 7919 + seed) % 100_003
    lines.push(
      `${id},Person ${n},City ${n % 977},Country ${n % 190},19${10 + (n % 90)}-0${1 + (n % 9)}-1${n % 10},${(n % 18000) / 100 - 90},${(n % 36000) / 100 - 180},${n}.5,${n % 2 === 0},2026-01-${10 + (n % 20)}T0${n % 10}:00:00.000Z`,
    )
  }
  writeFileSync(join(folder, 'people.csv'), lines.join('\n') + '\n')
}

async function loadCsv(slug, filesFolder) {
  writeCsv(join(filesFolder, slug), slug.length)
  const input = { slug, title: slug, connector: 'files', config: { folder: slug, key: 'id' }, schedule: null }
  await ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
  const started = performance.now()
  const { loadNow } = await ask('mutation ($slug: String!) { loadNow(source: $slug) { id } }', { slug })
  const reads = []
  let load
  do {
    const before = performance.now()
    await ask('{ earthquakes { earthquakes(first: 20) { nodes { id mag place } } } }')
    reads.push(performance.now() - before)
    load = (await ask('query ($id: ID!) { load(id: $id) { state startedAt finishedAt error { message } } }', loadNow)).load
  } while (load.state === 'QUEUED' || load.state === 'RUNNING')
  if (load.state !== 'SUCCEEDED') throw new Error(`The load ended ${load.state}: ${load.error?.message}`)
  return { seconds: (performance.now() - started) / 1000, reads }
}

await build()
const folder = mkdtempSync(join(tmpdir(), 'handover-benchmark-'))
try {
  const starts = []
  for (let round = 0; round < ROUNDS; round++) {
    const { child, ms } = await start(folder)
    starts.push(ms)
    if (round === 0) await wait(3000) // lets the first loads end, so that later starts find data
    await stop(child)
  }
  const { child } = await start(folder)
  await wait(5000)
  const idle = memory(child.pid)

  const query =
    '{ earthquakes { earthquakes(first: 20, orderBy: [{ column: mag, direction: DESC }]) { nodes { id time mag place latitude longitude } } } }'
  for (let warm = 0; warm < 50; warm++) await ask(query)
  const answers = []
  for (let count = 0; count < 500; count++) {
    const before = performance.now()
    await ask(query)
    answers.push(performance.now() - before)
  }

  const loads = []
  for (let round = 0; round < ROUNDS; round++) loads.push(await loadCsv(`bench${'abcdefgh'[round]}`, join(folder, 'files')))
  const reads = loads.flatMap((load) => load.reads)
  const peak = memory(child.pid)
  await stop(child)

  console.log(
    `Machine: ${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}; ${ROUNDS} rounds.\n`,
  )
  console.log('| what | goal | measured |\n| --- | --- | --- |')
  console.log(`| server ready after start, built | ≤ 2 s | median ${(median(starts) / 1000).toFixed(2)} s |`)
  console.log(`| memory of the one process, idle | ≤ 250 MB | ${idle.toFixed(0)} MB |`)
  console.log(
    `| 20 sorted rows over /graphql | ≤ 20 ms median | median ${median(answers).toFixed(1)} ms, p99 ${at(answers, 0.99).toFixed(1)} ms |`,
  )
  console.log(`| 100,000 CSV rows × 10 columns into SQLite | ≤ 3 s | median ${median(loads.map((load) => load.seconds)).toFixed(2)} s |`)
  console.log(
    `| API reads during those loads | ≤ 30 ms p99 | median ${median(reads).toFixed(1)} ms, p99 ${at(reads, 0.99).toFixed(1)} ms, ${reads.length} reads |`,
  )
  console.log(`| memory after those loads | – | ${peak.toFixed(0)} MB |`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
