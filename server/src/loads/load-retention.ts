import { In, LessThan } from 'typeorm'
import type { Database } from '../warehouse/warehouse.service.ts'
import { LoadDataset } from './load-dataset.entity.ts'
import { LogLine } from './load-log.entity.ts'
import { Load } from './load.entity.ts'
import { PartitionState } from './partition-state.entity.ts'
import { QuarantinedRecord } from './quarantine.entity.ts'
import { StreamState } from './stream-state.entity.ts'

/** Of each source so many stay, however old they are: a source that loads once a year keeps its history. */
const NEWEST = 30
/** Rows of one transaction: short enough that nobody waits behind it. */
const AT_ONCE = 500

/**
 * Removes records of loads that ended before that moment, with their balances and logs; gives how many. What something still points at stays: the newest of
 * each source, its last success, those that wait for a person, those whose records are set aside, and those that a cursor comes from. Rows are not touched.
 */
export async function pruneLoads(db: Database, before: Date, signal: AbortSignal): Promise<number> {
  const kept = await keptLoads(db)
  let [removed, last] = [0, '']
  for (;;) {
    signal.throwIfAborted()
    const ended: { id: string }[] = await db.write.manager
      .createQueryBuilder(Load, 'load')
      .select('load.id', 'id')
      .where('load.id > :last AND load.id < :end', { last, end: idFrom(before) })
      .andWhere(`load.finishedAt < :before AND (load.state IN ('succeeded', 'failed', 'cancelled') OR load.answer IS NOT NULL)`, { before })
      .orderBy('load.id')
      .limit(AT_ONCE)
      .getRawMany()
    if (ended.length === 0) return removed
    last = ended.at(-1)!.id
    const ids = ended.map(({ id }) => id).filter((id) => !kept.has(id))
    if (ids.length === 0) continue
    await db.transaction(async (m) => {
      await m.delete(LogLine, { loadId: In(ids) })
      await m.delete(LoadDataset, { loadId: In(ids) })
      await m.delete(Load, { id: In(ids) })
    })
    removed += ids.length
  }
}

/** Removes log lines from before that moment, oldest first; gives how many. */
export async function pruneLogs(db: Database, before: Date, signal: AbortSignal): Promise<number> {
  let removed = 0
  for (;;) {
    signal.throwIfAborted()
    const oldest = await db.write.manager.find(LogLine, { select: { id: true, at: true }, order: { id: 'ASC' }, take: AT_ONCE })
    const end = oldest.findIndex(({ at }) => at >= before)
    const old = end === -1 ? oldest : oldest.slice(0, end)
    if (old.length === 0) return removed
    // Lines are numbered as they come, so those before the last one are older.
    await db.transaction((m) => m.delete(LogLine, { id: LessThan(old.at(-1)!.id + 1) }))
    removed += old.length
  }
}

/** The first id that a load of that moment could have: ids begin with the time in milliseconds (`newId`). */
function idFrom(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}`
}

async function keptLoads(db: Database): Promise<ReadonlySet<string>> {
  const { manager } = db.read
  const kept = new Set<string>()
  const keep = (rows: readonly { id: string | null }[]) => rows.forEach(({ id }) => id !== null && kept.add(id))
  const sources: { id: string }[] = await manager
    .createQueryBuilder(Load, 'load')
    .select('load.sourceId', 'id')
    .groupBy('load.sourceId')
    .getRawMany()
  for (const { id: sourceId } of sources) {
    keep(await manager.find(Load, { select: { id: true }, where: { sourceId }, order: { id: 'DESC' }, take: NEWEST }))
    keep(await manager.find(Load, { select: { id: true }, where: { sourceId, state: 'succeeded' }, order: { id: 'DESC' }, take: 1 }))
  }
  keep(
    await manager
      .createQueryBuilder(QuarantinedRecord, 'entry')
      .select('entry.loadId', 'id')
      .where({ state: 'open' })
      .groupBy('entry.loadId')
      .getRawMany(),
  )
  for (const State of [StreamState, PartitionState])
    keep(await manager.createQueryBuilder(State, 'state').select('state.loadId', 'id').groupBy('state.loadId').getRawMany())
  return kept
}
