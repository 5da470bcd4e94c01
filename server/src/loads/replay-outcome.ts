import type { CompiledDataset } from '@handover/sdk'
import { keyOf, type Op, type Table } from '../warehouse/warehouse.service.ts'
import { noCounts } from './balance.ts'
import type { SetAside } from './batch.ts'
import { placeName, type OpenEntry, type RecordPlace } from './quarantine-slice.ts'

type Outcome = ReturnType<CompiledDataset['rows']>
type Items = Extract<Outcome, { kind: 'rows' }>['items']

/** An entry that still does not fit, with what is said about it now. */
export type Misfit = Pick<OpenEntry, 'id' | 'code' | 'column' | 'reason'>

/** Rows of one transaction. */
const mostOps = 5_000
const mostBytes = 8_000_000

/**
 * What running records again comes to, before anything is written. Takes records in the order of the lake: those that were set aside, and
 * later ones as far as they speak about the same rows, so that the last word on each row is the newest one.
 */
export class ReplayOutcome {
  readonly counts = noCounts()
  /** Entries that are open no longer. */
  readonly fitting: number[] = []
  /** Entries that stay, where what is said about them has changed. */
  readonly misfits: Misfit[] = []
  /** Rows that do not fit, of records that were set aside as a whole before. */
  readonly fresh: SetAside[] = []
  readonly #nameOf: (op: Op) => string
  readonly #givenUp: ReadonlySet<string>
  /** Names of the rows that the records set aside speak about. */
  readonly #rows = new Set<string>()
  readonly #ops = new Map<string, { op: Op; bytes: number }>()

  /** `givenUp` names what a person discarded, as `givenUp()` of the slice does: it is left out. */
  constructor(table: Table, givenUp: ReadonlySet<string>) {
    this.#nameOf = namer(table)
    this.#givenUp = givenUp
  }

  /** Notes which rows a record that was set aside speaks about. Call it for all of them before the first `take`. */
  concern(place: RecordPlace, outcome: Outcome): void {
    if (outcome.kind === 'rows') for (const op of this.#opsOf(place, outcome.items)) this.#rows.add(this.#nameOf(op))
  }

  /** Takes one record. `entries` are its own; undefined for a record that was never set aside. */
  take(place: RecordPlace, raw: string, outcome: Outcome, entries: readonly OpenEntry[] | undefined): void {
    if (entries) this.#takeSetAside(place, raw, outcome, entries)
    else if (outcome.kind === 'rows') this.#takeLater(place, raw, outcome.items)
  }

  /** What is to be written, each row once, in pieces of one transaction; the first piece may be empty. */
  pieces(): Op[][] {
    const pieces: Op[][] = [[]]
    let bytes = 0
    for (const { op, bytes: more } of this.#ops.values()) {
      if (pieces.at(-1)!.length === mostOps || bytes >= mostBytes) {
        pieces.push([])
        bytes = 0
      }
      pieces.at(-1)!.push(op)
      bytes += more
    }
    return pieces
  }

  #takeSetAside(place: RecordPlace, raw: string, outcome: Outcome, entries: readonly OpenEntry[]): void {
    this.counts.read++
    if (outcome.kind === 'filtered') {
      this.counts.filtered++
      this.fitting.push(...entries.map(({ id }) => id))
    } else if (outcome.kind === 'rejected') {
      this.counts.quarantinedRecords++
      for (const entry of entries) this.#stays(entry, { code: outcome.code, column: null, reason: outcome.reason })
    } else {
      this.counts.transformed++
      this.#write(this.#opsOf(place, outcome.items), raw)
      this.#settleRows(place, raw, outcome.items, entries)
    }
  }

  #settleRows(place: RecordPlace, raw: string, items: Items, entries: readonly OpenEntry[]): void {
    const known = new Map(entries.map((entry) => [entry.item, entry]))
    for (const [item, { rejected }] of items.entries()) {
      if (!rejected || this.#isGivenUp(place, item)) continue
      this.counts.made++
      this.counts.quarantinedRows++
      const entry = known.get(item)
      known.delete(item)
      if (entry) this.#stays(entry, rejected)
      else this.fresh.push({ part: place.part, line: place.line, item, ...rejected, raw })
    }
    this.fitting.push(...[...known.values()].map(({ id }) => id))
  }

  #takeLater(place: RecordPlace, raw: string, items: Items): void {
    const ops = this.#opsOf(place, items).filter((op) => this.#rows.has(this.#nameOf(op)))
    if (ops.length === 0) return
    this.counts.read++
    this.counts.transformed++
    this.#write(ops, raw)
  }

  #write(ops: readonly Op[], raw: string): void {
    for (const op of ops) {
      const name = this.#nameOf(op)
      if ('values' in op) this.counts.made++
      const before = this.#ops.get(name)
      if (before && 'values' in before.op) this.counts.superseded++
      this.#ops.set(name, { op, bytes: raw.length })
    }
  }

  #stays(entry: OpenEntry, { code, column, reason }: Omit<Misfit, 'id'>): void {
    if (entry.code === code && entry.column === column && entry.reason === reason) return
    this.misfits.push({ id: entry.id, code, column, reason })
  }

  #opsOf({ part, line }: RecordPlace, items: Items): Op[] {
    return items.flatMap(({ values, deletedKey }, item): Op[] => {
      if (this.#isGivenUp({ part, line }, item)) return []
      if (values) return [{ values, part, line, item }]
      return deletedKey ? [{ deletedKey, part, line, item }] : []
    })
  }

  #isGivenUp(place: RecordPlace, item: number): boolean {
    return this.#givenUp.has(placeName(place)) || this.#givenUp.has(`${placeName(place)}/${item}`)
  }
}

/** Names the row that an operation is about. Values are as the rules of the sdk made them, so equal keys have equal texts. */
function namer({ shape }: Table): (op: Op) => string {
  if (shape.load === 'append') return ({ part, line, item }) => `${part}/${line}/${item}`
  const places = keyOf(shape).map((name) => shape.columns.findIndex((column) => column.name === name))
  return (op) => JSON.stringify('deletedKey' in op ? op.deletedKey.map(String) : places.map((place) => String(op.values[place])))
}
