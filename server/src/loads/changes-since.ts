import type { Database } from '../warehouse/warehouse.service.ts'
import { LoadDataset } from './load-dataset.entity.ts'
import { Load } from './load.entity.ts'

/** What all loads of one dataset did to its table since some moment. */
export interface ChangesSince {
  readonly slug: string
  readonly dataset: string
  readonly loads: number
  readonly inserted: number
  readonly updated: number
  readonly removed: number
  readonly setAside: number
}

const SUMS = ['inserted', 'updated', 'removed', 'quarantinedRecords', 'quarantinedRows'] as const

/** By dataset, those that were loaded since then; also what loads wrote that failed later, because it stays. */
export async function changesSince(db: Database, since: Date): Promise<ChangesSince[]> {
  const query = db.read.manager
    .createQueryBuilder(LoadDataset, 'covered')
    .innerJoin(Load, 'load', 'load.id = covered.loadId')
    .select(['load.slug AS slug', 'covered.dataset AS dataset', 'COUNT(*) AS loads'])
    .where('load.finishedAt >= :since', { since })
    .groupBy('load.slug')
    .addGroupBy('covered.dataset')
  for (const name of SUMS) query.addSelect(`SUM(covered.${name})`, name)
  const rows = await query.getRawMany<{ slug: string; dataset: string; loads: unknown } & Record<(typeof SUMS)[number], unknown>>()
  return rows.map(({ slug, dataset, loads, inserted, updated, removed, quarantinedRecords, quarantinedRows }) => ({
    ...{ slug, dataset, loads: Number(loads), inserted: Number(inserted), updated: Number(updated), removed: Number(removed) },
    setAside: Number(quarantinedRecords) + Number(quarantinedRows),
  }))
}
