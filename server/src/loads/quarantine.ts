import { createHash } from 'node:crypto'
import { In, LessThan, Not, type EntityManager } from 'typeorm'
import type { SetAside } from './batch.ts'
import { QuarantinedRecord } from './quarantine.entity.ts'

/** Whose records are set aside. */
export interface QuarantinePlace {
  readonly sourceId: string
  readonly slug: string
  readonly dataset: string
  readonly stream: string
  readonly loadId: string
}

type NewEntry = Omit<QuarantinedRecord, 'id'>

/** Entries per statement: 100 rows of 14 values stay below the limits of every database. */
const chunk = 100

/**
 * Writes what a batch set aside, within its transaction. When a load before that one (`before`, an id) set the same content aside, the source has
 * sent it again: the entry moves to the new place instead of a second one being added. null = every place counts for itself.
 */
export async function quarantine(
  m: EntityManager,
  place: QuarantinePlace,
  at: Date,
  before: string | null,
  setAside: readonly SetAside[],
): Promise<void> {
  for (let start = 0; start < setAside.length; start += chunk) {
    const entries = setAside.slice(start, start + chunk).map((bad) => entryOf(place, at, bad))
    const fresh = before === null ? entries : await moveKnown(m, place, before, entries)
    if (fresh.length > 0) await m.insert(QuarantinedRecord, fresh)
  }
}

/** Forgets what an unfinished part of this load set aside for a dataset that begins again. */
export async function emptyQuarantine(m: EntityManager, place: QuarantinePlace): Promise<void> {
  await m.delete(QuarantinedRecord, placeOf(place))
}

/** After a replace the table holds what the source says now, so what earlier loads set aside is no longer open. */
export async function resolveEarlier(m: EntityManager, { sourceId, dataset, loadId }: QuarantinePlace): Promise<void> {
  await m.update(QuarantinedRecord, { sourceId, dataset, state: 'open', loadId: Not(loadId) }, { state: 'resolved' })
}

const placeOf = ({ sourceId, dataset, loadId }: QuarantinePlace) => ({ sourceId, dataset, loadId })

function entryOf(place: QuarantinePlace, at: Date, { part, line, item, code, column, reason, raw }: SetAside): NewEntry {
  const fingerprint = createHash('sha256').update(`${item}\n${raw}`).digest('hex')
  return { ...place, part, line, item, code, column, reason, raw, fingerprint, at, state: 'open' }
}

/** Moves open entries of earlier loads with the same content, one for one, and gives the entries that are new. */
async function moveKnown(
  m: EntityManager,
  { sourceId, dataset }: QuarantinePlace,
  before: string,
  entries: readonly NewEntry[],
): Promise<NewEntry[]> {
  const known = await m.find(QuarantinedRecord, {
    select: { id: true, fingerprint: true },
    where: { sourceId, dataset, state: 'open', loadId: LessThan(before), fingerprint: In(entries.map((entry) => entry.fingerprint)) },
  })
  const fresh: NewEntry[] = []
  for (const entry of entries) {
    const index = known.findIndex(({ fingerprint }) => fingerprint === entry.fingerprint)
    if (index < 0) fresh.push(entry)
    else await m.update(QuarantinedRecord, { id: known.splice(index, 1)[0]!.id }, entry)
  }
  return fresh
}
