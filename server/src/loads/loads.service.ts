// Longer than 300 lines because it is the one door of the room: each method is a question or an order of another room.
import type { Logger } from 'pino'
import type { CatalogService } from '../catalog/catalog.service.ts'
import type { LakeService } from '../lake/lake.service.ts'
import { runsBetween } from '../schedule/schedule.service.ts'
import type { Clock } from '../shared/clock.ts'
import { newId } from '../shared/ids.ts'
import { noTracer, type Tracer } from '../shared/tracer.ts'
import type { OpenContext, Source, SourcesService } from '../sources/sources.service.ts'
import type { Database, WarehouseService } from '../warehouse/warehouse.service.ts'
import { changesSince, type ChangesSince } from './changes-since.ts'
import { answerHeld } from './held.ts'
import { Leases } from './lease.ts'
import type { LoadDataset } from './load-dataset.entity.ts'
import type { LogLine } from './load-log.entity.ts'
import { noObserver, type LoadObserver } from './load-observer.ts'
import { LoadQueue } from './load-queue.ts'
import type { Load, LoadAnswer, LoadTrigger } from './load.entity.ts'
import {
  LoadsReader,
  type Activity,
  type CountedPage,
  type KeyLoads,
  type LoadPage,
  type LoadQuery,
  type TrendPoint,
} from './loads-reader.ts'
import { QuarantineDecisions, type Decision, type QuarantineChoice } from './quarantine-decisions.ts'
import { QuarantineReader, type Discarded, type QuarantineQuery, type ReasonsPage } from './quarantine-reader.ts'
import type { QuarantinedRecord } from './quarantine.entity.ts'
import type { PrunedRaw } from './raw-retention.ts'
import { noteReplay } from './replay-request.ts'
import type { ProbePoint } from './run-context.ts'
import { sourceOverviews, type SourceOverview } from './source-overviews.ts'
import type { SourceState } from './source-state.ts'
import { pruneLake, tidy, type Kept, type Tidied } from './tidy.ts'
import { systemTimers, type Timers } from './timers.ts'

export { balances, type Counts } from './balance.ts'
export type { ChangesSince } from './changes-since.ts'
export { LoadDataset } from './load-dataset.entity.ts'
export type { LoadObserver } from './load-observer.ts'
export { LogLine, type LogLevel } from './load-log.entity.ts'
export { Load, type LoadAnswer, type LoadState, type LoadTrigger } from './load.entity.ts'
export type { Activity, CountedPage, KeyLoads, ListQuery, LoadPage, LoadQuery, TrendPoint } from './loads-reader.ts'
export { LoadWatch, type Change, type LoadChoice } from './load-watch.ts'
export type { Decision, QuarantineChoice } from './quarantine-decisions.ts'
export type { Discarded, QuarantineFilter, QuarantineQuery, QuarantineReason, ReasonsPage } from './quarantine-reader.ts'
export { QuarantinedRecord, type QuarantineState } from './quarantine.entity.ts'
export type { PrunedRaw } from './raw-retention.ts'
export type { SourceOverview } from './source-overviews.ts'
export type { SourceState, SourceStateName } from './source-state.ts'
export type { Kept, Tidied } from './tidy.ts'

/** What the composition root hands over. */
export interface LoadsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly lake: LakeService
  readonly warehouse: WarehouseService
  readonly catalog: CatalogService
  readonly sources: SourcesService
  readonly openContext: OpenContext
  /** The next planned time of every source that has one. */
  nextRuns(): Promise<Map<string, Date>>
  /** Called before each load; what it does is done when the connector is looked up. */
  beforeLoad?(): Promise<void>
  /** Nobody when left out. */
  readonly observer?: LoadObserver
  /** None when left out. */
  readonly tracer?: Tracer
  /** Real ones when left out. */
  readonly timers?: Timers
  random?(): number
  /** Only tests give one; see `ProbePoint`. */
  readonly probe?: (point: ProbePoint) => void
}

/** A load or its rows have changed. */
export interface LoadChange {
  readonly loadId: string
  readonly sourceId: string
}

/** Everything about loads: asking for them, running them, and what became of them. */
export class LoadsService {
  readonly #deps: LoadsDeps
  readonly #leases: Leases
  readonly #queue: LoadQueue
  readonly #reader: LoadsReader
  readonly #quarantine: QuarantineReader
  readonly #decisions: QuarantineDecisions
  readonly #listeners = new Set<(change: LoadChange) => void>()
  readonly #unsubscribe: () => void

  constructor(deps: LoadsDeps) {
    this.#deps = deps
    this.#reader = new LoadsReader(deps.db)
    this.#quarantine = new QuarantineReader(deps.db)
    this.#decisions = new QuarantineDecisions(deps.db, deps.clock)
    const { db, clock, lake, warehouse, catalog, sources, openContext, logger, probe } = deps
    this.#leases = new Leases(db, newId())
    this.#queue = new LoadQueue({
      ...{ db, clock, lake, warehouse, catalog, sources, openContext, logger },
      ...(probe && { probe }),
      beforeLoad: async () => deps.beforeLoad?.(),
      leases: this.#leases,
      observer: deps.observer ?? noObserver,
      tracer: deps.tracer ?? noTracer,
      timers: deps.timers ?? systemTimers,
      random: () => (deps.random ?? Math.random)(),
      picturesComplete: new Set(),
      changed: (load) => this.#tell(load),
    })
    this.#unsubscribe = sources.onChanged(async ({ kind, source }) => {
      if (kind === 'created' && !source.paused) await this.request(source.id, 'first')
      if (kind === 'removed') await this.#queue.endOf(source.id)
    })
  }

  /** Removes what is older than is kept, in small steps; what a load, a replay or a person still needs stays. */
  tidy(keep: Kept, signal: AbortSignal): Promise<Tidied> {
    return tidy(this.#deps, keep, signal)
  }

  /** Removes raw pages of that age (milliseconds) although replays would need them, or with `dryRun` says what would be lost. */
  pruneLake(age: number, dryRun: boolean): Promise<PrunedRaw> {
    return pruneLake(this.#deps, age, dryRun)
  }

  /** Goes on with what an earlier process left, and begins to work off the queue. */
  start(): Promise<void> {
    return this.#queue.start()
  }

  /** Ends running loads at a batch edge, within `graceMs`; they go on after the next start. */
  async stop(graceMs: number): Promise<void> {
    this.#unsubscribe()
    await this.#queue.stop(graceMs)
  }

  /** Asks for a load. While one of the source is queued or running, that one is given instead. */
  request(sourceId: string, trigger: LoadTrigger, plannedAt: Date | null = null): Promise<Load> {
    return this.#queue.request(sourceId, trigger, plannedAt)
  }

  /** Ends a load at the next batch edge; what it has written stays. A load that has ended stays as it is. */
  cancel(id: string): Promise<Load> {
    return this.#queue.cancel(id)
  }

  /** A person takes the short list of a held load: asks for a load that may remove the rows. Gives that load; throws a `ConflictError` when nothing waits. */
  async accept(id: string): Promise<Load> {
    const { sourceId } = await this.#answer(id, 'accepted')
    return this.request(sourceId, 'person')
  }

  /** A person keeps the rows of before. The held load stays as it is, and waits no more. */
  dismiss(id: string): Promise<Load> {
    return this.#answer(id, 'kept')
  }

  /** Resolves when nothing is queued or running. */
  idle(): Promise<void> {
    return this.#queue.idle()
  }

  /** Throws a `NotFoundError` when there is no such load. */
  get(id: string): Promise<Load> {
    return this.#reader.get(id)
  }

  /** The newest of these loads, at most so many; ids that are none are left out. */
  these(ids: readonly string[], most: number): Promise<Load[]> {
    return this.#reader.these(ids, most)
  }

  /** Loads of one source or dataset, or all; newest first. */
  list(query: LoadQuery): Promise<LoadPage> {
    return this.#reader.list(query)
  }

  /** Loads of a source that were asked for since then, newest first. */
  recent(sourceId: string, since: Date | null, first: number): Promise<Load[]> {
    return this.#reader.recent(sourceId, since, first)
  }

  /** The active load, the last one, the last one that ended by itself and the last success of a source. */
  keyLoads(sourceId: string): Promise<KeyLoads> {
    return this.#reader.keyLoads(sourceId)
  }

  /** What each dataset of a load came to. */
  balance(loadId: string): Promise<LoadDataset[]> {
    return this.#reader.balance(loadId)
  }

  /** The same of several loads at once, by load; nothing for a load that did not get that far. */
  balances(loadIds: readonly string[]): Promise<Map<string, LoadDataset[]>> {
    return this.#reader.balances(loadIds)
  }

  /** The load of the same source before or after this one. */
  beside(load: Load, side: 'before' | 'after'): Promise<Load | null> {
    return this.#reader.beside(load, side)
  }

  /** True while a person can still answer a held load. */
  waits(load: Load): Promise<boolean> {
    return this.#reader.waits(load)
  }

  /** What was said during a load, oldest first; at most 1,000 lines are kept. */
  log(loadId: string, first?: number): Promise<LogLine[]> {
    return this.#reader.log(loadId, first)
  }

  /** Rows of a dataset after each of its last 30 successful loads, oldest first. */
  trend(sourceId: string, dataset: string): Promise<TrendPoint[]> {
    return this.#reader.trend(sourceId, dataset)
  }

  /** What all loads did to each table since then; also what loads wrote that failed later, because it stays. */
  changesSince(since: Date): Promise<ChangesSince[]> {
    return changesSince(this.#deps.db, since)
  }

  /** What was set aside, newest first; what waits for a person unless another state is named. */
  quarantine(query: QuarantineQuery): Promise<CountedPage<QuarantinedRecord>> {
    return this.#quarantine.list(query)
  }

  /** What waits in the quarantine by what does not fit. */
  quarantineReasons(query: Omit<QuarantineQuery, 'state'>): Promise<ReasonsPage> {
    return this.#quarantine.reasons(query)
  }

  /** What people gave up, decision by decision, the newest first. */
  discardedQuarantine(query: Omit<QuarantineQuery, 'state'>): Promise<CountedPage<Discarded>> {
    return this.#quarantine.discarded(query)
  }

  /** How many entries of the quarantine are open, by `<slug>/<dataset>`; nothing for those without. */
  quarantined(): Promise<Map<string, number>> {
    return this.#quarantine.counts()
  }

  /**
   * Runs what is set aside of a source, or of one dataset of it, again from the lake, without asking the source; null when nothing is set
   * aside. What fits then is in the table, the rest stays open. Throws a `ConflictError` while another load of the source is active.
   */
  async replay(source: Source, dataset: string | null): Promise<Load | null> {
    const { db, clock } = this.#deps
    if (!(await noteReplay({ db, clock, leases: this.#leases }, { source, dataset }))) return null
    return this.request(source.id, 'replay')
  }

  /** Gives entries of the quarantine up, with a note that says why. They are kept, and `restoreQuarantine` brings them back. */
  discardQuarantine(choice: QuarantineChoice, note: string): Promise<Decision> {
    return this.#decisions.discard(choice, note)
  }

  /** Takes back that entries were given up: all that match, or those of one decision. */
  restoreQuarantine(choice: QuarantineChoice, decidedAt: Date | null): Promise<Decision> {
    return this.#decisions.restore(choice, decidedAt)
  }

  /** Planned times of a source with `from` ≤ time < `to`, oldest first, at most 400. */
  async due(source: Source, from: Date, to: Date): Promise<Date[]> {
    if (source.schedule === null || source.paused) return []
    const next = (await this.#deps.nextRuns()).get(source.id)
    return runsBetween(source.schedule, from, to, next ?? source.createdAt)
  }

  /** How every source is, by its id. */
  async sourceStates(): Promise<Map<string, SourceState>> {
    return new Map((await this.sourceOverviews()).map(({ source, state }) => [source.id, state]))
  }

  /** How every source is and what that is made from, in few questions however many sources there are. */
  sourceOverviews(): Promise<SourceOverview[]> {
    return sourceOverviews({ ...this.#deps, loads: this.#reader, quarantine: this.#quarantine })
  }

  /** How many loads are queued and running, in all processes. */
  activity(): Promise<Activity> {
    return this.#reader.activity()
  }

  /** Tells of every change of a load, after it is committed, until the returned function is called. */
  onChanged(listener: (change: LoadChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #answer(id: string, answer: LoadAnswer): Promise<Load> {
    const { db, clock } = this.#deps
    const load = await db.transaction((m) => answerHeld(m, id, answer, clock.now()))
    this.#tell(load)
    return load
  }

  #tell({ id, sourceId }: Load): void {
    for (const listener of this.#listeners) listener({ loadId: id, sourceId })
  }
}
