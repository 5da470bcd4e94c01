import { In, type EntityManager } from 'typeorm'
import type { Clock } from '../shared/clock.ts'
import { ConflictError } from '../shared/errors.ts'
import type { Source } from '../sources/sources.service.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import type { Leases } from './lease.ts'
import { Load } from './load.entity.ts'
import { QuarantinedRecord } from './quarantine.entity.ts'
import { Replay } from './replay.entity.ts'

/** What is asked for. */
export interface ReplayRequest {
  readonly source: Pick<Source, 'id' | 'title'>
  /** null = every dataset of the source. */
  readonly dataset: string | null
}

/**
 * Writes down which datasets are to be run again, for the load that does it. False when nothing of them is set aside. Throws a
 * `ConflictError` while another load of the source is active. A replay that runs already does what it was asked for first.
 */
export async function noteReplay(
  { db, clock, leases }: { db: Database; clock: Clock; leases: Leases },
  { source, dataset }: ReplayRequest,
): Promise<boolean> {
  return db.transaction(async (m) => {
    await leases.lockSource(m, source.id)
    const datasets = await openDatasets(m, source.id, dataset)
    if (datasets.length === 0) return false
    const active = await m.findOneBy(Load, { sourceId: source.id, state: In(['queued', 'running']) })
    if (active) refuseOther(active, source)
    if (active?.state === 'running') return true
    // Without an active load nobody waits for what was once asked for.
    if (!active) await m.delete(Replay, { sourceId: source.id })
    else await m.delete(Replay, { sourceId: source.id, dataset: In(datasets) })
    await m.insert(
      Replay,
      datasets.map((name) => ({ sourceId: source.id, dataset: name, part: 0, line: -1, askedAt: clock.now() })),
    )
    return true
  })
}

/** Throws a `ConflictError` when this load is not a replay. */
function refuseOther({ trigger }: Load, { title }: ReplayRequest['source']): void {
  if (trigger === 'replay') return
  throw new ConflictError(`${title} is loading right now. Ask again when that load has ended.`)
}

async function openDatasets(m: EntityManager, sourceId: string, dataset: string | null): Promise<string[]> {
  const rows = await m
    .createQueryBuilder(QuarantinedRecord, 'bad')
    .select('bad.dataset', 'dataset')
    .distinct(true)
    .where({ sourceId, state: 'open', ...(dataset !== null && { dataset }) })
    .getRawMany<{ dataset: string }>()
  return rows.map((row) => row.dataset)
}
