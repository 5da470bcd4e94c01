import type { LakePart } from '../lake/lake.service.ts'
import { turn } from '../shared/turn.ts'
import type { Table } from '../warehouse/warehouse.service.ts'
import { readCheckpoint } from './checkpoint.ts'
import { placeName, type QuarantineSlice, type RecordPlace } from './quarantine-slice.ts'
import type { RunContext } from './run-context.ts'
import type { StreamPlan } from './stream-plan.ts'
import { StreamState } from './stream-state.entity.ts'

/** How far the table of a dataset follows the lake. */
export interface Reach {
  /** Records before this one are in the table. */
  readonly end: RecordPlace
  /** Only what this load read is in the table; null when what all loads read is. */
  readonly loadId: string | null
}

/** A record of the lake with its own text and the key of the partition it came in. */
export interface LakeRecord extends RecordPlace {
  readonly partition: string
  readonly text: string
}

const nothing: Reach = { end: { part: 0, line: 0 }, loadId: null }

/** Work is cut here, so that the server answers in between; milliseconds. */
const longestStretch = 5

/** A table ends at the checkpoint of its stream: what lies behind that is for the next load. A replace holds only what its last complete read brought. */
export async function reachOf({ db, source }: RunContext, plan: StreamPlan, { shape }: Table): Promise<Reach> {
  const { manager } = db.write
  if (shape.load === 'replace') {
    const state = await manager.findOneBy(StreamState, { sourceId: source.id, stream: plan.name })
    return state ? { end: state, loadId: state.loadId } : nothing
  }
  return { end: await readCheckpoint(manager, source.id, plan.name), loadId: null }
}

/** Parts of the lake that the table follows, from the oldest record of a slice on. */
export async function partsWithin({ lake, source }: RunContext, plan: StreamPlan, reach: Reach, from: RecordPlace): Promise<LakePart[]> {
  const parts = await lake.after(source.id, plan.name, from.part)
  return parts.filter(({ id, loadId }) => id <= reach.end.part && (reach.loadId === null || loadId === reach.loadId))
}

/** Records of these parts in the order of the lake, from the oldest of a slice to the end of the reach. */
export async function* recordsOf(
  { lake, signal }: RunContext,
  parts: readonly LakePart[],
  { first }: QuarantineSlice,
  { end }: Reach,
): AsyncGenerator<LakeRecord> {
  let turnedAt = performance.now()
  for (const { id: part, partition } of parts) {
    const texts = await lake.texts(part)
    const stop = part === end.part ? Math.min(end.line, texts.length) : texts.length
    for (let line = part === first.part ? first.line : 0; line < stop; line++) {
      if ((line & 31) === 31 && performance.now() - turnedAt > longestStretch) {
        await turn()
        turnedAt = performance.now()
      }
      signal.throwIfAborted()
      yield { part, line, partition, text: texts[line]! }
    }
  }
}

/** Those records of a slice that the table follows. */
export async function* recordsSetAside(
  run: RunContext,
  parts: readonly LakePart[],
  slice: QuarantineSlice,
  reach: Reach,
): AsyncGenerator<LakeRecord> {
  const theirs = parts.filter(({ id }) => slice.parts.has(id))
  for await (const record of recordsOf(run, theirs, slice, reach)) if (slice.entries.has(placeName(record))) yield record
}
