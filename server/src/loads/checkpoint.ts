import type { Json } from '@handover/sdk'
import type { EntityManager } from 'typeorm'
import { StreamState } from './stream-state.entity.ts'

/** Everything before record `line` of lake part `part` is in the warehouse; `cursor` belongs to the last page that is there as a whole. */
export interface Checkpoint {
  readonly cursor: Json
  readonly part: number
  readonly line: number
}

/** Where a stream starts that was never loaded. */
export const beginning: Checkpoint = { cursor: null, part: 0, line: 0 }

/** Reads how far a stream is. */
export async function readCheckpoint(m: EntityManager, sourceId: string, stream: string): Promise<Checkpoint> {
  const state = await m.findOneBy(StreamState, { sourceId, stream })
  return state ? { cursor: state.cursor === null ? null : JSON.parse(state.cursor), part: state.part, line: state.line } : beginning
}

/** Writes how far a stream is, within the transaction that writes its rows. */
export async function writeCheckpoint(
  m: EntityManager,
  place: { sourceId: string; stream: string; epoch: number; loadId: string; at: Date },
  checkpoint: Checkpoint,
): Promise<void> {
  const { sourceId, stream, epoch, loadId, at } = place
  const state = {
    cursor: checkpoint.cursor === null ? null : JSON.stringify(checkpoint.cursor),
    part: checkpoint.part,
    line: checkpoint.line,
    epoch,
    loadId,
    updatedAt: at,
  }
  const { affected } = await m.update(StreamState, { sourceId, stream }, state)
  if (!affected) await m.insert(StreamState, { sourceId, stream, ...state })
}
