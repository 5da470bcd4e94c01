import type { Json } from '@handover/sdk'
import type { EntityManager } from 'typeorm'
import { PartitionState } from './partition-state.entity.ts'
import { StreamState } from './stream-state.entity.ts'

/** Cursors by the key of their partition; that of a stream of one piece has the empty key. */
export type Cursors = ReadonlyMap<string, Json>

/** Everything before record `line` of lake part `part` is in the warehouse; `cursors` belong to the last pages that are there as a whole. */
export interface Checkpoint {
  readonly cursors: Cursors
  readonly part: number
  readonly line: number
}

/** Where a stream starts that was never loaded. */
export const beginning: Checkpoint = { cursors: new Map(), part: 0, line: 0 }

const partitionsPerStatement = 100

/** Reads how far a stream is. */
export async function readCheckpoint(m: EntityManager, sourceId: string, stream: string): Promise<Checkpoint> {
  const state = await m.findOneBy(StreamState, { sourceId, stream })
  if (!state) return beginning
  const cursors = new Map<string, Json>([['', parsed(state.cursor)]])
  for (const { partition, cursor } of await m.findBy(PartitionState, { sourceId, stream })) cursors.set(partition, parsed(cursor))
  return { cursors, part: state.part, line: state.line }
}

/** Writes how far a stream is, within the transaction that writes its rows. Partitions that are not named stay as they are. */
export async function writeCheckpoint(
  m: EntityManager,
  place: { sourceId: string; stream: string; epoch: number; loadId: string; at: Date },
  { cursors, part, line }: Checkpoint,
): Promise<void> {
  const { sourceId, stream, epoch, loadId, at } = place
  const whole = cursors.get('')
  const state = { ...(whole !== undefined && { cursor: written(whole) }), part, line, epoch, loadId, updatedAt: at }
  const { affected } = await m.update(StreamState, { sourceId, stream }, state)
  if (!affected) await m.insert(StreamState, { sourceId, stream, cursor: null, ...state })
  const partitions = [...cursors]
    .filter(([partition]) => partition !== '')
    .map(([partition, cursor]) => ({ sourceId, stream, partition, cursor: written(cursor), loadId, updatedAt: at }))
  for (let from = 0; from < partitions.length; from += partitionsPerStatement) {
    await m.upsert(PartitionState, partitions.slice(from, from + partitionsPerStatement), ['sourceId', 'stream', 'partition'])
  }
}

const parsed = (text: string | null): Json => (text === null ? null : (JSON.parse(text) as Json))
const written = (cursor: Json): string | null => (cursor === null ? null : JSON.stringify(cursor))
