import { inspect } from 'node:util'
import { RawRecord, recordText, unreadable } from '@handover/sdk'
import type { Head } from '../lake/lake.service.ts'

/** The records of one page, each to be taken once: what a record was made into must not outlive its turn. */
export class PageRecords {
  /** Texts without their heads. */
  readonly texts: readonly string[]
  readonly heads: readonly Head[]
  readonly #take: (line: number) => unknown

  private constructor(texts: readonly string[], heads: readonly Head[], take: (line: number) => unknown) {
    this.texts = texts
    this.heads = heads
    this.#take = take
  }

  /** Records as a connector gave them. */
  static of(given: readonly unknown[]): PageRecords {
    const records: unknown[] = given.slice()
    const heads: Head[] = []
    let head = ''
    const texts = records.map((record, from) => {
      const { head: own, rest } = partsOf(record, (broken) => (records[from] = broken))
      if (own !== head) heads.push({ from, text: (head = own) })
      return rest
    })
    const take = (line: number): unknown => {
      const record = records[line]
      records[line] = undefined
      return record
    }
    return new PageRecords(texts, heads, take)
  }

  /** Records from whole texts of the lake. */
  static again(texts: readonly string[], parse: (text: string) => unknown): PageRecords {
    return new PageRecords(texts, [], (line) => parse(texts[line]!))
  }

  static readonly none = new PageRecords([], [], () => null)

  get count(): number {
    return this.texts.length
  }

  take(line: number): unknown {
    return this.#take(line)
  }

  /** Characters of the text of a record, without its head. */
  length(line: number): number {
    return this.texts[line]!.length
  }

  /** The whole text of a record. */
  text(line: number): string {
    return (this.heads.findLast(({ from }) => from <= line)?.text ?? '') + this.texts[line]!
  }
}

/** The text of a record; one that JSON cannot carry is kept as well as it can be shown, and set aside. */
function partsOf(record: unknown, replace: (broken: unknown) => void): { readonly head: string; readonly rest: string } {
  if (record instanceof RawRecord) return record
  try {
    return { head: '', rest: recordText(record) }
  } catch (error) {
    const rest = inspect(record, { depth: 10, maxArrayLength: null, maxStringLength: null })
    replace(unreadable(rest, error instanceof Error ? error.message : String(error)))
    return { head: '', rest }
  }
}
