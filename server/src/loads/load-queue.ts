import { Between, In, Not, type EntityManager } from 'typeorm'
import { NotFoundError, type HandoverError } from '../shared/errors.ts'
import { newId } from '../shared/ids.ts'
import type { Source } from '../sources/sources.service.ts'
import { leaseLength } from './lease.ts'
import { interrupted, LoadCancelled, ServerStopping } from './load-errors.ts'
import { LoadJob, type JobDeps } from './load-job.ts'
import { Load, type LoadTrigger } from './load.entity.ts'
import { maxAttempts } from './retry.ts'

const atOnce = 2
/** Milliseconds between two looks at what other processes have asked for or left behind. */
const lookEvery = 1_000
const active = In(['queued', 'running'])

/** What a load is asked for with. */
type Asked = Pick<Load, 'trigger' | 'plannedAt' | 'attempt'>

/**
 * Which loads are asked for, which run, and which are tried again. At most one per source is active, and two run at once in each process.
 * All that is to be known lies in the database, so any number of processes share the work, and what a dead one left is found by the others.
 */
export class LoadQueue {
  readonly #deps: JobDeps
  readonly #jobs = new Map<string, LoadJob>()
  #started = false
  #pumping: Promise<void> | null = null
  #pumpAgain = false
  #looking: Promise<void> | null = null
  #cancelLook = (): void => undefined
  /** Retries that were due before then have been seen to. */
  #lookedUntil = new Date(0)
  #lastIdAt = 0
  /** True while the database does not answer, so that it is said once. */
  #troubled = false

  constructor(deps: JobDeps) {
    this.#deps = { ...deps, changed: (load) => deps.changed(load) }
  }

  /** Ends what a killed process left running, asks for the retries that are due, and begins to work. */
  async start(): Promise<void> {
    const { db, leases } = this.#deps
    // Alone on the database: whoever had a lease is dead, and there is no need to wait until it runs out.
    if (!db.facts.shared) for (const load of await db.write.manager.findBy(Load, { state: 'running' })) await leases.expire(load.sourceId)
    this.#started = true
    await this.#look()
    this.#lookLater()
  }

  /** Ends running loads at a batch edge and queues them for the next start. Resolves when they have ended, or after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#started = false
    this.#cancelLook()
    await this.#looking
    await this.#pumping
    for (const job of this.#jobs.values()) job.stop(new ServerStopping())
    let timer: NodeJS.Timeout | undefined
    const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)))
    await Promise.race([Promise.all([...this.#jobs.values()].map((job) => job.done)), grace])
    clearTimeout(timer)
  }

  /** Asks for a load of a source. Gives the active one when there is one, and the one that answered this planned time already. */
  request(sourceId: string, trigger: LoadTrigger, plannedAt: Date | null): Promise<Load> {
    return this.#request(sourceId, { trigger, plannedAt, attempt: 1 })
  }

  async #request(sourceId: string, asked: Asked): Promise<Load> {
    const source = await this.#source(sourceId)
    if (!source) throw new NotFoundError('There is no such source.')
    const { db, leases, changed } = this.#deps
    const { load, isNew } = await db.transaction(async (m) => {
      await leases.lockSource(m, sourceId)
      const known = await this.#known(m, sourceId, asked)
      if (known) return { load: known, isNew: false }
      const load = await this.#queued(m, source, asked)
      await m.insert(Load, load)
      return { load, isNew: true }
    })
    if (isNew) changed(load)
    this.#pump()
    return load
  }

  /** Two processes may report the same planned time; the second one finds the load of the first. */
  async #known(m: EntityManager, sourceId: string, { trigger, plannedAt }: Asked): Promise<Load | null> {
    // A replay does not ask the source, so neither stands in for the other.
    const running = await m.findOneBy(Load, { sourceId, state: active, trigger: alike(trigger) })
    return running ?? (trigger === 'schedule' && plannedAt ? m.findOneBy(Load, { sourceId, trigger, plannedAt }) : null)
  }

  async #queued(m: EntityManager, source: Source, asked: Asked): Promise<Load> {
    const last = await m.findOne(Load, { where: { sourceId: source.id }, order: { id: 'DESC' } })
    const queuedAt = this.#deps.clock.now()
    // Ids always grow, also within a millisecond and when a clock was put back, because lists and "the last one" go by them.
    this.#lastIdAt = Math.max(queuedAt.getTime(), this.#lastIdAt + 1, last ? timeOf(last.id) + 1 : 0)
    return m.create(Load, {
      ...{ id: newId(this.#lastIdAt), sourceId: source.id, slug: source.slug, state: 'queued', queuedAt, ...asked },
      ...{ pages: 0, records: 0, bytes: 0, cancelRequested: false },
      ...{ startedAt: null, finishedAt: null, retryAt: null, errorCode: null, errorMessage: null, errorDetail: null },
    })
  }

  /** Ends a load: at once while it waits, at a batch edge while it runs. A load that has ended stays as it is. */
  async cancel(id: string): Promise<Load> {
    const { db, clock, observer, changed } = this.#deps
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
    if (affected) observer.ended(load)
    changed(load)
    return load
  }

  /** Ends the active load of a source and waits until it has ended, wherever it runs; for a source that is being removed. */
  async endOf(sourceId: string): Promise<void> {
    const { db, timers, leases } = this.#deps
    const find = () => db.write.manager.findBy(Load, { sourceId, state: active })
    for (const load of await find()) {
      await this.cancel(load.id)
      await this.#jobs.get(load.id)?.done
    }
    for (let waited = 0; waited < leaseLength && (await find()).length > 0; waited += lookEvery)
      await new Promise<void>((resolve) => timers.after(lookEvery, resolve))
    // Whoever has not ended it by then writes nothing any more.
    await leases.revoke(sourceId)
  }

  /** Resolves when nothing is queued or running; for tests and for a clean end. */
  async idle(): Promise<void> {
    while (this.#looking ?? this.#pumping ?? this.#jobs.size > 0) {
      await this.#looking
      await this.#pumping
      await Promise.all([...this.#jobs.values()].map((job) => job.done))
    }
  }

  /** Starts queued loads while there is room. One pass at a time; a call in between makes it look again. */
  #pump(): void {
    this.#pumpAgain = true
    this.#pumping ??= this.#fill()
      .catch((err: unknown) => {
        if (!this.#troubled) this.#deps.logger.error({ err }, 'Queued loads could not be started')
      })
      .finally(() => {
        this.#pumping = null
      })
  }

  async #fill(): Promise<void> {
    const { db, leases } = this.#deps
    while (this.#started && this.#pumpAgain && this.#jobs.size < atOnce) {
      this.#pumpAgain = false
      const queued = await db.write.manager.find(Load, { where: { state: 'queued' }, order: { id: 'ASC' } })
      const taken = queued.length > 0 ? await leases.taken() : new Set<string>()
      for (const load of queued) {
        if (!this.#started || this.#jobs.size >= atOnce) return
        if (!taken.has(load.sourceId) && !this.#isBusy(load.sourceId)) this.#run(load, await this.#source(load.sourceId))
      }
    }
  }

  #isBusy(sourceId: string): boolean {
    return [...this.#jobs.values()].some(({ load }) => load.sourceId === sourceId)
  }

  #run(load: Load, source: Source | null): void {
    const job = new LoadJob(this.#deps, load, source)
    this.#jobs.set(load.id, job)
    void job.done.then(() => {
      this.#jobs.delete(load.id)
      this.#pump()
    })
  }

  #lookLater(): void {
    this.#cancelLook = this.#deps.timers.after(lookEvery, () => {
      this.#looking = this.#look().finally(() => {
        this.#looking = null
        if (this.#started) this.#lookLater()
      })
    })
  }

  /** Sees to what no process does: cancels that were asked for elsewhere, loads whose process died, retries that are due. Never throws. */
  async #look(): Promise<void> {
    try {
      await this.#stopCancelled()
      await this.#endAbandoned()
      await this.#retryDue()
      this.#troubled = false
    } catch (err) {
      if (!this.#troubled && this.#started)
        this.#deps.logger.warn({ err }, 'The list of loads cannot be read; it is tried again every second')
      this.#troubled = true
    }
    this.#pump()
  }

  async #stopCancelled(): Promise<void> {
    if (this.#jobs.size === 0) return
    const { manager } = this.#deps.db.write
    for (const { id } of await manager.findBy(Load, { id: In([...this.#jobs.keys()]), cancelRequested: true }))
      this.#jobs.get(id)?.stop(new LoadCancelled())
  }

  async #endAbandoned(): Promise<void> {
    const { db, leases } = this.#deps
    const running = (await db.write.manager.findBy(Load, { state: 'running' })).filter(({ id }) => !this.#jobs.has(id))
    if (running.length === 0) return
    const taken = await leases.taken()
    for (const load of running) if (!taken.has(load.sourceId) && !this.#isBusy(load.sourceId)) await this.#endInterrupted(load)
  }

  /** Ends a load whose process is gone, unless another process is quicker. With tries left it is planned again, for now. */
  async #endInterrupted(load: Load): Promise<void> {
    const { db, clock, leases, observer, changed } = this.#deps
    const lease = await leases.acquire(load.sourceId)
    if (!lease) return
    const finishedAt = clock.now()
    const failure = load.cancelRequested ? toWords(new LoadCancelled()) : interrupted(load.attempt)
    const again = !load.cancelRequested && load.attempt < maxAttempts
    const end = {
      ...{ state: load.cancelRequested ? ('cancelled' as const) : ('failed' as const), finishedAt, retryAt: again ? finishedAt : null },
      ...{ errorCode: failure.code, errorMessage: failure.message },
    }
    const affected = await db.transaction(async (m) => {
      await leases.fence(m, lease)
      return (await m.update(Load, { id: load.id, state: 'running' }, end)).affected
    })
    await leases.release(lease)
    if (affected !== 1) return
    Object.assign(load, end)
    observer.ended(load)
    changed(load)
  }

  /** Only when nothing else has happened to the source since. */
  async #retryDue(): Promise<void> {
    const { db, clock } = this.#deps
    const now = clock.now()
    for (const load of await db.write.manager.findBy(Load, { state: 'failed', retryAt: Between(this.#lookedUntil, now) })) {
      const [last, source] = [await this.#lastLike(load), await this.#source(load.sourceId)]
      const again = { trigger: load.trigger === 'replay' ? load.trigger : ('retry' as const), plannedAt: load.plannedAt }
      if (last?.id === load.id && source && !source.paused) await this.#request(load.sourceId, { ...again, attempt: load.attempt + 1 })
    }
    // A minute of margin, because processes do not have the same clock.
    this.#lookedUntil = new Date(now.getTime() - 60_000)
  }

  /** The newest load of the same source that also asks the source, or that also only runs again what was set aside. */
  #lastLike({ sourceId, trigger }: Load): Promise<Load | null> {
    return this.#deps.db.write.manager.findOne(Load, { where: { sourceId, trigger: alike(trigger) }, order: { id: 'DESC' } })
  }

  async #source(id: string): Promise<Source | null> {
    return (await this.#deps.sources.list()).find((source) => source.id === id) ?? null
  }
}

/** Loads that ask the source, or those that run again what was set aside. */
const alike = (trigger: LoadTrigger) => (trigger === 'replay' ? trigger : Not<LoadTrigger>('replay'))

/** Milliseconds that a version 7 UUID begins with. */
const timeOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

const toWords = (error: HandoverError): { code: string; message: string } => ({ code: error.code, message: error.message })
