import { In } from 'typeorm'
import { NotFoundError, type HandoverError } from '../shared/errors.ts'
import { newId } from '../shared/ids.ts'
import type { Source } from '../sources/sources.service.ts'
import { interrupted, LoadCancelled, ServerStopping } from './load-errors.ts'
import { LoadJob, type JobDeps } from './load-job.ts'
import { Load, type LoadTrigger } from './load.entity.ts'
import { maxAttempts } from './retry.ts'

const atOnce = 2
/** Milliseconds until a source is tried again whose lease somebody else has. */
const blockedFor = 5_000
const active = In(['queued', 'running'])

/** Which loads are asked for, which run, and which are tried again. At most one per source is active, and two run at once. */
export class LoadQueue {
  readonly #deps: JobDeps
  readonly #jobs = new Map<string, LoadJob>()
  /** Calls off the planned retry of a source. */
  readonly #retries = new Map<string, () => void>()
  /** Sources whose lease somebody else has. */
  readonly #blocked = new Set<string>()
  #started = false
  #pumping: Promise<void> | null = null
  #pumpAgain = false
  #lastIdAt = 0

  constructor(deps: JobDeps) {
    this.#deps = { ...deps, changed: (load) => deps.changed(load) }
  }

  /** Ends what a killed process left running, plans the retries that were planned, and begins to work. */
  async start(): Promise<void> {
    const { manager } = this.#deps.db.write
    const newest = await manager.findOne(Load, { where: {}, order: { id: 'DESC' } })
    if (newest) this.#lastIdAt = timeOf(newest.id)
    const sources = new Map((await this.#deps.sources.list()).map((source) => [source.id, source]))
    for (const load of await manager.findBy(Load, { state: 'running' })) await this.#endInterrupted(load, sources.has(load.sourceId))
    for (const source of sources.values()) {
      const last = await this.#last(source.id)
      if (last?.retryAt) this.#planRetry(last)
    }
    this.#started = true
    this.#pump()
  }

  /** Ends running loads at a batch edge and queues them for the next start. Resolves when they have ended, or after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#started = false
    for (const cancel of this.#retries.values()) cancel()
    this.#retries.clear()
    await this.#pumping
    for (const job of this.#jobs.values()) job.stop(new ServerStopping())
    let timer: NodeJS.Timeout | undefined
    const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)))
    await Promise.race([Promise.all([...this.#jobs.values()].map((job) => job.done)), grace])
    clearTimeout(timer)
  }

  /** Asks for a load of a source. Gives the active one when there is one. */
  async request(sourceId: string, trigger: LoadTrigger, plannedAt: Date | null): Promise<Load> {
    const source = await this.#source(sourceId)
    if (!source) throw new NotFoundError('There is no such source.')
    const { db, clock } = this.#deps
    const { load, isNew } = await db.transaction(async (m) => {
      const running = await m.findOneBy(Load, { sourceId, state: active })
      if (running) return { load: running, isNew: false }
      const last = trigger === 'retry' ? await m.findOne(Load, { where: { sourceId }, order: { id: 'DESC' } }) : null
      const queuedAt = clock.now()
      const load = m.create(Load, {
        ...{ id: this.#newId(queuedAt), sourceId, slug: source.slug, trigger, state: 'queued', plannedAt, queuedAt },
        ...{ attempt: (last?.attempt ?? 0) + 1, pages: 0, records: 0, bytes: 0, cancelRequested: false },
        ...{ startedAt: null, finishedAt: null, retryAt: null, errorCode: null, errorMessage: null, errorDetail: null },
      })
      await m.insert(Load, load)
      return { load, isNew: true }
    })
    if (isNew) this.#deps.changed(load)
    this.#pump()
    return load
  }

  /** Ends a load: at once while it waits, at a batch edge while it runs. A load that has ended stays as it is. */
  async cancel(id: string): Promise<Load> {
    const { db, clock, changed } = this.#deps
    const { manager } = db.write
    await this.#pumping
    const reason = new LoadCancelled()
    const end = {
      state: 'cancelled' as const,
      finishedAt: clock.now(),
      errorCode: reason.code,
      errorMessage: reason.message,
      cancelRequested: true,
    }
    const { affected } = await manager.update(Load, { id, state: 'queued' }, end)
    if (!affected) await manager.update(Load, { id, state: 'running' }, { cancelRequested: true })
    this.#jobs.get(id)?.stop(reason)
    const load = await manager.findOneBy(Load, { id })
    if (!load) throw new NotFoundError('There is no such load.')
    changed(load)
    return load
  }

  /** Ends the active load of a source and waits until it has ended; for a source that is being removed. */
  async endOf(sourceId: string): Promise<void> {
    this.#retries.get(sourceId)?.()
    this.#retries.delete(sourceId)
    for (const load of await this.#deps.db.write.manager.findBy(Load, { sourceId, state: active })) {
      await this.cancel(load.id)
      await this.#jobs.get(load.id)?.done
    }
  }

  /** Resolves when nothing is queued or running; for tests and for a clean end. */
  async idle(): Promise<void> {
    while (this.#pumping ?? this.#jobs.size > 0) {
      await this.#pumping
      await Promise.all([...this.#jobs.values()].map((job) => job.done))
    }
  }

  /** Starts queued loads while there is room. One pass at a time; a call in between makes it look again. */
  #pump(): void {
    this.#pumpAgain = true
    this.#pumping ??= this.#fill()
      .catch((err: unknown) => this.#deps.logger.error({ err }, 'Queued loads could not be started'))
      .finally(() => {
        this.#pumping = null
      })
  }

  async #fill(): Promise<void> {
    while (this.#started && this.#pumpAgain && this.#jobs.size < atOnce) {
      this.#pumpAgain = false
      const queued = await this.#deps.db.write.manager.find(Load, { where: { state: 'queued' }, order: { id: 'ASC' } })
      for (const load of queued) {
        if (this.#started && this.#jobs.size < atOnce && !this.#isBusy(load.sourceId)) this.#run(load, await this.#source(load.sourceId))
      }
    }
  }

  /** A load that did not begin waits a little, so that it does not ask for the lease without end. */
  #lookAgain(sourceId: string): void {
    this.#blocked.add(sourceId)
    this.#deps.timers.after(blockedFor, () => {
      this.#blocked.delete(sourceId)
      this.#pump()
    })
  }

  #isBusy(sourceId: string): boolean {
    return this.#blocked.has(sourceId) || [...this.#jobs.values()].some(({ load }) => load.sourceId === sourceId)
  }

  #run(load: Load, source: Source | null): void {
    const job = new LoadJob(this.#deps, load, source)
    this.#jobs.set(load.id, job)
    void job.done.then(() => {
      this.#jobs.delete(load.id)
      if (load.state === 'failed' && load.retryAt && this.#started) this.#planRetry(load)
      if (load.state === 'queued' && this.#started) this.#lookAgain(load.sourceId)
      this.#pump()
    })
  }

  async #endInterrupted(load: Load, sourceExists: boolean): Promise<void> {
    const { db, clock, leases, changed } = this.#deps
    await leases.expire(load.sourceId)
    const failure = load.cancelRequested ? toWords(new LoadCancelled()) : interrupted(load.attempt)
    const state = load.cancelRequested ? 'cancelled' : 'failed'
    const end = { state, finishedAt: clock.now(), errorCode: failure.code, errorMessage: failure.message } as const
    await db.write.manager.update(Load, { id: load.id }, end)
    changed(Object.assign(load, end))
    if (state === 'failed' && sourceExists && load.attempt < maxAttempts) await this.request(load.sourceId, 'retry', load.plannedAt)
  }

  #planRetry(load: Load): void {
    const { timers, clock, logger } = this.#deps
    this.#retries.get(load.sourceId)?.()
    const again = (): void => {
      this.#retries.delete(load.sourceId)
      this.#retry(load).catch((err: unknown) => logger.error({ err, source: load.slug }, 'A load could not be tried again'))
    }
    this.#retries.set(load.sourceId, timers.after(Math.max(0, load.retryAt!.getTime() - clock.now().getTime()), again))
  }

  /** Only when nothing else has happened to the source since. */
  async #retry(load: Load): Promise<void> {
    const last = await this.#last(load.sourceId)
    const source = await this.#source(load.sourceId)
    if (this.#started && last?.id === load.id && source && !source.paused) await this.request(load.sourceId, 'retry', load.plannedAt)
  }

  #last(sourceId: string): Promise<Load | null> {
    return this.#deps.db.write.manager.findOne(Load, { where: { sourceId }, order: { id: 'DESC' } })
  }

  async #source(id: string): Promise<Source | null> {
    return (await this.#deps.sources.list()).find((source) => source.id === id) ?? null
  }

  /** Ids always grow, also within a millisecond and when the clock was put back, because lists and "the last one" go by them. */
  #newId(now: Date): string {
    this.#lastIdAt = Math.max(now.getTime(), this.#lastIdAt + 1)
    return newId(this.#lastIdAt)
  }
}

/** Milliseconds that a version 7 UUID begins with. */
const timeOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

const toWords = (error: HandoverError): { code: string; message: string } => ({ code: error.code, message: error.message })
