// Measures the figures of docs/reference/benchmarks.md on a fresh data folder and prints them as a Markdown table.
// Usage: node scripts/node.mjs scripts/benchmark.mjs [rounds]. Linux only (memory); speaks to 127.0.0.1 only and stops by itself.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { build } from './build.mjs'
import { at, machine, median, printTable, timed, writeCsv } from './measure.mjs'
import { firstLoads, openChromium, startProduct } from './product.mjs'

const ROWS = 100_000
const ROUNDS = Number(process.argv[2] ?? 3)
const IDLE_MS = 20_000
const TWENTY_ROWS =
  '{ earthquakes { earthquakes(first: 20, orderBy: [{ column: mag, direction: DESC }]) { nodes { id time mag place latitude longitude } } } }'

const megabytes = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024

/** Loads one new file, reading through the API all the while. Seconds are those between start and end of the load. */
async function loadCsv({ ask }, slug, filesFolder) {
  writeCsv(join(filesFolder, slug), ROWS, slug.charCodeAt(slug.length - 1))
  const input = { slug, title: slug, connector: 'files', config: { folder: slug, key: 'id' } }
  await ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input }) // which asks for its first load
  const reads = []
  const question =
    'query ($slug: String!) { loads(source: $slug, first: 1) { nodes { state records startedAt finishedAt error { message } } } }'
  let load
  do {
    reads.push(...(await timed(1, () => ask(TWENTY_ROWS))))
    load = (await ask(question, { slug })).loads.nodes[0]
  } while (!load || load.state === 'QUEUED' || load.state === 'RUNNING')
  if (load.state !== 'SUCCEEDED') throw new Error(`The load ended ${load.state}: ${load.error?.message}`)
  if (Number(load.records) !== ROWS) throw new Error(`The load read ${load.records} records.`)
  return { seconds: (new Date(load.finishedAt) - new Date(load.startedAt)) / 1000, reads }
}

/** What a visitor with an empty cache waits for and downloads. */
async function visit(browser, address) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const scripts = []
  page.on('requestfinished', (request) => request.resourceType() === 'script' && scripts.push(request.sizes()))
  await page.goto(address, { waitUntil: 'networkidle' })
  const paint = await page.evaluate('performance.getEntriesByName("first-contentful-paint")[0].startTime')
  const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size.responseBodySize, 0)
  await context.close()
  return { paint, kilobytes: bytes / 1000 }
}

async function measure(folder) {
  const starts = []
  for (let round = 0; round < ROUNDS; round++) {
    const product = await startProduct(folder)
    starts.push(product.ms / 1000)
    await firstLoads(product)
    await product.stop()
  }
  const product = await startProduct(folder)
  try {
    await wait(IDLE_MS)
    const idle = megabytes(product.pid)
    const browser = await openChromium()
    const paints = []
    for (let round = 0; round < ROUNDS; round++) paints.push((await visit(browser, `${product.address}/`)).paint)
    const { kilobytes } = await visit(browser, `${product.address}/tracking/users`)
    await browser.close()
    await timed(50, () => product.ask(TWENTY_ROWS))
    const answers = await timed(500, () => product.ask(TWENTY_ROWS))
    const loads = []
    for (let round = 0; round < ROUNDS; round++) loads.push(await loadCsv(product, `bench-${'abcdefgh'[round]}`, join(folder, 'files')))
    return { starts, idle, paints, kilobytes, answers, loads, after: megabytes(product.pid) }
  } finally {
    await product.stop()
  }
}

await build()
const folder = mkdtempSync(join(tmpdir(), 'handover-benchmark-'))
try {
  const found = await measure(folder)
  const reads = found.loads.flatMap((load) => load.reads)
  const seconds = found.loads.map((load) => load.seconds)
  const rows = [
    ['server ready after start, built', '≤ 2 s', `${median(found.starts).toFixed(2)} s`],
    ['memory of the one process, idle', '≤ 250 MB', `${found.idle.toFixed(0)} MB`],
    ['JavaScript on Tracking users, compressed', '≤ 200 kB', `${found.kilobytes.toFixed(0)} kB`],
    ['first number on Overview, empty cache', '≤ 1 s', `${(median(found.paints) / 1000).toFixed(2)} s`],
    [
      '20 sorted rows of 1,707 over /graphql',
      '≤ 20 ms',
      `${median(found.answers).toFixed(1)} ms (p99 ${at(found.answers, 0.99).toFixed(1)} ms)`,
    ],
    ['100,000 CSV rows of 10 columns into SQLite', '≤ 3 s', `${median(seconds).toFixed(2)} s`],
    ['the same 20 rows during those loads, p99', '≤ 30 ms', `${at(reads, 0.99).toFixed(1)} ms (median ${median(reads).toFixed(1)} ms)`],
    ['memory after those loads', '', `${found.after.toFixed(0)} MB`],
  ]
  console.log(`${machine()}; medians of ${ROUNDS} rounds.\n`)
  printTable(['what', 'goal', 'measured'], rows)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
