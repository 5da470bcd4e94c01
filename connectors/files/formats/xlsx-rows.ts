import { plainText, type Book } from './xlsx-book.ts'
import { dateOf } from './xlsx-dates.ts'
import type { Parts } from './xlsx-parts.ts'
import { readXml } from './xml.ts'

const MOST_COLUMNS = 16_384

/** A cell that shows an error such as `#DIV/0!`. */
export class CellError {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A row of a sheet: its number, counted from 1, and its cells from column A on. */
export interface SheetRow {
  readonly number: number
  readonly cells: readonly unknown[]
}

/** The rows of a sheet in their order, those without any value left out. */
export async function* sheetRows(parts: Parts, book: Book): AsyncGenerator<readonly SheetRow[]> {
  let rows: SheetRow[] = []
  let number = 0
  let cells: unknown[] = []
  let column = 0
  let type = ''
  let style = 0
  let text: string | null = null
  let isText = false
  const pieces = readXml(parts.bytes(book.sheet), {
    open(tag, attributes) {
      if (tag === 'row') {
        number = Number(attributes['r'] ?? number + 1)
        cells = []
        column = 0
      } else if (tag === 'c') {
        const place = attributes['r']
        if (place !== undefined) column = columnOf(place)
        type = attributes['t'] ?? 'n'
        style = Number(attributes['s'] ?? 0)
        text = null
      } else isText = tag === 'v' || tag === 't'
    },
    text(part) {
      if (isText) text = (text ?? '') + part
    },
    close(tag) {
      isText = false
      if (tag === 'c') {
        if (column >= MOST_COLUMNS) throw new Error(`It has more than ${MOST_COLUMNS} cells in one row.`)
        while (cells.length < column) cells.push(null)
        cells[column] = text === null ? null : valueOf(text, type, style, book)
        if (cells[column] === undefined)
          throw new Error(`It has no text ${text!.slice(0, 20)}, which the cell ${lettersOf(column)}${number} shows.`)
        column++
      } else if (tag === 'row' && cells.some((cell) => cell !== null)) rows.push({ number, cells })
    },
  })
  for await (const _ of pieces) {
    if (rows.length > 0) yield rows
    rows = []
  }
  if (rows.length > 0) yield rows
}

/** `C7` is column 2. */
function columnOf(place: string): number {
  let column = 0
  for (let at = 0; at < place.length; at++) {
    const letter = place.charCodeAt(at) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  if (column < 1 || column > MOST_COLUMNS) throw new Error(`It has a cell at ${place.slice(0, 20)}.`)
  return column - 1
}

/** The letters of a column, counted from 0. */
export function lettersOf(column: number): string {
  const before = Math.floor(column / 26)
  return (before > 0 ? lettersOf(before - 1) : '') + String.fromCharCode(65 + (column % 26))
}

/** Undefined for a text that is not there. */
function valueOf(text: string, type: string, style: number, { texts, styles, is1904 }: Book): unknown {
  switch (type) {
    case 's':
      return texts[Number(text)]
    case 'b':
      return text === '1' || text === 'true'
    case 'e':
      return text === '#N/A' ? null : new CellError(text)
    case 'n':
      return numberOf(text, styles[style] ?? null, is1904)
    default:
      return plainText(text)
  }
}

/**
 * Workbooks hold numbers as JavaScript does, written with more digits than they need. Only other programs than Excel write whole numbers with
 * more digits than that holds, and mean them.
 */
function numberOf(text: string, style: Book['styles'][number], is1904: boolean): unknown {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number)) return text.trim() === '' ? null : text
  if (!Number.isSafeInteger(number) && /^-?\d{1,40}$/.test(text)) return BigInt(text)
  return style === null ? number : dateOf(number, style, is1904)
}
