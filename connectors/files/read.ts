import { parseJson, recordText, type RawRecord } from '@handover/sdk'
import type { Declared } from '@handover/sdk/infer'
import { csvCutter, sniffDelimiter } from './csv.ts'
import { cutFile, cutLines, type Cutter, type Place } from './cut.ts'
import { FileFault } from './formats/file-fault.ts'
import type { Content } from './locations/location.ts'
import { csvRecords, detailOf, jsonLines, jsonRecord, problemRecord, readHeader, type Header, type MakeRecord } from './record.ts'

/** Some records of a file, and where reading goes on behind them. */
export interface Batch {
  readonly records: readonly RawRecord[]
  readonly end: Place
  /** True for the one record that says why a file cannot be read, or not to its end. */
  readonly isFault?: boolean
  /** What the file itself says about its columns, where it has a schema; in its first batch. */
  readonly columns?: ReadonlyMap<string, Declared>
}

/** Where every file begins. */
export const START: Place = { offset: 0, line: 1, record: 0 }

const HEAD_BYTES = 65_536
const LARGEST_LIST = 50 * 1000 ** 2
const LIST_BATCH = 1000
const LF = 10
const CR = 13

/**
 * The records of a text file from `from` on, at most 1,000 at a time. Throws a `FileFault` for a file that cannot be read at all.
 * `listPath` says where a JSON file keeps its records; empty when that is plain.
 */
export async function* readText(file: Content, from: Place, listPath: string): AsyncGenerator<Batch> {
  if (file.format === 'json') yield* readList(file, from, listPath)
  else if (file.format === 'ndjson') yield* readLines(file, from)
  else yield* readCsv(file, from)
}

async function* readCsv(file: Content, from: Place): AsyncGenerator<Batch> {
  const { header, body } = await openCsv(file)
  yield* readPieces(file, from.offset === 0 ? body : from, csvCutter(header.delimiter), csvRecords(file.path, header))
}

async function* readLines(file: Content, from: Place): AsyncGenerator<Batch> {
  const start = { ...START, offset: beginning(await readHead(file)) }
  yield* readPieces(file, from.offset === 0 ? start : from, cutLines, jsonLines(file.path))
}

async function* readPieces(file: Content, from: Place, cutter: Cutter, make: MakeRecord): AsyncGenerator<Batch> {
  for await (const { pieces, end } of cutFile(file.handle, file.size, from, cutter)) {
    const before = end.record - pieces.length
    const records = pieces.map(({ text, line, problem }, index) => {
      const record = before + index + 1
      return problem === null ? make(record, line, text) : problemRecord(file.path, record, line, text, problem)
    })
    yield { records, end }
  }
}

/** The header of a CSV file, and where its first record begins. */
async function openCsv(file: Content): Promise<{ header: Header; body: Place }> {
  const head = await readHead(file)
  const isWhole = head.length === file.size
  let start = beginning(head)
  // Excel writes the delimiter into a line of its own on request.
  const wish = /^sep=(.)\r?\n/i.exec(head.toString('latin1', start, start + 8))
  if (wish !== null) start += wish[0].length
  const delimiter = wish?.[1] ?? (/\.(tsv|tab)$/i.test(file.path) ? '\t' : sniffDelimiter(head.subarray(start), isWhole))
  const cutter = csvCutter(delimiter)
  // One character for each byte.
  const text = head.toString('latin1')
  let line = wish === null ? 1 : 2
  for (let at = start; at < head.length;) {
    const cut = cutter(text, at, isWhole)
    if (cut === null) throw new FileFault('Its first line, which should name the columns, is longer than 64 kB.')
    line += cut.lines
    if (cut.end > at) {
      if (cut.problem !== null) throw new FileFault(`Its first line, which should name the columns, cannot be read. ${cut.problem}`)
      return { header: readHeader(head.toString('utf8', at, cut.end), delimiter), body: { offset: cut.next, line, record: 0 } }
    }
    at = cut.next
  }
  return { header: { delimiter, text: '', names: [] }, body: { offset: file.size, line, record: 0 } }
}

async function readHead(file: Content): Promise<Buffer> {
  const { buffer, bytesRead } = await file.handle.read(Buffer.alloc(Math.min(HEAD_BYTES, file.size)), 0, Math.min(HEAD_BYTES, file.size), 0)
  return buffer.subarray(0, bytesRead)
}

/** Where the text begins: behind the mark that some programs put in front of UTF-8. Throws a `FileFault` for what is no UTF-8 text. */
function beginning(head: Buffer): number {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
    throw new FileFault('This file is saved as UTF-16; save it as UTF-8.')
  if (head.includes(0)) throw new FileFault('This is not a text file.')
  if (head.includes(CR) && !head.includes(LF))
    throw new FileFault('Its lines end with CR alone, as old Macs wrote them; save it with LF or CR LF.')
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
}

/** Reads a JSON file in one piece: a list, an object that holds one, or an object that is the one record. */
async function* readList(file: Content, from: Place, listPath: string): AsyncGenerator<Batch> {
  if (file.size === 0) return
  const elements = listIn(parseWhole(await readWhole(file)), listPath)
  for (let record = from.record; record < elements.length; record += LIST_BATCH) {
    const batch = elements.slice(record, record + LIST_BATCH)
    const end = record + batch.length
    const records = batch.map((element, index) => elementRecord(file.path, record + index + 1, element))
    yield { records, end: { offset: end === elements.length ? file.size : 1, line: 1, record: end } }
  }
}

function elementRecord(path: string, record: number, element: unknown): RawRecord {
  const text = recordText(element)
  const value = asRecord(element)
  return value === null
    ? problemRecord(path, record, null, text, `Element ${record} of the list is not an object with names and values.`)
    : jsonRecord(path, record, text, value)
}

async function readWhole(file: Content): Promise<string> {
  if (file.size > LARGEST_LIST)
    throw new FileFault(
      'This JSON file is larger than 50 MB, and JSON is read in one piece. Save it as NDJSON (one record per line) or CSV, or split it.',
    )
  const bytes = Buffer.alloc(file.size)
  const { bytesRead } = await file.handle.read(bytes, 0, file.size, 0)
  const start = beginning(bytes.subarray(0, 3))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, bytesRead))
  } catch {
    throw new FileFault('This file is not UTF-8 text; save it as UTF-8.')
  }
}

function parseWhole(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw new FileFault(`This file is not whole or not JSON. ${detailOf(error)}`)
  }
}

/** The records of a JSON file: at the path, or in the one list of objects that it holds, or the file itself. */
function listIn(value: unknown, listPath: string): readonly unknown[] {
  if (listPath !== '') {
    const found = listPath.split('.').reduce<unknown>((part, name) => asRecord(part)?.[name], value)
    if (!Array.isArray(found)) throw new FileFault(`There is no list at "${listPath}" in this file.`, 'records')
    return found
  }
  if (Array.isArray(value)) return value
  const record = asRecord(value)
  if (record === null) throw new FileFault('This file holds neither a list of records nor one record.')
  const lists = Object.entries(record).filter(
    (entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && asRecord(entry[1][0]) !== null,
  )
  if (lists.length > 1)
    throw new FileFault(
      `This file holds more than one list (${lists.map(([name]) => name).join(', ')}); say in the settings which one is meant.`,
      'records',
    )
  return lists[0]?.[1] ?? [record]
}

const asRecord = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
