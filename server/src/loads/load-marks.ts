import { In } from 'typeorm'
import type { Database } from '../warehouse/warehouse.service.ts'
import { LoadDataset } from './load-dataset.entity.ts'
import { LogLine } from './load-log.entity.ts'
import { Load } from './load.entity.ts'

/** How a load stands: two marks of a load differ exactly when something that is shown of it has changed. */
export interface LoadMark {
  readonly id: string
  readonly slug: string
  readonly active: boolean
  readonly text: string
}

/** A load that begins and ends between two looks is found when it is among so many newest ones. */
const newest = 20

/**
 * Reads the marks of active loads, of the newest ones and of those in `known`, by id. Whichever process writes a load, it is seen here,
 * because only what is committed counts.
 */
export async function readMarks(db: Database, known: readonly string[]): Promise<Map<string, LoadMark>> {
  const { manager } = db.read
  const loads = [
    ...(await manager.find(Load, { order: { id: 'DESC' }, take: newest })),
    ...(await manager.find(Load, { where: [{ state: In(['queued', 'running']) }, { id: In(known) }] })),
  ]
  const active = loads.filter(isActive).map(({ id }) => id)
  const progress = active.length > 0 ? await readProgress(db, active) : new Map<string, string>()
  return new Map(loads.map((load) => [load.id, markOf(load, progress.get(load.id) ?? '')]))
}

const isActive = ({ state }: Load): boolean => state === 'queued' || state === 'running'

function markOf(load: Load, progress: string): LoadMark {
  const { id, slug, state, startedAt, finishedAt, retryAt, pages, records, bytes, cancelRequested, answer } = load
  const times = [startedAt, finishedAt, retryAt].map((at) => at?.getTime() ?? '')
  const text = [state, ...times, pages, records, bytes, cancelRequested, answer ?? '', progress].join(' ')
  return { id, slug, active: isActive(load), text }
}

/** What changes of a load while it runs and does not stand in its row: the balance, and the last line of its log. */
async function readProgress(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const { manager } = db.read
  const balances = await manager.find(LoadDataset, { where: { loadId: In(ids) }, order: { dataset: 'ASC' } })
  const lines = await manager
    .createQueryBuilder(LogLine, 'line')
    .select('line.loadId', 'loadId')
    .addSelect('max(line.id)', 'last')
    .where('line.loadId IN (:...ids)', { ids })
    .groupBy('line.loadId')
    .getRawMany<{ loadId: string; last: number }>()
  const texts = new Map(lines.map(({ loadId, last }) => [loadId, String(last)]))
  for (const { loadId, ...counts } of balances) texts.set(loadId, `${texts.get(loadId) ?? ''} ${Object.values(counts).join(' ')}`)
  return texts
}
