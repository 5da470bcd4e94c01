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
  return (text, from, last) => {
    const newline = text.indexOf('\n', from)
    if (text.slice(from, newline === -1 ? text.length : newline).includes('"')) return cutQuoted(text, from, last, separator)
    return newline === -1 && !last ? null : cutAt(text, from, newline, 1)
  }
}

/** `newline` is -1 where the record ends with the file. */
function cutAt(text: string, from: number, newline: number, lines: number, problem: string | null = null): Cut {
  const end = newline === -1 ? text.length : newline
  return {
    end: end > from && text.charCodeAt(end - 1) === CR ? end - 1 : end,
    next: newline === -1 ? end : newline + 1,
    lines,
    problem,
  }
}

function cutQuoted(text: string, from: number, last: boolean, separator: number): Cut | null {
  let at = from
  for (;;) {
    if (text.charCodeAt(at) === QUOTE) {
      const close = closingQuote(text, at + 1, last)
      if (close === null) return last ? broken(text, from) : null
      at = close + 1
      if (text.charCodeAt(at) === CR && (text.charCodeAt(at + 1) === LF || (last && at + 1 === text.length))) at++
      if (!last && at + 1 >= text.length && text.charCodeAt(at) !== LF) return null
    } else {
      while (at < text.length && text.charCodeAt(at) !== separator && text.charCodeAt(at) !== LF) at++
    }
    if (at >= text.length) return last ? cutAt(text, from, -1, linesIn(text, from, at)) : null
    if (text.charCodeAt(at) === LF) return cutAt(text, from, at, linesIn(text, from, at))
    if (text.charCodeAt(at) !== separator) return broken(text, from)
    at++
  }
}

/** The quote that closes a cell, with doubled ones passed over; null when it is not in this text, or might be a doubled one. */
function closingQuote(text: string, from: number, last: boolean): number | null {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) {
    if (at + 1 === text.length && !last) return null
    if (text.charCodeAt(at + 1) !== QUOTE) return at
  }
  return null
}

const broken = (text: string, from: number): Cut => cutAt(text, from, text.indexOf('\n', from), 1, BROKEN)

function linesIn(text: string, from: number, end: number): number {
  let lines = 1
  for (let at = text.indexOf('\n', from); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/** The cells of one record that `csvCutter` found whole. */
export function cellsOf(text: string, delimiter: string): Cell[] {
  if (!text.includes('"')) return plainCells(text.split(delimiter))
  const cells: Cell[] = []
  let at = 0
  while (at <= text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter)
    cells.push(cell.value)
    at = cell.end + 1
  }
  return cells
}

/** In place: this runs for every record of a load. */
function plainCells(cells: Cell[]): Cell[] {
  for (let index = 0; index < cells.length; index++) if (cells[index] === '') cells[index] = null
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
  // One character for each byte.
  const text = head.toString('latin1')
  const widths: number[] = []
  let at = 0
  while (at < text.length && widths.length < ROWS_TRIED) {
    const cut = cutter(text, at, isWholeFile)
    if (cut === null) break
    if (cut.end > at) widths.push(cut.problem === null ? cellsOf(head.toString('utf8', at, cut.end), delimiter).length : 0)
    at = cut.next
  }
  return widths
}
