import type { Json, Outcome } from '@handover/sdk'
import type { Op } from '../warehouse/warehouse.service.ts'
import { noCounts, type Counts } from './balance.ts'
import type { PageRecords } from './page-records.ts'
import type { PlannedDataset } from './stream-plan.ts'

/** Characters of raw text; the values of a batch take a few times as much memory, and two batches are there at once. */
const mostCharacters = 4_000_000

/** Where a record lies in the lake, and the key of the partition that it came in. */
interface RecordOrigin {
  readonly part: number
  readonly line: number
  readonly partition: string
}

/** A record or a row that was set aside; `item` is −1 for a whole record. */
export interface SetAside {
  readonly part: number
  readonly line: number
  readonly item: number
  readonly code: string
  readonly column: string | null
  readonly reason: string
  readonly raw: string
}

/** What one transaction writes for one dataset. */
export interface DatasetBatch {
  readonly ops: Op[]
  readonly setAside: SetAside[]
  readonly counts: Counts
  /** Records of which at least a part was set aside. */
  badRecords: number
}

/** What one transaction writes: the rows of whole records, in the order of the lake. */
export class Batch {
  readonly #plan: readonly PlannedDataset[]
  readonly #mostRows: number
  readonly datasets: readonly DatasetBatch[]
  records = 0
  part = 0
  /** Place after the last record. */
  line = 0
  /** Cursors of the last pages that end in this batch, by partition. */
  readonly cursors = new Map<string, Json>()
  #rows = 0
  #characters = 0
  #widest = 1

  /** `mostRows` is how many rows the database likes in one transaction. */
  constructor(plan: readonly PlannedDataset[], mostRows: number) {
    this.#plan = plan
    this.#mostRows = mostRows
    this.datasets = plan.map(() => ({ ops: [], setAside: [], counts: noCounts(), badRecords: 0 }))
  }

  /** True when another record might be too much for one transaction. */
  get full(): boolean {
    return this.#rows + this.#widest > this.#mostRows || this.#characters >= mostCharacters
  }

  /** True when something would be written, be it only that records are done. */
  get pending(): boolean {
    return this.records > 0 || this.cursors.size > 0
  }

  /** Makes the rows of one record, for every dataset. Never throws for a bad record. */
  add(records: PageRecords, origin: RecordOrigin): void {
    const record = records.take(origin.line)
    let made = 0
    for (let index = 0; index < this.datasets.length; index++) {
      const outcome = this.#plan[index]!.rows(record, origin.partition)
      made += this.#note(this.datasets[index]!, outcome, records, origin)
    }
    this.records++
    this.part = origin.part
    this.line = origin.line + 1
    this.#rows += made
    this.#characters += records.length(origin.line)
    if (made > this.#widest) this.#widest = made
  }

  /** Gives how many operations the record became. */
  #note(batch: DatasetBatch, outcome: Outcome, records: PageRecords, { part, line }: RecordOrigin): number {
    const { ops, setAside, counts } = batch
    counts.read++
    if (outcome.kind === 'filtered') {
      counts.filtered++
      return 0
    }
    if (outcome.kind === 'rejected') {
      counts.quarantinedRecords++
      batch.badRecords++
      setAside.push({ part, line, item: -1, code: outcome.code, column: null, reason: outcome.reason, raw: records.text(line) })
      return 1
    }
    counts.transformed++
    const before = setAside.length
    for (let item = 0; item < outcome.items.length; item++) {
      const { values, deletedKey, rejected } = outcome.items[item]!
      if (values) ops.push({ values, part, line, item })
      else if (deletedKey) ops.push({ deletedKey, part, line, item })
      else setAside.push({ part, line, item, ...rejected!, raw: records.text(line) })
      if (!deletedKey) counts.made++
    }
    counts.quarantinedRows += setAside.length - before
    if (setAside.length > before) batch.badRecords++
    return outcome.items.length
  }
}
