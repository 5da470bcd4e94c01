import type { EntityManager } from 'typeorm'
import { LoadDataset } from './load-dataset.entity.ts'

/** What became of the records of one dataset and of the rows made from them. */
export interface Counts {
  read: number
  transformed: number
  filtered: number
  quarantinedRecords: number
  made: number
  inserted: number
  updated: number
  unchanged: number
  superseded: number
  quarantinedRows: number
  removed: number
}

/** Counts of nothing yet. */
export function noCounts(): Counts {
  return {
    read: 0,
    transformed: 0,
    filtered: 0,
    quarantinedRecords: 0,
    made: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    superseded: 0,
    quarantinedRows: 0,
    removed: 0,
  }
}

const names = Object.keys(noCounts()) as (keyof Counts)[]

/** Adds `more` to `counts`. */
export function addCounts(counts: Counts, more: Counts): void {
  for (const name of names) counts[name] += more[name]
}

/** The counts alone, without what a stored balance carries beside them. */
export function countsOf(stored: Counts): Counts {
  const counts = noCounts()
  addCounts(counts, stored)
  return counts
}

/** True when every record and every row is accounted for exactly once (promise 1). */
export function balances(counts: Counts): boolean {
  const { read, transformed, filtered, quarantinedRecords, made, inserted, updated, unchanged, superseded, quarantinedRows } = counts
  return read === transformed + filtered + quarantinedRecords && made === inserted + updated + unchanged + superseded + quarantinedRows
}

/**
 * The counts as they are true while a replace is not finished: its rows are in no table that anybody sees,
 * so only the rows set aside are made.
 */
export function countsBeforeSwap(counts: Counts): Counts {
  return { ...counts, made: counts.quarantinedRows, inserted: 0, updated: 0, unchanged: 0, superseded: 0, removed: 0 }
}

/** Writes the balance of one dataset, within the transaction that writes its rows. */
export async function writeBalance(m: EntityManager, loadId: string, dataset: string, counts: Counts, rowsAfter?: number): Promise<void> {
  await m.update(LoadDataset, { loadId, dataset }, rowsAfter === undefined ? counts : { ...counts, rowsAfter })
}

/** Starts the balance of a dataset, or finds the one that an earlier part of the same load left. */
export async function openBalance(m: EntityManager, loadId: string, dataset: string, fresh: boolean): Promise<Counts> {
  const known = await m.findOneBy(LoadDataset, { loadId, dataset })
  if (!known) await m.insert(LoadDataset, { loadId, dataset, ...noCounts(), rowsAfter: null, rowsBefore: null, rowsOffered: null })
  else if (fresh) await writeBalance(m, loadId, dataset, noCounts())
  return known && !fresh ? countsOf(known) : noCounts()
}
