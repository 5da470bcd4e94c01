import { expect } from 'vitest'
import type { Page } from '../contract.ts'
import type { RunOptions } from './conformance.ts'
import { collectPages, type OpenConnector, type SetAside } from './host.ts'
import type { PagingWatch } from './paging-watch.ts'
import { fillTables } from './resume.ts'

const ASIDE_SHOWN = 3
const LONGEST_RAW = 300

/** Expects records, rows, and as many set aside as there are on purpose; answers with warnings about pages that were not asked for. */
export async function expectRows(open: OpenConnector, watch: PagingWatch, { name = 'usual', setAside }: RunOptions): Promise<string[]> {
  const { read, warnings } = await readOneByOne(open, watch)
  expect(read.flatMap(({ pages }) => pages.flatMap((page) => page.records)).length, 'records read').toBeGreaterThan(0)
  const tables = fillTables(open, read)
  const aside = tables.flatMap(({ dataset, rejected }) => rejected.map((one) => ({ dataset: dataset.shape.name, ...one })))
  if (aside.length !== setAside) expect.fail(asideText(aside, setAside, name))
  expect(tables.flatMap((table) => table.contents()).length, 'rows made').toBeGreaterThan(0)
  return warnings
}

/** Reads all, and notes where an answer says that there is more. */
async function readOneByOne(open: OpenConnector, watch: PagingWatch) {
  const read: { stream: string; partition: string; pages: Page[] }[] = []
  const warnings: string[] = []
  for (const stream of open.streams) {
    watch.begin()
    const pages = await collectPages(stream)
    read.push({ stream: stream.name, partition: stream.partition, pages })
    const unread = watch.unread(
      pages.reduce((sum, page) => sum + page.records.length, 0),
      true,
    )
    if (unread !== null) warnings.push(`Stream ${stream.name}${stream.partition === '' ? '' : ` ${stream.partition}`}: ${unread}`)
  }
  return { read, warnings }
}

/** What was set aside, and how to say that it is on purpose. */
function asideText(aside: readonly (SetAside & { readonly dataset: string })[], expected: number, name: string): string {
  const shown = aside.slice(0, ASIDE_SHOWN).map(({ dataset, reason, raw }) => `  ${dataset}: ${reason}\n    ${raw.slice(0, LONGEST_RAW)}`)
  const more = aside.length > ASIDE_SHOWN ? [`  and ${aside.length - ASIDE_SHOWN} more`] : []
  return [
    `Set aside: ${aside.length}, where ${expected} was expected.`,
    ...[...shown, ...more],
    `Mend columns or transform. If it is on purpose, say so in testConnector: setAside: { ${JSON.stringify(name)}: ${aside.length} }`,
  ].join('\n')
}
