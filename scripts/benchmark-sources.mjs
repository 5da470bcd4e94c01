// Measures how fast pages come where there are many sources, and after many changes of them, for docs/reference/benchmarks.md.
// Usage: node scripts/node.mjs scripts/benchmark-sources.mjs [sources] [rounds]. Speaks to 127.0.0.1 only and stops by itself.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { machine, median, printTable, timed, writeCsv } from './measure.mjs'
import { firstLoads, startProduct } from './product.mjs'

const SOURCES = Number(process.argv[2] ?? 200)
const ROUNDS = Number(process.argv[3] ?? 7)
const CHANGES = 200
const ROWS = 200
const PAGES = { overview: '/', 'how it works': '/how-it-works', dictionary: '/dictionary', sources: '/sources' }
const CREATE = 'mutation ($input: CreateSource!) { createSource(input: $input) { slug } }'
const CHANGE = 'mutation ($slug: String!, $title: String!) { updateSource(slug: $slug, input: { title: $title }) { slug } }'

/** Milliseconds until a page begins and until all of it is there. */
async function times(address) {
  const asked = performance.now()
  const answer = await fetch(address)
  const begun = performance.now() - asked
  await answer.text()
  return { begun, all: performance.now() - asked }
}

/** Medians of each page; the pages take turns. The first round is not counted. */
async function measure({ address }) {
  const found = Object.fromEntries(Object.keys(PAGES).map((page) => [page, []]))
  for (let round = -1; round < ROUNDS; round++) {
    for (const [page, path] of Object.entries(PAGES)) {
      const taken = await times(address + path)
      if (round >= 0) found[page].push(taken)
    }
  }
  const middle = (page, what) => median(found[page].map((taken) => taken[what]))
  return Object.fromEntries(Object.keys(PAGES).map((page) => [page, { begun: middle(page, 'begun'), all: middle(page, 'all') }]))
}

await build()
const data = mkdtempSync(join(tmpdir(), 'handover-benchmark-'))
let product = await startProduct(data)
try {
  await firstLoads(product)
  const making = await timed(SOURCES, async () => {
    const slug = `s${performance.now().toFixed(3).replace('.', '-')}`
    writeCsv(join(data, 'files', slug), ROWS, 1)
    await product.ask(CREATE, { input: { slug, title: slug, connector: 'files', config: { folder: slug } } })
  })
  await firstLoads(product)
  await product.stop()
  product = await startProduct(data)
  const before = await measure(product)
  let change = 0
  await timed(CHANGES, () => product.ask(CHANGE, { slug: 'users', title: `Users ${change++}` }))
  const after = await measure(product)
  console.log(`${machine()}; ${SOURCES} sources and the first two; medians of ${ROUNDS} rounds.\n`)
  const ms = (value) => `${value.toFixed(0)} ms`
  printTable(
    ['page', 'begins', 'is all there', `begins after ${CHANGES} changes`, `is all there after ${CHANGES} changes`],
    Object.keys(PAGES).map((page) => [page, ...[before, after].flatMap((taken) => [ms(taken[page].begun), ms(taken[page].all)])]),
  )
  console.log(`\nA source is made in ${ms(median(making))}.`)
} finally {
  await product.stop()
  rmSync(data, { recursive: true, force: true })
}
