import { datasetsFrom, MemoryTable } from '@handover/sdk/host'
import type { RecordedStream, Recording } from './recording.ts'

/** What is different when a connector runs on what was kept, in sentences; none when nothing is. */
export function differences(before: Recording, after: Recording): string[] {
  return before.streams.flatMap((stream) => {
    const other = after.streams.find(({ name }) => name === stream.name)
    const [was, is] = [countsOf(before, stream), other === undefined ? null : countsOf(after, other)]
    if (is === null || was.records !== is.records)
      return [`Stream ${stream.name}: ${is?.records ?? 0} of ${was.records} records come back when the fixtures are played.`]
    if (was.setAside.length === is.setAside.length) return []
    const reason = is.setAside.find((each) => !was.setAside.includes(each))
    return [`Stream ${stream.name}: made-up values made a row be set aside. ${reason ?? ''}`]
  })
}

function countsOf({ open }: Recording, { name, pages }: RecordedStream): { records: number; setAside: string[] } {
  const tables = datasetsFrom(open, name).map((dataset) => new MemoryTable(dataset))
  for (const page of pages) for (const table of tables) table.add(page)
  return {
    records: pages.reduce((sum, page) => sum + page.records.length, 0),
    setAside: tables.flatMap(({ rejected }) => rejected.map(({ reason }) => reason)),
  }
}
