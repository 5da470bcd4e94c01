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
const TOO_LONG = 'This line is longer than 4 MB; its beginning is shown.'
const NOT_UTF8 = 'This line is not UTF-8 text; each of its bytes is shown as one character. Save the file as UTF-8.'

const LF = 10
const CR = 13

/** Cuts at line ends, LF or CR LF. */
export const cutLines: Cutter = (bytes, from, last) => {
  const at = bytes.indexOf(LF, from)
  if (at === -1) return last ? { end: bytes.length, next: bytes.length, lines: 1, problem: null } : null
  return { end: at > from && bytes[at - 1] === CR ? at - 1 : at, next: at + 1, lines: 1, problem: null }
}

/**
 * Cuts the bytes of a file up to `size` into records, 1,000 or about 1 MB at a time, with memory that does not grow with the file.
 * Empty lines are left out. A file that has become shorter meanwhile ends where it ends.
 */
export async function* cutFile(handle: FileHandle, size: number, from: Place, cutter: Cutter): AsyncGenerator<Pieces> {
  let place = from
  let end = size
  let bytes: Buffer = Buffer.alloc(0)
  while (place.offset < end) {
    const cut = cutBytes(bytes, place, place.offset + bytes.length >= end, cutter)
    if (cut.end.offset > place.offset) {
      if (cut.pieces.length > 0) yield cut
      bytes = bytes.subarray(cut.end.offset - place.offset)
      place = cut.end
    } else if (bytes.length >= LONGEST_RECORD) {
      const giant = await cutGiant(handle, bytes, place, cutter)
      yield giant
      bytes = Buffer.alloc(0)
      place = giant.end
    } else {
      const more = await read(handle, place.offset + bytes.length, end)
      if (more.length === 0) end = place.offset + bytes.length
      bytes = Buffer.concat([bytes, more])
    }
  }
}

/** Up to 1,000 records that end within these bytes. */
function cutBytes(bytes: Buffer, place: Place, last: boolean, cutter: Cutter): Pieces {
  const cuts: (Cut & { readonly start: number; readonly line: number })[] = []
  let at = 0
  let line = place.line
  while (at < bytes.length && cuts.length < MOST_PIECES) {
    const cut = cutter(bytes, at, last)
    if (cut === null) break
    if (cut.end > at) cuts.push({ start: at, line, end: cut.end, next: cut.next, lines: cut.lines, problem: cut.problem })
    at = cut.next
    line += cut.lines
  }
  const valid = isUtf8(bytes.subarray(0, at))
  const pieces = cuts.map((cut) => pieceOf(bytes.subarray(cut.start, cut.end), cut.line, cut.problem, valid))
  return { pieces, end: { offset: place.offset + at, line, record: place.record + pieces.length } }
}

function pieceOf(bytes: Buffer, line: number, problem: string | null, valid = isUtf8(bytes)): Piece {
  if (valid || isUtf8(bytes)) return { text: bytes.toString('utf8'), line, problem }
  // Latin-1 gives every byte a character of its own, so nothing is lost.
  return { text: bytes.toString('latin1'), line, problem: NOT_UTF8 }
}

/** A record that fills the window without an end: sets its first line aside and finds the next one. */
async function cutGiant(handle: FileHandle, bytes: Buffer, { offset, line, record }: Place, cutter: Cutter): Promise<Pieces> {
  const { end, next, lines, problem } = cutter(bytes, 0, true)!
  const piece = pieceOf(bytes.subarray(0, Math.min(end, SHOWN)), line, problem ?? TOO_LONG)
  const behind = next < bytes.length ? offset + next : await nextLine(handle, offset + bytes.length)
  return { pieces: [piece], end: { offset: behind, line: line + lines, record: record + 1 } }
}

async function nextLine(handle: FileHandle, from: number): Promise<number> {
  for (let offset = from; ; offset += CHUNK) {
    const bytes = await read(handle, offset, offset + CHUNK)
    const at = bytes.indexOf(LF)
    if (at !== -1) return offset + at + 1
    if (bytes.length < CHUNK) return offset + bytes.length
  }
}

/** The next bytes of the file, at most 1 MB and not beyond `end`. */
async function read(handle: FileHandle, from: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - from))
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from)
  return buffer.subarray(0, bytesRead)
}
