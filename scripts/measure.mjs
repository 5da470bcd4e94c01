// What the benchmarks share: times, medians, files to load, and the tables that they print.
import { mkdirSync, writeFileSync } from 'node:fs'
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

/** A file of ten columns of every kind that CSV has; other numbers for another seed. */
export function writeCsv(folder, rows, seed) {
  mkdirSync(folder, { recursive: true })
  const lines = ['id,name,city,country,born,latitude,longitude,amount,active,seen_at']
  for (let id = 0; id < rows; id++) {
    const n = (id * 7919 + seed) % 100_003
    const born = `19${10 + (n % 90)}-0${1 + (n % 9)}-1${n % 10}`
    const seen = `2026-01-${10 + (n % 20)}T0${n % 10}:00:00.000Z`
    const place = `${(n % 18000) / 100 - 90},${(n % 36000) / 100 - 180}`
    lines.push(`${id},Person ${n},City ${n % 977},Country ${n % 190},${born},${place},${n}.5,${n % 2 === 0},${seen}`)
  }
  writeFileSync(join(folder, 'people.csv'), lines.join('\n') + '\n')
}

/** Prints a table in Markdown. */
export function printTable(head, rows) {
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`)
}
