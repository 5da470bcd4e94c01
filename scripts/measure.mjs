// What the benchmarks share: times, medians, files to load, and the tables that they print.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

export const at = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]
export const median = (values) => at(values, 0.5)

/** What it was measured on. */
export const machine = () => `${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`

/** Milliseconds that each of `count` runs took. */
export async function timed(count, work) {
  const times = []
  for (let run = 0; run < count; run++) {
    const before = performance.now()
    await work()
    times.push(performance.now() - before)
  }
  return times
}

/** Row `id` of a table of ten columns of every kind; other values for another seed. */
function person(id, seed) {
  const n = (id * 7919 + seed) % 100_003
  return {
    id,
    name: `Person ${n}`,
    city: `City ${n % 977}`,
    country: `Country ${n % 190}`,
    born: `19${10 + (n % 90)}-0${1 + (n % 9)}-1${n % 10}`,
    latitude: (n % 18000) / 100 - 90,
    longitude: (n % 36000) / 100 - 180,
    amount: n + 0.5,
    active: n % 2 === 0,
    seen_at: `2026-01-${10 + (n % 20)}T0${n % 10}:00:00.000Z`,
  }
}

const ROWS_PER_WRITE = 10_000

/** Writes a file of such rows, with ids from 0, as CSV or NDJSON; gives its path. */
export function writePeople(folder, { format, rows, seed }) {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `people.${format}`)
  const lineOf = format === 'csv' ? (row) => Object.values(row).join(',') : JSON.stringify
  writeFileSync(path, format === 'csv' ? `${Object.keys(person(0, seed)).join(',')}\n` : '')
  for (let from = 0; from < rows; from += ROWS_PER_WRITE) {
    const lines = Array.from({ length: Math.min(ROWS_PER_WRITE, rows - from) }, (_, index) => lineOf(person(from + index, seed)))
    appendFileSync(path, `${lines.join('\n')}\n`)
  }
  return path
}

/** The CSV file alone. */
export const writeCsv = (folder, rows, seed) => writePeople(folder, { format: 'csv', rows, seed })

/** Prints a table in Markdown. */
export function printTable(head, rows) {
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`)
}
