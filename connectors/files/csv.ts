import { type Cut, type Cutter } from './cut.ts'

/** A cell: its text, or null when nothing at all stands between two delimiters. */
export type Cell = string | null

const LF = 10
const CR = 13
const QUOTE = 34
const BROKEN = 'A cell in quotes is never closed, or text follows its closing quote.'

/**
 * Cuts CSV as RFC 4180 has it: a cell that begins with a quote ends with one, doubles those inside and may hold line ends. Elsewhere a quote is a
 * character like any other. Of a record with broken quotes only the first line is given up, so that one stray quote does not swallow the file.
 */
export function csvCutter(delimiter: string): Cutter {
  const separator = delimiter.charCodeAt(0)
  return (bytes, from, last) => {
    const newline = bytes.indexOf(LF, from)
    const lineEnd = newline === -1 ? bytes.length : newline
    const quote = bytes.subarray(from, lineEnd).indexOf(QUOTE)
    if (quote !== -1) return cutQuoted(bytes, from, last, separator)
    return newline === -1 && !last ? null : cutAt(bytes, from, newline, 1)
  }
}

/** `newline` is -1 where the record ends with the file. */
function cutAt(bytes: Buffer, from: number, newline: number, lines: number, problem: string | null = null): Cut {
  const end = newline === -1 ? bytes.length : newline
  return { end: end > from && bytes[end - 1] === CR ? end - 1 : end, next: newline === -1 ? end : newline + 1, lines, problem }
}

function cutQuoted(bytes: Buffer, from: number, last: boolean, separator: number): Cut | null {
  let at = from
  for (;;) {
    if (bytes[at] === QUOTE) {
      const close = closingQuote(bytes, at + 1, last)
      if (close === null) return last ? broken(bytes, from) : null
      at = close + 1
      if (bytes[at] === CR && (bytes[at + 1] === LF || (last && at + 1 === bytes.length))) at++
      if (!last && at + 1 >= bytes.length) return null
    } else {
      while (at < bytes.length && bytes[at] !== separator && bytes[at] !== LF) at++
    }
    if (at >= bytes.length) return last ? cutAt(bytes, from, -1, linesIn(bytes, from, at)) : null
    if (bytes[at] === LF) return cutAt(bytes, from, at, linesIn(bytes, from, at))
    if (bytes[at] !== separator) return broken(bytes, from)
    at++
  }
}

/** The quote that closes a cell, with doubled ones passed over; null when it is not among these bytes, or might be a doubled one. */
function closingQuote(bytes: Buffer, from: number, last: boolean): number | null {
  for (let at = bytes.indexOf(QUOTE, from); at !== -1; at = bytes.indexOf(QUOTE, at + 2)) {
    if (at + 1 === bytes.length && !last) return null
    if (bytes[at + 1] !== QUOTE) return at
  }
  return null
}

const broken = (bytes: Buffer, from: number): Cut => cutAt(bytes, from, bytes.indexOf(LF, from), 1, BROKEN)

function linesIn(bytes: Buffer, from: number, end: number): number {
  let lines = 1
  for (let at = bytes.indexOf(LF, from); at !== -1 && at < end; at = bytes.indexOf(LF, at + 1)) lines++
  return lines
}

/** The cells of one record that `csvCutter` found whole. */
export function cellsOf(text: string, delimiter: string): Cell[] {
  if (!text.includes('"')) return text.split(delimiter).map((cell) => (cell === '' ? null : cell))
  const cells: Cell[] = []
  let at = 0
  while (at <= text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter)
    cells.push(cell.value)
    at = cell.end + 1
  }
  return cells
}

function plainCell(text: string, from: number, delimiter: string): { value: Cell; end: number } {
  const found = text.indexOf(delimiter, from)
  const end = found === -1 ? text.length : found
  return { value: end === from ? null : text.slice(from, end), end }
}

function quotedCell(text: string, open: number): { value: Cell; end: number } {
  let close = text.indexOf('"', open + 1)
  while (text[close + 1] === '"') close = text.indexOf('"', close + 2)
  return { value: text.slice(open + 1, close).replaceAll('""', '"'), end: close + 1 }
}

const DELIMITERS = [',', ';', '\t', '|']
const ROWS_TRIED = 20

/** The delimiter that cuts the first lines into the same number of cells, and into most of them. */
export function sniffDelimiter(head: Buffer, isWholeFile: boolean): string {
  let best = { delimiter: ',', agreement: 0, width: 1 }
  for (const delimiter of DELIMITERS) {
    const widths = firstWidths(head, isWholeFile, delimiter)
    const width = widths[0] ?? 1
    const agreement = width === 1 ? 0 : widths.filter((other) => other === width).length / widths.length
    if (agreement > best.agreement || (agreement === best.agreement && width > best.width)) best = { delimiter, agreement, width }
  }
  return best.delimiter
}

function firstWidths(head: Buffer, isWholeFile: boolean, delimiter: string): number[] {
  const cutter = csvCutter(delimiter)
  const widths: number[] = []
  let at = 0
  while (at < head.length && widths.length < ROWS_TRIED) {
    const cut = cutter(head, at, isWholeFile)
    if (cut === null) break
    if (cut.end > at) widths.push(cut.problem === null ? cellsOf(head.toString('utf8', at, cut.end), delimiter).length : 0)
    at = cut.next
  }
  return widths
}
