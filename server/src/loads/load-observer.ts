import type { Counts } from './balance.ts'
import type { Load } from './load.entity.ts'

/**
 * Hears what loads of this process do, for whoever counts it. Called after it is committed: for each page and each batch, never for each row.
 * It must not throw and has no say in the load.
 */
export interface LoadObserver {
  /** A load has begun to run. */
  began(load: Load): void
  /** A page lies in the lake. */
  landed(load: Load, records: number): void
  /** A batch of a dataset is written. */
  written(load: Load, dataset: string, counts: Counts): void
  /** A load has ended for good: its state is one of the four ends. */
  ended(load: Load): void
}

/** Nobody who counts. */
export const noObserver: LoadObserver = { began() {}, landed() {}, written() {}, ended() {} }
