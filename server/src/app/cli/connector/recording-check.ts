import { datasetsFrom, MemoryTable } from '@handover/sdk/host'
import type { Recording } from './recording.ts'

/** What is different when a connector runs on what was kept, in sentences; none when nothing is. */
export function differences(before: Recording, after: Recording): string[] {
  return [...new Set(before.pieces.map(({ name }) => name))].flatMap((stream) => {
    const [was, is] = [countsOf(before, stream), countsOf(after, stream)]
    if (was.records !== is.records)
      return [`Stream ${stream}: ${is.records} of ${was.records} records come back when the fixtures are played.`]
    if (was.setAside.length === is.setAside.length) return []
    const reason = is.setAside.find((each) => !was.setAside.includes(each))
    return [`Stream ${stream}: made-up values made a row be set aside. ${reason ?? ''}`]
  })
}

function countsOf({ open, pieces }: Recording, stream: string): { records: number; setAside: string[] } {
  const tables = datasetsFrom(open, stream).map((dataset) => new MemoryTable(dataset))
  const own = pieces.filter(({ name }) => name === stream)
  for (const { pages, partition } of own) for (const page of pages) for (const table of tables) table.add(page, partition)
  return {
    records: own.flatMap(({ pages }) => pages).reduce((sum, page) => sum + page.records.length, 0),
    setAside: tables.flatMap(({ rejected }) => rejected.map(({ reason }) => reason)),
  }
}
