import { HandoverError, SourceError, stringifyJson, type RawRecord } from '@handover/sdk'
import type { Place } from '../cut.ts'
import type { Content } from '../locations/location.ts'
import { headerNames } from '../names.ts'
import type { Batch } from '../read.ts'
import { problemRecord } from '../record.ts'
import { FileFault } from './file-fault.ts'
import { rowRecords } from './row-records.ts'
import { openBook } from './xlsx-book.ts'
import { Parts } from './xlsx-parts.ts'
import { CellError, lettersOf, sheetRows, type SheetRow } from './xlsx-rows.ts'

const BATCH = 1000

/** Reads one sheet of a workbook row by row; its first row names the columns. `place.record` is the number of rows read. */
export async function* readSheet(file: Content, from: Place, sheet: string): AsyncGenerator<Batch> {
  try {
    yield* readRows(file, from, sheet)
  } catch (error) {
    if (error instanceof FileFault || error instanceof HandoverError) throw error
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error
    const { size } = await file.handle.stat()
    if (size < file.size) throw new SourceError(`The file ${file.path} became shorter while it was read.`, { cause: error })
    throw new FileFault(`This workbook cannot be read; it is damaged. ${(error as Error).message}`, null, error)
  }
}

async function* readRows(file: Content, from: Place, sheet: string): AsyncGenerator<Batch> {
  const parts = await Parts.of(file)
  const book = await openBook(parts, sheet)
  let makeRecord: ((row: SheetRow, record: number) => RawRecord) | null = null
  let record = 0
  let records: RawRecord[] = []
  for await (const rows of sheetRows(parts, book)) {
    for (const row of rows) {
      if (makeRecord === null) makeRecord = recordMaker(file.path, row)
      else if (++record > from.record) records.push(makeRecord(row, record))
      if (records.length < BATCH) continue
      yield { records, end: { offset: 1, line: 1, record } }
      records = []
    }
  }
  if (records.length > 0) yield { records, end: { offset: 1, line: 1, record } }
}

function recordMaker(file: string, header: SheetRow): (row: SheetRow, record: number) => RawRecord {
  const width = header.cells.findLastIndex((cell) => cell !== null) + 1
  const names = headerNames(header.cells.slice(0, width).map((cell) => (cell === null ? null : textOf(cell))))
  const makeRecord = rowRecords(file, names)
  return ({ number, cells }, record) => {
    const problem = problemOf(number, cells, width)
    return problem === null
      ? makeRecord(record, cells)
      : problemRecord(file, record, number, stringifyJson(cells.map(textOrValue)), problem)
  }
}

/** What is wrong with a row; null when nothing is. */
function problemOf(number: number, cells: readonly unknown[], width: number): string | null {
  for (let column = 0; column < cells.length; column++) {
    const cell = cells[column]
    if (cell instanceof CellError) return `Cell ${lettersOf(column)}${number} shows the error ${cell.text}.`
    if (column >= width && cell !== null)
      return `Cell ${lettersOf(column)}${number} has a value, but the first row gives that column no name.`
  }
  return null
}

const textOf = (cell: unknown): string => (cell instanceof CellError ? cell.text : String(cell))
const textOrValue = (cell: unknown): unknown => (cell instanceof CellError ? cell.text : cell)
