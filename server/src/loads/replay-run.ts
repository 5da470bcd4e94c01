import type { EntityManager } from 'typeorm'
import type { LakePart } from '../lake/lake.service.ts'
import type { Op, Table } from '../warehouse/warehouse.service.ts'
import { addCounts, noCounts, openBalance, writeBalance, type Counts } from './balance.ts'
import { settleReplayed } from './quarantine.ts'
import { givenUp, nextSlice, placeName, type QuarantineSlice } from './quarantine-slice.ts'
import { Replay } from './replay.entity.ts'
import { ReplayOutcome } from './replay-outcome.ts'
import { partsWithin, reachOf, recordsOf, recordsSetAside, type Reach } from './replay-reach.ts'
import type { RunContext } from './run-context.ts'
import type { PlannedDataset, StreamPlan } from './stream-plan.ts'

/** What a replay of one dataset came to. */
export interface Replayed {
  readonly table: Table
  readonly totals: Counts
}

/**
 * Runs what was set aside of one dataset again, from the lake and without asking the source. Nothing is written before everything that was
 * read since has been looked through, so at no moment does an old record stand over a newer row, and a replay that ends early leaves the
 * table as it was. Ops, entries of the quarantine, balance and place are one transaction.
 */
export class ReplayRun {
  readonly #run: RunContext
  readonly #plan: StreamPlan
  readonly #dataset: PlannedDataset
  readonly #of: { readonly sourceId: string; readonly dataset: string }
  #totals: Counts = noCounts()

  constructor(run: RunContext, plan: StreamPlan, dataset: PlannedDataset) {
    this.#run = run
    this.#plan = plan
    this.#dataset = dataset
    this.#of = { sourceId: run.source.id, dataset: dataset.table.shape.name }
  }

  /** Throws what ended it early; what was committed until then stays, and the next try goes on from there. */
  async run(): Promise<Replayed> {
    const { db, load, lease, leases, log, warehouse } = this.#run
    const { table } = this.#dataset
    for (const statement of await warehouse.prepare(table)) log.add('info', 'The table was made ready.', { statement })
    this.#totals = await db.transaction(async (m) => {
      await leases.fence(m, lease)
      return openBalance(m, load.id, table.shape.name, false)
    })
    const reach = await reachOf(this.#run, this.#plan, table)
    for (let slice = await this.#next(reach); slice; slice = await this.#next(reach)) await this.#replay(slice, reach)
    return { table, totals: this.#totals }
  }

  async #next({ loadId }: Reach): Promise<QuarantineSlice | null> {
    const { manager } = this.#run.db.write
    const asked = await manager.findOneBy(Replay, this.#of)
    return asked ? nextSlice(manager, { ...this.#of, ...(loadId !== null && { loadId }) }, asked) : null
  }

  async #replay(slice: QuarantineSlice, reach: Reach): Promise<void> {
    const outcome = new ReplayOutcome(this.#dataset.table, await givenUp(this.#run.db.write.manager, this.#of, slice.first))
    const parts = await partsWithin(this.#run, this.#plan, reach, slice.first)
    const { parse } = this.#plan
    for await (const { text, partition, ...place } of recordsSetAside(this.#run, parts, slice, reach))
      outcome.concern(place, this.#dataset.rows(parse(text), partition))
    for await (const { text, partition, ...place } of this.#records(parts, slice, reach))
      outcome.take(place, text, this.#dataset.rows(parse(text), partition), slice.entries.get(placeName(place)))
    await this.#write(slice, outcome)
  }

  /** Where rows are only added, a later record says nothing about an earlier row. */
  #records(parts: readonly LakePart[], slice: QuarantineSlice, reach: Reach) {
    const isAppend = this.#dataset.table.shape.load === 'append'
    return isAppend ? recordsSetAside(this.#run, parts, slice, reach) : recordsOf(this.#run, parts, slice, reach)
  }

  async #write(slice: QuarantineSlice, outcome: ReplayOutcome): Promise<void> {
    const pieces = outcome.pieces()
    for (const [index, ops] of pieces.entries()) {
      const counts = countsOf(outcome, ops, index === 0)
      await this.#transaction(async (m, at) => {
        await this.#writeOps(m, ops, counts, at)
        if (index === pieces.length - 1) await this.#settle(m, slice, outcome, at)
      })
      addCounts(this.#totals, counts)
      this.#run.observer.written(this.#run.load, this.#dataset.table.shape.name, counts)
      this.#run.probe?.('after-write')
      this.#run.changed()
    }
  }

  async #transaction(work: (m: EntityManager, at: Date) => Promise<void>): Promise<void> {
    const { db, leases, lease, clock, probe, signal } = this.#run
    signal.throwIfAborted()
    probe?.('before-write')
    await db.transaction(async (m) => {
      await leases.fence(m, lease)
      await work(m, clock.now())
      probe?.('in-write')
    })
  }

  async #writeOps(m: EntityManager, ops: readonly Op[], counts: Counts, at: Date): Promise<void> {
    const { load, warehouse } = this.#run
    const { table } = this.#dataset
    if (ops.length > 0) {
      const { inserted, updated, unchanged, removed } = await warehouse.write(m, table, { loadId: load.id, at, ops })
      Object.assign(counts, { inserted, updated, unchanged, removed })
    }
    const totals = { ...this.#totals }
    addCounts(totals, counts)
    await writeBalance(m, load.id, table.shape.name, totals)
  }

  async #settle(m: EntityManager, { last }: QuarantineSlice, outcome: ReplayOutcome, at: Date): Promise<void> {
    const { source, load } = this.#run
    const place = { ...this.#of, slug: source.slug, stream: this.#plan.name, loadId: load.id }
    await settleReplayed(m, place, at, outcome)
    await m.update(Replay, this.#of, { part: last.part, line: last.line })
  }
}

/** The counts of one piece: rows where they are written, everything else with the first. */
function countsOf({ counts }: ReplayOutcome, ops: readonly Op[], isFirst: boolean): Counts {
  const made = ops.filter((op) => 'values' in op).length
  return isFirst ? { ...counts, made: made + counts.superseded + counts.quarantinedRows } : { ...noCounts(), made }
}
