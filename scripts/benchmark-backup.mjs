// Measures how fast a large table goes into a backup and comes back, and in how much memory; prints a Markdown table.
// Usage: [TEST_MYSQL_URL=mysql://root@127.0.0.1:3306] node scripts/node.mjs scripts/benchmark-backup.mjs [rows] [rounds]
// Linux only (memory); speaks to the machine itself only and stops by itself.
import { spawn } from 'node:child_process'
import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createConnection } from 'mysql2/promise'
import { build } from './build.mjs'
import { machine, median, printTable, writePeople } from './measure.mjs'
import { startProduct } from './product.mjs'
import { root } from './tools.mjs'

const ROWS = Number(process.argv[2] ?? 1_000_000)
const ROUNDS = Number(process.argv[3] ?? 3)
const server = process.env.TEST_MYSQL_URL
const LOAD = '{ loads(source: "people", first: 1) { nodes { state } } }'

/** Runs a command of the command line: how long it took, and the most memory that it had. */
async function command(words, settings) {
  const began = performance.now()
  const child = spawn(process.execPath, [join(root, 'server/dist/app/cli/main.js'), ...words], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  let memory = 0
  const look = setInterval(() => {
    const status = readFileSync(`/proc/${child.pid}/status`, { encoding: 'utf8', flag: 'r' })
    memory = Math.max(memory, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
  }, 50)
  const code = await new Promise((settle) => child.once('exit', settle))
  clearInterval(look)
  if (code !== 0) throw new Error(`handover ${words[0]} ended with ${code}.`)
  return { seconds: (performance.now() - began) / 1000, memory }
}

/** An empty place of one kind: a data folder, and on MySQL a database. */
async function place(kind, name) {
  const folder = mkdtempSync(join(tmpdir(), 'handover-backup-'))
  if (kind === 'SQLite') return { folder, settings: { HANDOVER_DATA: folder }, end: () => rmSync(folder, { recursive: true }) }
  const database = `handover_bench_${name}`
  const run = async (...statements) => {
    const connection = await createConnection({ uri: server })
    for (const statement of statements) await connection.query(statement)
    await connection.end()
  }
  await run(`DROP DATABASE IF EXISTS ${database}`, `CREATE DATABASE ${database} CHARACTER SET utf8mb4`)
  const url = new URL(server)
  url.pathname = database
  const end = async () => (rmSync(folder, { recursive: true }), run(`DROP DATABASE ${database}`))
  return { folder, settings: { HANDOVER_DATA: folder, DATABASE_URL: String(url) }, end }
}

async function measure(kind, file) {
  const from = await place(kind, 'backup')
  const product = await startProduct(from.folder, from.settings)
  mkdirSync(join(from.folder, 'files/people'), { recursive: true })
  linkSync(file, join(from.folder, 'files/people/people.csv'))
  const input = { slug: 'people', title: 'People', connector: 'files', config: { folder: 'people', key: 'id' } }
  await product.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
  let state
  do {
    await wait(500)
    state = (await product.ask(LOAD)).loads.nodes[0]?.state
  } while (state === undefined || state === 'QUEUED' || state === 'RUNNING')
  if (state !== 'SUCCEEDED') throw new Error(`The load ended as ${state}.`)
  const archive = join(from.folder, 'backup.tar')
  const [made, back] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    rmSync(archive, { force: true })
    made.push(await command(['backup', archive], from.settings))
    const to = await place(kind, 'restore')
    back.push(await command(['restore', archive], to.settings))
    await to.end()
  }
  const size = statSync(archive).size / 1e6
  await product.stop()
  await from.end()
  const line = (what, runs) => {
    const seconds = median(runs.map((run) => run.seconds))
    return [
      what,
      kind,
      `${seconds.toFixed(1)} s`,
      `${Math.round(ROWS / seconds / 1000)},000`,
      `${Math.round(Math.max(...runs.map((run) => run.memory)))} MB`,
      `${size.toFixed(0)} MB`,
    ]
  }
  return [line('backup, beside the server that runs', made), line('restore', back)]
}

await build()
const folder = mkdtempSync(join(tmpdir(), 'handover-people-'))
const file = writePeople(folder, { format: 'csv', rows: ROWS, seed: 1 })
const lines = []
for (const kind of ['SQLite', ...(server ? ['MySQL'] : [])]) lines.push(...(await measure(kind, file)))
rmSync(folder, { recursive: true })
console.log(`${machine()}; ${ROWS.toLocaleString('en')} rows, medians of ${ROUNDS}\n`)
printTable(['what', 'database', 'time', 'rows/s', 'most memory', 'archive'], lines)
