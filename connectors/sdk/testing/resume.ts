import { expect } from 'vitest'
import type { Json, Page } from '../contract.ts'
import { collectPages, datasetsFrom, isReplaced, MemoryTable, type OpenConnector, type RunnableStream } from './host.ts'

/** Loads that follow the first one, so that a source that grows with every load can be compared. */
const FURTHER_LOADS = 4

/** Pages of one stream, or of one partition of it. */
interface StreamPages {
  readonly stream: string
  readonly partition: string
  readonly pages: readonly Page[]
}

/** The tables of all datasets, filled with these pages. */
export function fillTables(open: OpenConnector, read: readonly StreamPages[]): MemoryTable[] {
  return read.flatMap(({ stream, partition, pages }) =>
    datasetsFrom(open, stream).map((dataset) => {
      const table = new MemoryTable(dataset)
      for (const page of pages) table.add(page, partition)
      return table
    }),
  )
}

/**
 * Stops the first load after each checkpoint in turn and goes on from there. Every row of the unbroken load must be there, and nothing that
 * unbroken loads would not have brought too. (Not simply the same table: a source may hold more each time it is asked.)
 */
export async function expectSameTableAfterEveryCheckpoint(open: OpenConnector, stream: RunnableStream): Promise<void> {
  const datasets = datasetsFrom(open, stream.name)
  if (isReplaced(datasets.map((dataset) => dataset.shape))) return
  const first = await collectPages(stream)
  const unbroken = tablesOf(open, stream, first)
  const later = tablesOf(open, stream, await loadOn(stream, first))
  for (const [index, page] of first.entries()) {
    if (page.cursor === undefined) continue
    expect(throughJson(page.cursor), `the cursor of page ${index + 1} must be JSON`).toEqual(page.cursor)
    const resumed = tablesOf(open, stream, await loadOn(stream, first.slice(0, index + 1)))
    for (const [place, rows] of resumed.entries()) {
      const name = `${datasets[place]!.shape.name}, stopped after page ${index + 1} of ${stream.name}${stream.partition === '' ? '' : ` ${stream.partition}`}`
      expect(without(unbroken[place]!, rows), `rows lost in ${name}`).toEqual([])
      expect(without(rows, later[place]!), `rows that should not be in ${name}`).toEqual([])
    }
  }
}

/** Goes on from the newest cursor of these pages, load after load, until the cursor stands still. */
async function loadOn(stream: RunnableStream, pages: readonly Page[]): Promise<Page[]> {
  const all = [...pages]
  for (let load = 0; load < FURTHER_LOADS; load++) {
    const cursor = newestCursor(all)
    if (cursor === undefined) break
    all.push(...(await collectPages(stream, throughJson(cursor))))
    if (JSON.stringify(newestCursor(all)) === JSON.stringify(cursor)) break
  }
  return all
}

const newestCursor = (pages: readonly Page[]): Json | undefined => pages.findLast((page) => page.cursor !== undefined)?.cursor

const throughJson = (cursor: Json): Json => JSON.parse(JSON.stringify(cursor)) as Json

const tablesOf = (open: OpenConnector, stream: RunnableStream, pages: readonly Page[]): string[][] =>
  fillTables(open, [{ stream: stream.name, partition: stream.partition, pages }]).map((table) => table.contents())

/** What is in `rows` and not in `others`; doubles count. */
function without(rows: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1)
  return rows.filter((row) => {
    const left = counts.get(row) ?? 0
    counts.set(row, left - 1)
    return left <= 0
  })
}
