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

/** Finds the end of the record that begins at `from`; null when more text is needed. With `last` there is no more, and it must decide. */
export type Cutter = (text: string, from: number, last: boolean) => Cut | null

const CHUNK = 1 << 19
const MOST_PIECES = 1000
/** A longer record is set aside; this much is held in memory at most. */
const LONGEST_RECORD = 4 << 20
const SHOWN = 1000
const TOO_LONG = 'This line is longer than 4 MB; its beginning is shown.'
const NOT_UTF8 = 'This line is not UTF-8 text; each of its bytes is shown as one character. Save the file as UTF-8.'

const LF = 10
const CR = 13

/** Cuts at line ends, LF or CR LF. */
export const cutLines: Cutter = (text, from, last) => {
  const at = text.indexOf('\n', from)
  if (at === -1) return last ? { end: text.length, next: text.length, lines: 1, problem: null } : null
  return { end: at > from && text.charCodeAt(at - 1) === CR ? at - 1 : at, next: at + 1, lines: 1, problem: null }
}

/**
 * Cuts the bytes of a file up to `size` into records, at most 1,000 at a time, with memory that does not grow with the file.
 * Empty lines are left out. A file that has become shorter meanwhile ends where it ends.
 */
export async function* cutFile(handle: FileHandle, size: number, from: Place, cutter: Cutter): AsyncGenerator<Pieces> {
  let place = from
  let end = size
  let bytes: Buffer = Buffer.alloc(0)
  while (place.offset < end) {
    const start = place.offset
    for (const cut of cutBytes(bytes, place, start + bytes.length >= end, cutter)) {
      if (cut.pieces.length > 0) yield cut
      place = cut.end
    }
    if (place.offset > start) {
      bytes = bytes.subarray(place.offset - start)
    } else if (bytes.length >= LONGEST_RECORD) {
      const giant = await cutGiant(handle, bytes, place, cutter)
      yield giant
      bytes = Buffer.alloc(0)
      place = giant.end
    } else {
      const more = await read(handle, place.offset + bytes.length, end)
      if (more.length === 0) end = place.offset + bytes.length
      bytes = bytes.length === 0 ? more : Buffer.concat([bytes, more])
    }
  }
}

/** The records that end within these bytes. They are read as one text, because that is many times faster than one text for each. */
function* cutBytes(bytes: Buffer, from: Place, last: boolean, cutter: Cutter): Generator<Pieces> {
  // Whole lines only, so that no character is cut through.
  const lines = last ? bytes : bytes.subarray(0, bytes.lastIndexOf(LF) + 1)
  const valid = isUtf8(lines)
  // Latin-1 gives every byte a character of its own, so nothing is lost.
  const text = lines.toString(valid ? 'utf8' : 'latin1')
  let { offset, line, record } = from
  let at = 0
  while (at < text.length) {
    const start = at
    const pieces: Piece[] = []
    while (at < text.length && pieces.length < MOST_PIECES) {
      const cut = cutter(text, at, last)
      if (cut === null) break
      if (cut.end > at) pieces.push(pieceOf(text.slice(at, cut.end), line, cut.problem, valid))
      at = cut.next
      line += cut.lines
    }
    if (at === start) return
    offset += text.length === lines.length ? at - start : Buffer.byteLength(text.slice(start, at))
    record += pieces.length
    yield { pieces, end: { offset, line, record } }
  }
}

function pieceOf(text: string, line: number, problem: string | null, valid: boolean): Piece {
  if (valid) return { text, line, problem }
  const bytes = Buffer.from(text, 'latin1')
  return isUtf8(bytes) ? { text: bytes.toString('utf8'), line, problem } : { text, line, problem: NOT_UTF8 }
}

/** A record that fills the window without an end: sets its first line aside and finds the next one. */
async function cutGiant(handle: FileHandle, bytes: Buffer, { offset, line, record }: Place, cutter: Cutter): Promise<Pieces> {
  const text = bytes.toString('latin1')
  const { end, next, lines, problem } = cutter(text, 0, true)!
  const piece = pieceOf(text.slice(0, Math.min(end, shownOf(bytes))), line, problem ?? TOO_LONG, false)
  const behind = next < bytes.length ? offset + next : await nextLine(handle, offset + bytes.length)
  return { pieces: [piece], end: { offset: behind, line: line + lines, record: record + 1 } }
}

/** How many bytes of a long record are shown: no character of UTF-8 is cut through, or all of it would be taken for none. */
function shownOf(bytes: Buffer): number {
  let end = SHOWN
  while (end > SHOWN - 4 && (bytes[end]! & 0xc0) === 0x80) end--
  return end
}

async function nextLine(handle: FileHandle, from: number): Promise<number> {
  for (let offset = from; ; offset += CHUNK) {
    const bytes = await read(handle, offset, offset + CHUNK)
    const at = bytes.indexOf(LF)
    if (at !== -1) return offset + at + 1
    if (bytes.length < CHUNK) return offset + bytes.length
  }
}

/** The next bytes of the file, at most 512 kB and not beyond `end`. */
async function read(handle: FileHandle, from: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, end - from))
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from)
  return buffer.subarray(0, bytesRead)
}
