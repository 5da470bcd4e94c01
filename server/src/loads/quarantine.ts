import { createHash } from 'node:crypto'
import { In, LessThan, Not, type EntityManager } from 'typeorm'
import type { SetAside } from './batch.ts'
import { QuarantinedRecord, type QuarantineState } from './quarantine.entity.ts'
import type { ReplayOutcome } from './replay-outcome.ts'

/** Whose records are set aside. */
export interface QuarantinePlace {
  readonly sourceId: string
  readonly slug: string
  readonly dataset: string
  readonly stream: string
  readonly loadId: string
}

/** Which entries move to a new place when their content is read again: those of loads before that one, in these states. */
export interface Known {
  readonly before: string
  readonly states: readonly QuarantineState[]
}

type NewEntry = Omit<QuarantinedRecord, 'id'>

/** Entries per statement: 100 rows of 16 values stay below the limits of every database. */
const chunk = 100

/** Characters of raw text per statement: whole records are set aside, and a server takes no statement of any length. */
const mostText = 1_000_000

function* chunksOf(setAside: readonly SetAside[]): Generator<readonly SetAside[]> {
  let from = 0
  let text = 0
  for (const [index, { raw }] of setAside.entries()) {
    if (index > from && (index - from >= chunk || text + raw.length > mostText)) {
      yield setAside.slice(from, index)
      ;[from, text] = [index, 0]
    }
    text += raw.length
  }
  if (from < setAside.length) yield setAside.slice(from)
}

/**
 * Writes what a batch set aside, within its transaction. When a load before had set the same content aside, the source has sent it again: the
 * entry moves to the new place instead of a second one being added, and stays discarded where a person has decided so. null = every place
 * counts for itself.
 */
export async function quarantine(
  m: EntityManager,
  place: QuarantinePlace,
  at: Date,
  known: Known | null,
  setAside: readonly SetAside[],
): Promise<void> {
  for (const some of chunksOf(setAside)) {
    const entries = some.map((bad) => entryOf(place, at, bad))
    const fresh = known === null ? entries : await moveKnown(m, place, known, entries)
    if (fresh.length > 0) await m.insert(QuarantinedRecord, fresh)
  }
}

/** Forgets what an unfinished part of this load set aside for a dataset that begins again; what a person decided is kept for when it comes again. */
export async function emptyQuarantine(m: EntityManager, place: QuarantinePlace): Promise<void> {
  await m.update(QuarantinedRecord, { ...placeOf(place), state: 'discarded' }, { loadId: '' })
  await m.delete(QuarantinedRecord, placeOf(place))
}

/** After a replace the table holds what the source says now, so what earlier loads set aside is no longer open. */
export async function resolveEarlier(m: EntityManager, { sourceId, dataset, loadId }: QuarantinePlace): Promise<void> {
  await m.update(QuarantinedRecord, { sourceId, dataset, state: 'open', loadId: Not(loadId) }, { state: 'resolved' })
}

/** Writes down what a replay found out, within the transaction of its rows. What a person decided meanwhile stays. */
export async function settleReplayed(
  m: EntityManager,
  place: QuarantinePlace,
  at: Date,
  { fitting, misfits, fresh }: Pick<ReplayOutcome, 'fitting' | 'misfits' | 'fresh'>,
): Promise<void> {
  for (let start = 0; start < fitting.length; start += chunk) {
    const ids = fitting.slice(start, start + chunk)
    await m.update(QuarantinedRecord, { id: In(ids), state: 'open' }, { state: 'resolved', decidedAt: at })
  }
  for (const { id, ...said } of misfits) await m.update(QuarantinedRecord, { id }, said)
  for (const bad of fresh) {
    const entry = entryOf(place, at, bad)
    const { sourceId, dataset, part, line, item } = entry
    const { affected } = await m.update(QuarantinedRecord, { sourceId, dataset, part, line, item }, entry)
    if (!affected) await m.insert(QuarantinedRecord, entry)
  }
}

const placeOf = ({ sourceId, dataset, loadId }: QuarantinePlace) => ({ sourceId, dataset, loadId })

function entryOf(place: QuarantinePlace, at: Date, { part, line, item, code, column, reason, raw }: SetAside): NewEntry {
  const fingerprint = createHash('sha256').update(`${item}\n${raw}`).digest('hex')
  return { ...place, part, line, item, code, column, reason, raw, fingerprint, at, state: 'open', note: null, decidedAt: null }
}

/** Moves entries of earlier loads with the same content, one for one, and gives the entries that are new. */
async function moveKnown(
  m: EntityManager,
  { sourceId, dataset }: QuarantinePlace,
  { before, states }: Known,
  entries: readonly NewEntry[],
): Promise<NewEntry[]> {
  const fingerprints = In(entries.map((entry) => entry.fingerprint))
  const known = await m.find(QuarantinedRecord, {
    select: { id: true, fingerprint: true },
    where: { sourceId, dataset, state: In([...states]), loadId: LessThan(before), fingerprint: fingerprints },
  })
  const fresh: NewEntry[] = []
  for (const entry of entries) {
    const index = known.findIndex(({ fingerprint }) => fingerprint === entry.fingerprint)
    const { state: _state, note: _note, decidedAt: _decidedAt, ...moved } = entry
    if (index < 0) fresh.push(entry)
    else await m.update(QuarantinedRecord, { id: known.splice(index, 1)[0]!.id }, moved)
  }
  return fresh
}
