import { parseRecord, stringifyJson, textOf } from './json.ts'

/** A record together with the text it was read from. Made with `rawRecord` or `unreadable`. */
export class RawRecord {
  readonly text: string
  readonly value: unknown
  /** Why the text could not be read; null when it could. */
  readonly problem: string | null

  constructor(text: string, value: unknown, problem: string | null = null) {
    this.text = text
    this.value = value
    this.problem = problem
  }
}

/** A record whose own text is not JSON, such as a line of CSV; the lake keeps `text`, `transform` gets `value`. */
export const rawRecord = (text: string, value: unknown): RawRecord => new RawRecord(text, value)

/** A record that could not be read: the lake keeps `text`, the host sets it aside with the reason, and the rest loads. */
export const unreadable = (text: string, reason: string): RawRecord => new RawRecord(text, null, reason)

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
    return unreadable(text, error instanceof Error ? error.message : 'The text of this record cannot be read.')
  }
}
