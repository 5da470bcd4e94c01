import { isUtf8 } from 'node:buffer'
import type { FileHandle } from 'node:fs/promises'

/** Where reading goes on: at this byte, which begins this line (counted from 1), after this many records. */
export interface Place {
  readonly offset: number
  readonly line: number
  readonly record: number
}

/** The text of one record as it stands in the file. */
export interface Piece {
  readonly text: string
  readonly line: number
  /** Why it is no record; null when it may be one. */
  readonly problem: string | null
}

/** Some pieces, and the place behind them. */
export interface Pieces {
  readonly pieces: Piece[]
  readonly end: Place
}

/** Where a record ends and the next begins, and how many lines lie between. */
export interface Cut {
  readonly end: number
  readonly next: number
  readonly lines: number
  readonly problem: string | null
}

/** Finds the end of the record that begins at `from`; null when more bytes are needed. With `last` there are no more, and it must decide. */
export type Cutter = (bytes: Buffer, from: number, last: boolean) => Cut | null

const CHUNK = 1 << 20
const MOST_PIECES = 1000
/** A longer record is set aside; this much is held in memory at most. */
const LONGEST_RECORD = 4 << 20
const SHOWN = 1000

const LF = 10
const CR = 13

/** Cuts at line ends, LF or CR LF. */
export const cutLines: Cutter = (bytes, from, last) => {
  const at = bytes.indexOf(LF, from)
  if (at === -1) return last ? { end: bytes.length, next: bytes.length, lines: 1, problem: null } : null
  return { end: at > from && bytes[at - 1] === CR ? at - 1 : at, next: at + 1, lines: 1, problem: null }
}

/** Cuts the bytes of a file up to `size` into records, 1,000 or about 1 MB at a time, with memory that does not grow with the file. Empty lines are left out. */
export async function* cutFile(handle: FileHandle, size: number, from: Place, cutter: Cutter): AsyncGenerator<Pieces> {
  let place = from
  let bytes = await read(handle, size, place.offset, Buffer.alloc(0))
  while (bytes.length > 0) {
    const isLast = place.offset + bytes.length >= size
    const cut = cutBytes(bytes, place, isLast, cutter)
    if (cut.pieces.length > 0) yield cut
    const used = cut.end.offset - place.offset
    const isStuck = used === 0
    place = cut.end
    if (isStuck && bytes.length >= LONGEST_RECORD) {
      const giant = cutter(bytes, 0, true)!
      if (giant.next < bytes.length) {
        place = { offset: place.offset + giant.next, line: place.line + giant.lines, record: place.record + 1 }
        yield { pieces: [{ text: textOf(bytes, 0, Math.min(giant.end, SHOWN)), line: place.line - giant.lines, problem: giant.problem ?? TOO_LONG }], end: place }
        bytes = bytes.subarray(giant.next)
      } else {
        const line = place.line
        const text = textOf(bytes, 0, SHOWN)
        place = { offset: await nextLine(handle, size, place.offset + bytes.length), line: line + 1, record: place.record + 1 }
        yield { pieces: [{ text, line, problem: TOO_LONG }], end: place }
        bytes = Buffer.alloc(0)
      }
    } else bytes = bytes.subarray(used)
    if (isStuck || !hasRecord(bytes, cutter)) bytes = await read(handle, size, place.offset + bytes.length, bytes)
  }
}
