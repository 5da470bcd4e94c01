import type { LoadMode } from '@handover/sdk'
import type { EntityManager } from 'typeorm'
import type { Table } from '../warehouse/warehouse.service.ts'
import { addCounts, countsBeforeSwap, writeBalance, type Counts } from './balance.ts'
import type { Batch, DatasetBatch } from './batch.ts'
import { writeCheckpoint, type Checkpoint } from './checkpoint.ts'
import { Load } from './load.entity.ts'
import { quarantine, resolveEarlier, type Known, type QuarantinePlace } from './quarantine.ts'
import type { RunContext } from './run-context.ts'

/** A dataset while its stream is being loaded. */
export interface Target {
  readonly table: Table
  /** Where rows go: the table itself, or the one that a replace fills beside it. */
  readonly written: Table
  readonly replaces: boolean
  readonly totals: Counts
  /** Records that were written since the load began or went on. */
  seen: number
  /** Of these, records of which at least a part was set aside. */
  bad: number
  /** Why the first of them was; null when there is none. */
  why: string | null
}

/** Writes the batches of one stream. Fence, rows, quarantine, balance and checkpoint are one transaction, so none is ever without the others. */
export class BatchWriter {
  readonly #run: RunContext
  readonly #stream: string
  readonly #targets: readonly Target[]

  constructor(run: RunContext, stream: string, targets: readonly Target[]) {
    this.#run = run
    this.#stream = stream
    this.#targets = targets
  }

  /** `checkpoint` is null while a replace is being filled: until it is done, the next load begins again. */
  async write(batch: Batch, checkpoint: Checkpoint | null): Promise<void> {
    const { db, leases, lease, clock, probe } = this.#run
    probe?.('before-write')
    await db.transaction(async (m) => {
      await leases.check(m, lease)
      const at = clock.now()
      for (const [index, target] of this.#targets.entries()) await this.#writeRows(m, target, batch.datasets[index]!, at)
      // Behind the rows: it keeps pages from landing until the end of the transaction.
      await leases.fence(m, lease)
      for (const [index, target] of this.#targets.entries()) await this.#writeCounts(m, target, batch.datasets[index]!, at)
      await this.#writeLoad(m)
      probe?.('in-write')
      if (checkpoint) await this.#writeCheckpoint(m, checkpoint, at)
    })
    for (const [index, target] of this.#targets.entries()) this.#settle(target, batch.datasets[index]!)
    probe?.('after-write')
  }

  /** Makes filled replaces the tables that everybody sees, all at once. */
  async swap(checkpoint: Checkpoint): Promise<void> {
    const { db, leases, lease, clock, probe, warehouse, load } = this.#run
    await db.transaction(async (m) => {
      await leases.fence(m, lease)
      for (const { table, replaces, totals } of this.#targets) {
        if (!replaces) continue
        await warehouse.finishReplace(m, table, lease.epoch)
        await writeBalance(m, load.id, table.shape.name, totals)
        await resolveEarlier(m, this.#place(table))
      }
      probe?.('in-swap')
      await this.#writeCheckpoint(m, checkpoint, clock.now())
    })
    probe?.('swapped')
    await warehouse.showReplaced(this.#targets.filter(({ replaces }) => replaces).map(({ table }) => table))
    probe?.('after-swap')
  }

  async #writeRows(m: EntityManager, target: Target, { ops, counts }: DatasetBatch, at: Date): Promise<void> {
    const { load, warehouse } = this.#run
    if (ops.length === 0) return
    const { inserted, updated, unchanged, superseded, removed } = await warehouse.write(m, target.written, { loadId: load.id, at, ops })
    Object.assign(counts, { inserted, updated, unchanged, superseded, removed })
  }

  async #writeCounts(m: EntityManager, target: Target, { setAside, counts }: DatasetBatch, at: Date): Promise<void> {
    const { load } = this.#run
    const { name, load: mode } = target.table.shape
    await quarantine(m, this.#place(target.table), at, this.#known(mode), setAside)
    const totals = { ...target.totals }
    addCounts(totals, counts)
    await writeBalance(m, load.id, name, target.replaces ? countsBeforeSwap(totals) : totals)
  }

  /** A merge meets a record again as what it was. A replace begins anew, but keeps what a person decided about a record that comes again. */
  #known(mode: LoadMode): Known | null {
    if (mode === 'append') return null
    return { before: this.#run.firstTry, states: mode === 'merge' ? ['open', 'discarded'] : ['discarded'] }
  }

  async #writeLoad(m: EntityManager): Promise<void> {
    const { id, pages, records, bytes } = this.#run.load
    await m.update(Load, { id }, { pages, records, bytes })
  }

  async #writeCheckpoint(m: EntityManager, checkpoint: Checkpoint, at: Date): Promise<void> {
    const { load, lease, source } = this.#run
    await writeCheckpoint(m, { sourceId: source.id, stream: this.#stream, epoch: lease.epoch, loadId: load.id, at }, checkpoint)
  }

  #place(table: Table): QuarantinePlace {
    const { source, load } = this.#run
    return { sourceId: source.id, slug: source.slug, dataset: table.shape.name, stream: this.#stream, loadId: load.id }
  }

  #settle(target: Target, { counts, badRecords, setAside }: DatasetBatch): void {
    const { load, observer } = this.#run
    observer.written(load, target.table.shape.name, counts)
    addCounts(target.totals, counts)
    target.seen += counts.read
    target.bad += badRecords
    target.why ??= setAside[0]?.reason ?? null
  }
}
