import type { Json } from '@handover/sdk'
import { kindOfValue } from '@handover/sdk/infer'
import type { StreamDefinition } from './definition/schema.ts'
import { valueAt } from './value-at.ts'

/** Follows the largest value of a field through the pages of one load. */
export class Watermark {
  readonly #field: string | null
  readonly #start: Json
  #largest: Json
  #last: Json = null
  #isAscending: boolean

  constructor({ cursor }: StreamDefinition, start: Json) {
    this.#field = cursor?.field ?? null
    this.#start = start
    this.#largest = start
    this.#isAscending = cursor?.oldestFirst ?? false
  }

  /** Takes the records of a page in. */
  add(records: readonly unknown[]): void {
    if (this.#field === null) return
    for (const record of records) {
      const value = markOf(valueAt(record, this.#field))
      if (value === null) continue
      if (this.#last !== null && compare(value, this.#last) < 0) this.#isAscending = false
      this.#last = value
      if (this.#largest === null || compare(value, this.#largest) > 0) this.#largest = value
    }
  }

  /** True for a record that lies behind where this load began; in an append the others are there already. */
  isNew = (record: unknown): boolean => {
    if (this.#field === null || this.#start === null) return true
    const value = markOf(valueAt(record, this.#field))
    return value === null || compare(value, this.#start) > 0
  }

  /**
   * The cursor once this page is committed: none while older records may still come, because a load that is broken off would then never
   * read them.
   */
  after(isLastPage: boolean): { readonly cursor?: Json } {
    if (this.#field === null || this.#largest === null || !(isLastPage || this.#isAscending)) return {}
    return { cursor: this.#largest }
  }
}

/** A value that has an order, as JSON holds it. */
function markOf(value: unknown): string | number | null {
  if (typeof value === 'bigint') return value.toString()
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? value : null
}

/** Numbers by their size (also when they are written as text), times by when they are, everything else by its letters. */
function compare(one: Json, other: Json): number {
  const [a, b] = [String(one), String(other)]
  if (/^-?\d+$/.test(a) && /^-?\d+$/.test(b)) return sign(BigInt(a) - BigInt(b))
  if (typeof one === 'number' && typeof other === 'number') return sign(one - other)
  if (isTime(a) && isTime(b)) {
    const difference = Date.parse(a) - Date.parse(b)
    if (difference !== 0) return sign(difference)
  }
  return a < b ? -1 : a > b ? 1 : 0
}

const sign = (difference: number | bigint): number => (difference > 0 ? 1 : difference < 0 ? -1 : 0)

const isTime = (text: string): boolean => ['instant', 'date'].includes(kindOfValue(text, true) ?? '')
