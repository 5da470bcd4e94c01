import type { Logger } from 'pino'
import { LessThan, Not } from 'typeorm'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { LeaseLostError, NotFoundError, type HandoverError } from '../shared/errors.ts'
import type { Step } from '../shared/tracer.ts'
import type { OpenContext, Source } from '../sources/sources.service.ts'
import { leaseLength, type HeldLease } from './lease.ts'
import { failureOf, HeldError, LoadCancelled, ServerStopping, type Failure } from './load-errors.ts'
import { LogLine } from './load-log.entity.ts'
import { LoadLog } from './load-log.ts'
import { Load, type LoadState, type LoadTrigger } from './load.entity.ts'
import { MediaFetcher } from './media-fetcher.ts'
import { maxAttempts, retryDelay } from './retry.ts'
import type { LoadTools, RunContext } from './run-context.ts'
import { runLoad } from './run-load.ts'
import type { Timers } from './timers.ts'

/** What a job needs besides the tools of every load. */
export interface JobDeps extends LoadTools {
  readonly catalog: CatalogService
  readonly openContext: OpenContext
  readonly logger: Logger
  readonly timers: Timers
  /** From 0 to below 1. */
  random(): number
  /** Ids of sources of which no picture is known to be missing. */
  readonly picturesComplete: Set<string>
  /** Called before the connector is looked up. */
  beforeLoad(): Promise<void>
  /** Called after every change of the load that is committed. */
  changed(load: Load): void
}

const startWords: Readonly<Record<Load['trigger'], string>> = {
  schedule: 'Started by the clock.',
  person: 'Started because a person asked for it.',
  first: 'Started for the first time.',
  retry: 'Started again by itself.',
  replay: 'Started to run again what was set aside.',
}

const doneWords = (trigger: Load['trigger']): string =>
  trigger === 'replay' ? 'Done. What fits now is in the tables.' : 'Done. Everything the source had is in the tables.'

/** One load while it runs: takes the lease, runs, and writes down how it ended. */
export class LoadJob {
  readonly load: Load
  /** Resolves when the load has ended, whatever happened; never rejects. */
  readonly done: Promise<void>
  readonly #deps: JobDeps
  readonly #source: Source | null
  readonly #stop = new AbortController()
  readonly #clean: (text: string) => string
  readonly #logger: Logger

  constructor(deps: JobDeps, load: Load, source: Source | null) {
    this.#deps = deps
    this.load = load
    this.#source = source
    this.#logger = deps.logger.child({ load: load.id, source: load.slug })
    this.#clean = source ? deps.sources.cleaner(source) : (text) => text
    this.done = this.#run().catch((err: unknown) => this.#failed(err))
  }

  /** Ends the load at the next batch edge. The first reason counts. */
  stop(reason: HandoverError): void {
    this.#stop.abort(reason)
  }

  async #run(): Promise<void> {
    const { leases } = this.#deps
    const lease = await leases.acquire(this.load.sourceId)
    // Somebody else has the source: the load stays queued, and its turn comes when that ends.
    if (!lease || !(await this.#begin(lease))) return
    const { id, slug, trigger, attempt } = this.load
    const facts = { 'handover.load.id': id, 'handover.source': slug, 'handover.load.trigger': trigger, 'handover.load.attempt': attempt }
    await this.#deps.tracer.root('load', facts, (step) => this.#carryOut(lease, step))
  }

  async #carryOut(lease: HeldLease, step: Step): Promise<void> {
    const renewal = this.#renew(lease)
    const log = await this.#openLog()
    log.add('info', startWords[this.load.trigger], { trigger: this.load.trigger, attempt: this.load.attempt })
    const error = await this.#attempt(lease, log).then(
      (result) => result?.error ?? null,
      (failure: unknown) => (this.#stop.signal.aborted ? this.#stop.signal.reason : failure) as unknown,
    )
    await renewal.stop()
    if (error instanceof LeaseLostError) {
      step.fail(error.code)
      return this.#logger.warn('A load lost its lease and stopped')
    }
    await this.#end(lease, log, error)
    const { state, pages, records, errorCode } = this.load
    step.know({ 'handover.load.state': state, 'handover.pages': pages, 'handover.records': records })
    if (state === 'failed') step.fail(errorCode ?? 'unknown')
  }

  /** False when the load was cancelled before its turn came. */
  async #begin(lease: HeldLease): Promise<boolean> {
    const { db, clock, leases, observer, changed } = this.#deps
    const begun = { state: 'running' as const, startedAt: clock.now() }
    const { affected } = await db.write.manager.update(Load, { id: this.load.id, state: 'queued' }, begun)
    if (affected !== 1) {
      await leases.release(lease)
      return false
    }
    Object.assign(this.load, begun)
    observer.began(this.load)
    changed(this.load)
    return true
  }

  async #openLog(): Promise<LoadLog> {
    const { db, clock } = this.#deps
    const count = await db.write.manager.countBy(LogLine, { loadId: this.load.id })
    const { manager } = db.write
    return new LoadLog({ manager, loadId: this.load.id, now: () => clock.now(), clean: this.#clean, logger: this.#logger, count })
  }

  async #attempt(lease: HeldLease, log: LoadLog): Promise<{ error: unknown } | null> {
    const { catalog, openContext, picturesComplete, beforeLoad, changed, lake, warehouse, ...tools } = this.#deps
    const source = this.#source
    if (!source) throw new NotFoundError('The source of this load was removed.')
    await beforeLoad()
    const connector = catalog.get(source.connector)
    const { signal } = this.#stop
    const config = tools.sources.configOf(source)
    const opened = openContext({
      ...{ connector: connector.name, source: source.slug, config, signal },
      log: (message, fields) => log.add('info', message, fields),
    })
    const { close, ...handed } = opened
    const context = { ...handed, config }
    const media = connector.media ? new MediaFetcher({ connector, context, slug: source.slug, lake, warehouse, log }) : null
    const run: RunContext = {
      ...tools,
      ...{ lake, warehouse },
      ...{ load: this.load, source, lease, signal, log, media, firstTry: await this.#firstTry() },
      connector: context,
      picturesComplete: picturesComplete.has(source.id),
      setPicturesComplete: (complete) => void (complete ? picturesComplete.add(source.id) : picturesComplete.delete(source.id)),
      changed: () => changed(this.load),
    }
    try {
      return await runLoad(run, connector)
    } finally {
      await close.call(opened)
    }
  }

  async #firstTry(): Promise<string> {
    const { id, sourceId, attempt, trigger } = this.load
    if (attempt === 1) return id
    const first = await this.#deps.db.write.manager.findOne(Load, {
      where: { sourceId, attempt: 1, id: LessThan(id), trigger: trigger === 'replay' ? trigger : Not<LoadTrigger>('replay') },
      order: { id: 'DESC' },
    })
    return first?.id ?? id
  }

  /** Writes down how the load ended, if it is still ours to say. */
  async #end(lease: HeldLease, log: LoadLog, error: unknown): Promise<void> {
    const { db, leases, observer, changed } = this.#deps
    const end = this.#ending(error)
    this.#tell(log, end)
    await log.flush()
    const { pages, records, bytes } = this.load
    await db.transaction(async (m) => {
      await leases.fence(m, lease)
      await m.update(Load, { id: this.load.id }, { ...end, pages, records, bytes })
    })
    Object.assign(this.load, end)
    if (end.state !== 'queued') observer.ended(this.load)
    this.#say()
    await leases.release(lease)
    changed(this.load)
  }

  /** One line for each load that ended; one that failed has said so already, with the reason. */
  #say(): void {
    const { state, trigger, attempt, pages, records, startedAt, finishedAt } = this.load
    if (state === 'failed' || !startedAt || !finishedAt) return
    const seconds = (finishedAt.getTime() - startedAt.getTime()) / 1000
    this.#logger.info({ state, trigger, attempt, pages, records, seconds }, 'A load has ended')
  }

  #ending(error: unknown): Partial<Load> & { state: LoadState } {
    const finishedAt = this.#deps.clock.now()
    if (error === null) return { state: 'succeeded', finishedAt }
    if (error instanceof ServerStopping) return { state: 'queued', startedAt: null }
    const failure = failureOf(error, this.#clean)
    const words = { errorCode: failure.code, errorMessage: failure.message, errorDetail: failure.detail }
    if (error instanceof LoadCancelled) return { state: 'cancelled', finishedAt, ...words }
    if (error instanceof HeldError) return { state: 'held', finishedAt, ...words }
    this.#logger.warn({ failure }, 'A load failed')
    return { state: 'failed', finishedAt, ...words, retryAt: this.#retryAt(failure, finishedAt) }
  }

  #retryAt({ passing }: Failure, now: Date): Date | null {
    if (!passing || this.load.attempt >= maxAttempts) return null
    return new Date(now.getTime() + retryDelay(this.load.attempt, () => this.#deps.random()))
  }

  #tell(log: LoadLog, { state, errorMessage, errorCode, retryAt }: Partial<Load>): void {
    if (state === 'succeeded') log.add('info', doneWords(this.load.trigger))
    else if (state === 'queued') log.add('info', new ServerStopping().message)
    else
      log.add(state === 'failed' ? 'error' : 'warning', errorMessage ?? '', {
        code: errorCode,
        ...(retryAt && { retryAt: retryAt.toISOString() }),
      })
  }

  /** A load that cannot even be ended is met again at the next start. When the server is being stopped nothing else is to be expected. */
  #failed(err: unknown): void {
    if (this.#stop.signal.reason instanceof ServerStopping) return
    this.#logger.error({ err }, 'A load could not be ended in order')
  }

  /** Renews the lease three times in its length, also while a source keeps us waiting. */
  #renew(lease: HeldLease): { stop(): Promise<void> } {
    const { db, leases, timers } = this.#deps
    let stopped = false
    let cancel = (): void => undefined
    let renewing: Promise<void> = Promise.resolve()
    const again = async (): Promise<void> => {
      await db
        .transaction((m) => leases.fence(m, lease))
        .catch((error: unknown) => {
          if (error instanceof LeaseLostError) this.stop(error)
        })
      if (!stopped) wait()
    }
    const wait = (): void => {
      cancel = timers.after(leaseLength / 3, () => void (renewing = again()))
    }
    wait()
    return {
      // One that is under way must not renew what has been given back.
      stop: async () => {
        stopped = true
        cancel()
        await renewing
      },
    }
  }
}
