import { MoreThan, MoreThanOrEqual, type EntityManager, type FindOptionsWhere } from 'typeorm'
import { QuarantinedRecord } from './quarantine.entity.ts'

/** An entry of the quarantine, as far as a replay needs it. */
export type OpenEntry = Pick<QuarantinedRecord, 'id' | 'part' | 'line' | 'item' | 'code' | 'column' | 'reason'>

/** Place of a record in the lake. */
export interface RecordPlace {
  readonly part: number
  readonly line: number
}

/** Open entries that are run again together: all entries of some records that follow each other in the lake. */
export interface QuarantineSlice {
  /** By `placeName` of their record. */
  readonly entries: ReadonlyMap<string, readonly OpenEntry[]>
  readonly first: RecordPlace
  readonly last: RecordPlace
  readonly parts: ReadonlySet<number>
}

/** Entries of one slice. Each costs one way through what was read since, so many at once are good; their rows are held in memory, so not all. */
const mostEntries = 20_000

const shown = { id: true, part: true, line: true, item: true, code: true, column: true, reason: true } as const

/** Names a record, to find it in a map. */
export const placeName = ({ part, line }: RecordPlace): string => `${part}/${line}`

/** The open entries that lie behind a place, oldest first; null when there are none. `of` says whose they are. */
export async function nextSlice(
  m: EntityManager,
  of: { sourceId: string; dataset: string; loadId?: string },
  { part, line }: RecordPlace,
): Promise<QuarantineSlice | null> {
  const open: FindOptionsWhere<QuarantinedRecord> = { ...of, state: 'open' }
  const found: OpenEntry[] = await m.find(QuarantinedRecord, {
    select: shown,
    where: [
      { ...open, part, line: MoreThan(line) },
      { ...open, part: MoreThan(part) },
    ],
    order: { part: 'ASC', line: 'ASC', item: 'ASC' },
    take: mostEntries,
  })
  const last = found.at(-1)
  if (!last) return null
  const whole = found.length < mostEntries ? found : await withWholeRecord(m, open, found, last)
  return {
    entries: byRecord(whole),
    first: whole[0]!,
    last,
    parts: new Set(whole.map((entry) => entry.part)),
  }
}

/** A record is never cut in two. */
async function withWholeRecord(
  m: EntityManager,
  open: FindOptionsWhere<QuarantinedRecord>,
  found: readonly OpenEntry[],
  { part, line }: RecordPlace,
): Promise<OpenEntry[]> {
  const rest = await m.find(QuarantinedRecord, { select: shown, where: { ...open, part, line }, order: { item: 'ASC' } })
  return [...found.filter((entry) => placeName(entry) !== placeName({ part, line })), ...rest]
}

function byRecord(entries: readonly OpenEntry[]): Map<string, OpenEntry[]> {
  const records = new Map<string, OpenEntry[]>()
  for (const entry of entries) {
    const known = records.get(placeName(entry))
    if (known) known.push(entry)
    else records.set(placeName(entry), [entry])
  }
  return records
}

/** What a person gave up from a place on: `part/line` for whole records, `part/line/item` for rows. */
export async function givenUp(m: EntityManager, of: { sourceId: string; dataset: string }, { part }: RecordPlace): Promise<Set<string>> {
  const found = await m.find(QuarantinedRecord, {
    select: { id: true, part: true, line: true, item: true },
    where: { ...of, state: 'discarded', part: MoreThanOrEqual(part) },
  })
  return new Set(found.map((entry) => (entry.item < 0 ? placeName(entry) : `${placeName(entry)}/${entry.item}`)))
}
