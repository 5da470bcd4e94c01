import type { Json } from '@handover/sdk'
import { turn } from '../shared/turn.ts'
import { openBalance, type Counts } from './balance.ts'
import { Batch } from './batch.ts'
import { BatchWriter, type Target } from './batch-writer.ts'
import { beginning, readCheckpoint, type Checkpoint } from './checkpoint.ts'
import { firstToWait, noteComparisons, type Comparison } from './held.ts'
import { HeldError, TooManyBadError } from './load-errors.ts'
import { extracted, leftovers, type FeedContext, type LandedPage } from './page-feed.ts'
import { quiet } from './quiet.ts'
import { emptyQuarantine } from './quarantine.ts'
import { partitionsOf } from './partitions.ts'
import type { RunContext } from './run-context.ts'
import type { StreamPlan } from './stream-plan.ts'

/** A stream fails when more than this share of at least so many records is bad. */
const badShare = 0.05
const badMinimum = 100

/** It fails at its end when all of at least so many records are bad, which is no accident. */
const allBadMinimum = 10

/** Rows are written at least this often, so that a slow source shows its progress. */
const longestWait = 1_000

/** Work is cut here, so that the server answers in between. */
const longestStretch = 5

/** Loads one stream: what lies in the lake first, then what the source has. Ends when everything is in the tables. */
export class StreamRun {
  readonly #run: RunContext
  readonly #plan: StreamPlan
  readonly #feed: FeedContext
  #targets: Target[] = []
  #writer!: BatchWriter
  #batch: Batch
  #checkpoint: Checkpoint = beginning
  /** Cursors of the newest pages that were met, written or not. */
  readonly #cursors = new Map<string, Json>()
  readonly #ended = new AbortController()
  readonly #closing: Promise<unknown>[] = []
  /** The one batch that is written while the next one is filled. When it failed, so does everything that waits for it, and nothing is written after it. */
  #writing: Promise<void> = Promise.resolve()
  #flushedAt = performance.now()
  #turnedAt = performance.now()

  constructor(run: RunContext, plan: StreamPlan) {
    this.#run = run
    this.#plan = plan
    this.#batch = new Batch(plan.datasets, run.warehouse.rowsPerBatch)
    const { lake, load, source, tracer } = run
    const signal = AbortSignal.any([run.signal, this.#ended.signal])
    this.#feed = {
      source: { sourceId: source.id, slug: source.slug, loadId: load.id },
      ...{ lake, signal, tracer, connector: { ...run.connector, signal } },
      fence: (m) => run.leases.fence(m, run.lease),
      landed: (records, bytes) => this.#landed(records, bytes),
    }
  }

  /** Throws what ended the stream early; what was committed until then stays, and the next load goes on from there. */
  async run(): Promise<readonly Target[]> {
    try {
      await this.#open()
      if (!this.#plan.replaces) await this.#consume(leftovers(this.#feed, this.#plan, this.#checkpoint))
      const partitions = partitionsOf(this.#plan, this.#feed.connector, this.#run.warehouse)
      await this.#consume(extracted(this.#feed, this.#plan, partitions, this.#cursors))
      await this.#finish()
      this.#refuseAllBad()
      if (this.#plan.replaces) await this.#finishReplace()
    } catch (error) {
      await this.#writing.catch(() => undefined)
      await this.#dropStaging()
      throw error
    } finally {
      this.#ended.abort()
      await Promise.allSettled(this.#closing)
    }
    return this.#targets
  }

  async #open(): Promise<void> {
    const { db, source, load, lease, warehouse } = this.#run
    const { name, datasets, replaces } = this.#plan
    for (const { table } of datasets) {
      for (const statement of await warehouse.prepare(table)) this.#run.log.add('info', 'The table was made ready.', { statement })
      const isReplaced = table.shape.load === 'replace'
      const written = isReplaced ? await warehouse.startReplace(table, lease.epoch) : table
      const totals = await db.transaction(async (m) => {
        await this.#run.leases.fence(m, lease)
        if (isReplaced)
          await emptyQuarantine(m, { sourceId: source.id, slug: source.slug, dataset: table.shape.name, stream: name, loadId: load.id })
        return openBalance(m, load.id, table.shape.name, isReplaced)
      })
      this.#targets.push({ table, written, replaces: isReplaced, totals, seen: 0, bad: 0, why: null })
    }
    this.#writer = new BatchWriter(this.#run, name, this.#targets)
    if (replaces) return
    this.#checkpoint = await readCheckpoint(db.write.manager, source.id, name)
    for (const [partition, cursor] of this.#checkpoint.cursors) this.#cursors.set(partition, cursor)
  }

  /** What was read before a source failed is written; after a stop it stays in the lake. */
  async #consume(pages: AsyncGenerator<LandedPage>): Promise<void> {
    try {
      for (;;) {
        const next = await this.#next(pages)
        if (next.done) return
        const facts = { 'handover.records': next.value.records.count - next.value.from }
        await this.#run.tracer.step('transform', facts, () => this.#take(next.value))
      }
    } catch (error) {
      if (!this.#run.signal.aborted) await this.#finish()
      throw error
    } finally {
      this.#closing.push(pages.return(undefined))
    }
  }

  /** The next page. When it is long in coming, what is there is written meanwhile, and what fails then is not left for later. */
  async #next(pages: AsyncGenerator<LandedPage>): Promise<IteratorResult<LandedPage>> {
    const next = quiet(pages.next())
    let timer: NodeJS.Timeout | undefined
    const wait = Math.max(0, this.#flushedAt + longestWait - performance.now())
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, wait, 'late')))
    try {
      if ((await Promise.race([next, late])) === 'late') await this.#finish()
    } finally {
      clearTimeout(timer)
    }
    return next
  }

  async #take({ part, from, records, partition, cursor }: LandedPage): Promise<void> {
    for (let line = from; line < records.count; line++) {
      if (this.#batch.full) await this.#flush()
      this.#batch.add(records, { part, line, partition })
      if ((line & 31) === 31 && performance.now() - this.#turnedAt > longestStretch) await this.#rest()
    }
    if (cursor !== undefined) {
      this.#cursors.set(partition, cursor)
      this.#batch.cursors.set(partition, cursor)
    }
    if (performance.now() - this.#flushedAt > longestWait) await this.#flush()
    this.#run.signal.throwIfAborted()
  }

  async #rest(): Promise<void> {
    await turn()
    this.#turnedAt = performance.now()
    this.#run.signal.throwIfAborted()
  }

  /** Has the batch written once the one before it is, and goes on with an empty one. */
  async #flush(): Promise<void> {
    const batch = this.#batch
    if (!batch.pending) return
    await this.#writing
    this.#run.signal.throwIfAborted()
    this.#batch = new Batch(this.#plan.datasets, this.#run.warehouse.rowsPerBatch)
    await turn()
    this.#writing = quiet(this.#write(batch))
    this.#flushedAt = this.#turnedAt = performance.now()
  }

  /** Waits until everything that was read is written. */
  async #finish(): Promise<void> {
    await this.#flush()
    await this.#writing
  }

  async #write(batch: Batch): Promise<void> {
    const { part, line } = this.#checkpoint
    const reached = {
      cursors: batch.cursors,
      part: batch.records > 0 ? batch.part : part,
      line: batch.records > 0 ? batch.line : line,
    }
    await this.#run.tracer.step('write', { 'handover.records': batch.records }, async (step) => {
      await this.#writer.write(batch, this.#plan.replaces ? null : reached)
      const sum = (name: keyof Counts) => batch.datasets.reduce((total, { counts }) => total + counts[name], 0)
      for (const name of ['inserted', 'updated', 'unchanged', 'removed'] as const) step.know({ [`handover.rows.${name}`]: sum(name) })
    })
    this.#checkpoint = reached
    this.#run.changed()
    this.#run.media?.want(this.#plan.datasets, batch)
    this.#refuseTooManyBad()
  }

  #refuseTooManyBad(): void {
    const worst = this.#targets.find(({ seen, bad }) => seen >= badMinimum && bad > seen * badShare)
    if (worst) throw new TooManyBadError(worst.table.shape.name, worst, badShare)
  }

  #refuseAllBad(): void {
    const worst = this.#targets.find(({ seen, bad }) => seen >= allBadMinimum && bad === seen)
    if (worst) throw new TooManyBadError(worst.table.shape.name, worst, badShare)
  }

  async #finishReplace(): Promise<void> {
    const { warehouse } = this.#run
    const comparisons: Comparison[] = []
    for (const { table, written, replaces } of this.#targets) {
      if (!replaces) continue
      const [before, after] = [await warehouse.rowCount(table), await warehouse.rowCount(written)]
      comparisons.push({ dataset: table.shape.name, before, after })
    }
    await this.#askBeforeLoss(comparisons)
    await this.#run.tracer.step('swap', {}, () => this.#writer.swap(this.#checkpoint))
  }

  async #askBeforeLoss(comparisons: readonly Comparison[]): Promise<void> {
    const { db, leases, lease, load } = this.#run
    const waits = await firstToWait(db.write.manager, load, comparisons)
    if (!waits) return
    await db.transaction(async (m) => {
      await leases.fence(m, lease)
      await noteComparisons(m, load.id, comparisons)
    })
    throw new HeldError(waits.dataset, waits.before, waits.after)
  }

  /** Only while the lease is ours: what a new owner is filling must stay. */
  async #dropStaging(): Promise<void> {
    const { db, leases, lease, warehouse } = this.#run
    const replaced = this.#targets.filter(({ replaces }) => replaces)
    if (replaced.length === 0) return
    try {
      await db.transaction((m) => leases.fence(m, lease))
      for (const { table } of replaced) await warehouse.dropStaging(table, lease.epoch)
    } catch (err) {
      this.#run.log.add('warning', 'A half filled table could not be removed; the next load removes it.', { reason: String(err) })
    }
  }

  #landed(records: number, bytes: number): void {
    const { load, observer, probe } = this.#run
    load.pages++
    load.records += records
    load.bytes += bytes
    observer.landed(load, records)
    probe?.('landed')
  }
}
