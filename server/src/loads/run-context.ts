import type { LakeService } from '../lake/lake.service.ts'
import type { Clock } from '../shared/clock.ts'
import type { Tracer } from '../shared/tracer.ts'
import type { Source, SourcesService } from '../sources/sources.service.ts'
import type { Database, WarehouseService } from '../warehouse/warehouse.service.ts'
import type { HeldLease, Leases } from './lease.ts'
import type { LoadLog } from './load-log.ts'
import type { LoadObserver } from './load-observer.ts'
import type { Load } from './load.entity.ts'
import type { MediaFetcher } from './media-fetcher.ts'
import type { LoadContext } from './stream-plan.ts'

/** Moments of a load that a test may want to stop the process at. */
export type ProbePoint = 'landed' | 'before-write' | 'in-write' | 'after-write' | 'in-swap' | 'swapped' | 'after-swap'

/** What every load works with. */
export interface LoadTools {
  readonly db: Database
  readonly clock: Clock
  readonly lake: LakeService
  readonly warehouse: WarehouseService
  readonly sources: SourcesService
  readonly leases: Leases
  readonly observer: LoadObserver
  readonly tracer: Tracer
  /** Called at moments where a crash would be most unwelcome; only tests give one. */
  readonly probe?: (point: ProbePoint) => void
}

/** What the parts of one load share. */
export interface RunContext extends LoadTools {
  readonly load: Load
  readonly source: Source
  /** Id of the load that this one repeats, or its own: what they read is one piece. */
  readonly firstTry: string
  readonly lease: HeldLease
  /** Aborts when the load is cancelled, the lease is lost or the server stops; the reason is what the load ends with. */
  readonly signal: AbortSignal
  readonly log: LoadLog
  readonly connector: LoadContext
  /** null for a connector without pictures. */
  readonly media: MediaFetcher | null
  /** True when no picture of earlier rows is known to be missing. */
  readonly picturesComplete: boolean
  setPicturesComplete(complete: boolean): void
  /** Tells that the load or its rows have changed, after they are committed. */
  changed(): void
}
