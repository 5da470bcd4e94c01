// Measures what many connectors cost at the start, and what reloads cost in memory, for docs/reference/benchmarks.md.
// Usage: node scripts/node.mjs scripts/benchmark-connectors.mjs [rounds]. Linux only (processor time); speaks to 127.0.0.1 only and stops by itself.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { build } from './build.mjs'
import { machine, median, printTable, timed } from './measure.mjs'
import { firstLoads, startProduct } from './product.mjs'
import { root } from './tools.mjs'

const ROUNDS = Number(process.argv[2] ?? 7)
const COPIES = 100
const RELOADS = 100
/** A usual connector: five files, 350 lines, declared datasets with pictures, one call over HTTP. */
const MODEL = join(root, 'connectors/random-users')
const OWN = join(root, 'connectors')

/** Writes a copy of the model under another name; `mark` makes its contents differ. */
function writeCopy(folder, name, mark = '') {
  cpSync(MODEL, join(folder, name), { recursive: true, filter: (path) => !/fixtures|node_modules|package\.json|\.test\.ts$/.test(path) })
  const text = readFileSync(join(MODEL, 'index.ts'), 'utf8').replace("name: 'random-users'", `name: '${name}'`)
  writeFileSync(join(folder, name, 'index.ts'), `${text}// ${mark}\n`)
}

/** Seconds of processor time that a process has used; steadier than the clock on a machine that does something else too. */
function processorSeconds(pid) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13)
  return (Number(user) + Number(system)) / 100
}

function writeCopies(folder, mark) {
  for (let copy = 1; copy <= COPIES; copy++) writeCopy(folder, `copy-${copy}`, mark)
}

/**
 * Starts without the copies, with copies that were never seen before, and with the same ones again. They take turns, so that whatever else the
 * machine does meets all of them.
 */
async function measureStarts(data, copies) {
  const times = { few: [], fresh: [], many: [] }
  for (let round = -1; round < ROUNDS; round++) {
    for (const side of ['few', 'fresh', 'many']) {
      if (side === 'fresh') writeCopies(copies, round)
      const product = await startProduct(data, { HANDOVER_CONNECTORS: side === 'few' ? OWN : `${OWN},${copies}` })
      if (round < 0) await firstLoads(product)
      else times[side].push({ clock: product.ms / 1000, processor: processorSeconds(product.pid) })
      await product.stop()
    }
  }
  return times
}

/** Reloads a connector of which another file changes each time; bytes are what is left after a collection. */
async function measureReloads(folder) {
  const { CatalogService } = await import('../server/dist/catalog/catalog.service.js')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const held = () => (collect(), process.memoryUsage())
  writeCopy(folder, 'changing')
  const catalog = await CatalogService.load([folder], { warn: (fields) => console.error(fields) })
  let count = 0
  const once = async () => {
    writeCopy(folder, 'changing', String(++count))
    if ((await catalog.reload()).changed.length !== 1) throw new Error('It was not reloaded.')
  }
  await timed(10, once)
  const before = held()
  const times = await timed(RELOADS, once)
  const after = held()
  return { times, heap: after.heapUsed - before.heapUsed, rss: after.rss - before.rss }
}

await build()
const data = mkdtempSync(join(tmpdir(), 'handover-benchmark-'))
mkdirSync(join(root, 'server/.cache'), { recursive: true })
const connectors = mkdtempSync(join(root, 'server/.cache/benchmark-')) // below the repository, where the sdk is found
try {
  const { few, fresh, many } = await measureStarts(data, join(connectors, 'many'))
  const { times, heap, rss } = await measureReloads(join(connectors, 'one'))
  console.log(`${machine()}; medians of ${ROUNDS} rounds, which took turns.\n`)
  const middle = (times, what) => median(times.map((time) => time[what]))
  const start = (times) => [
    `${middle(times, 'clock').toFixed(2)} s`,
    `${(middle(times, 'clock') - middle(few, 'clock')).toFixed(2)} s`,
    `${(middle(times, 'processor') - middle(few, 'processor')).toFixed(2)} s`,
  ]
  printTable(
    ['start', 'ready after', 'more than without', 'processor time more'],
    [
      ['the connectors of the house', ...start(few)],
      [`and ${COPIES} more`, ...start(many)],
      [`and ${COPIES} more, for the first time`, ...start(fresh)],
    ],
  )
  const kept = `${(heap / 1e6).toFixed(1)} MB of heap, ${(rss / 1e6).toFixed(0)} MB resident`
  console.log(`\nA reload of one changed connector takes ${median(times).toFixed(0)} ms; ${RELOADS} of them keep ${kept}.`)
} finally {
  for (const folder of [data, connectors]) rmSync(folder, { recursive: true, force: true })
}
