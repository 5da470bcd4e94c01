import { parseRecord, stringifyJson, textOf } from './json.ts'

/**
 * A record together with the text it was read from: `head`, which many records may share, and `rest`. Made with `rawRecord`, `unreadable` or
 * `laterRecord`.
 */
export class RawRecord {
  readonly head: string
  readonly rest: string
  #value: unknown
  #problem: string | null
  #read: ((rest: string) => unknown) | null

  constructor(text: string, value: unknown, problem: string | null = null, later: Later = NOTHING_LATER) {
    this.head = later.head
    this.rest = text
    this.#value = value
    this.#problem = problem
    this.#read = later.read
  }

  get text(): string {
    return this.head + this.rest
  }

  get value(): unknown {
    if (this.#read !== null) this.#open(this.#read)
    return this.#value
  }

  /** Why the text could not be read; null when it could. */
  get problem(): string | null {
    if (this.#read !== null) this.#open(this.#read)
    return this.#problem
  }

  #open(read: (rest: string) => unknown): void {
    this.#read = null
    try {
      this.#value = read(this.rest)
    } catch (error) {
      this.#problem = reasonOf(error)
    }
  }
}

/** What records share that are read later. */
export interface Later {
  /** How the text of each of them begins. */
  readonly head: string
  /** Makes the value of the rest of a text; what it throws says why there is none. Pure, as `parse` is. */
  readonly read: ((rest: string) => unknown) | null
}

const NOTHING_LATER: Later = { head: '', read: null }

/** A record whose own text is not JSON, such as a line of CSV; the lake keeps `text`, `transform` gets `value`. */
export const rawRecord = (text: string, value: unknown): RawRecord => new RawRecord(text, value)

/** A record that could not be read: the lake keeps `text`, the host sets it aside with the reason, and the rest loads. */
export const unreadable = (text: string, reason: string): RawRecord => new RawRecord(text, null, reason)

/**
 * A record that is read when its turn comes, so that a page of them is no more than its text. Its own text is `later.head` and `rest`, of
 * which the lake keeps the head once.
 */
export const laterRecord = (later: Later, rest: string): RawRecord => new RawRecord(rest, null, null, later)

/** The record's own text, byte for byte as the source sent it where that is known, else written out as JSON without losing digits. */
export function recordText(record: unknown): string {
  if (record instanceof RawRecord) return record.text
  return textOf(record) ?? stringifyJson(record)
}

/** The record as `transform` gets it. */
export const recordValue = (record: unknown): unknown => (record instanceof RawRecord ? record.value : record)

/**
 * Makes a record from its own text again, as a replay does. A text that cannot be read becomes an `unreadable` record, so this never throws.
 * `parse` is the stream's own.
 */
export function readRecord(text: string, parse: (text: string) => unknown = parseRecord): RawRecord {
  try {
    const value = parse(text)
    return value instanceof RawRecord ? value : rawRecord(text, value)
  } catch (error) {
    return unreadable(text, reasonOf(error))
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'The text of this record cannot be read.')
