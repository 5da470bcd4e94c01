import {
  HandoverError,
  laterRecord,
  parseJson,
  parseRecord as parseJsonRecord,
  rawRecord,
  RecordError,
  unreadable,
  type RawRecord,
} from '@handover/sdk'
import { cellsOf, type Cell } from './csv.ts'
import { headerNames } from './names.ts'

/** A record as `transform` gets it. */
export interface FileRecord {
  readonly file: string
  /** Which record of the file it is, counted from 1. */
  readonly record: number
  /** Values by their names in the file; null when the record was in the file once and is no longer. */
  readonly values: Readonly<Record<string, unknown>> | null
  /** True when the file says what is a number and what is text (JSON); false when all of it is text (CSV). */
  readonly typed: boolean
}

/** What the header of a CSV file says. */
export interface Header {
  readonly delimiter: string
  /** The header's own text. */
  readonly text: string
  readonly names: readonly string[]
}

/** Reads a header; a `RecordError` says why it is none. */
export function readHeader(text: string, delimiter: string): Header {
  const names = headerNames(cellsOf(text, delimiter))
  if (text.includes('\0')) throw new RecordError('This is not a text file.')
  return { delimiter, text, names }
}

// The lake keeps texts only, and must make sense without the file: so each text says where it stood, under which header, and what stood there.
// All but the last is the same for every record of a file and kept once.

/** Makes the record of a line: which record of the file it is, on which line it begins, and what stands there. */
export type MakeRecord = (record: number, line: number, text: string) => RawRecord

/** Makes the records of one CSV file. */
export function csvRecords(file: string, header: Header): MakeRecord {
  const names = `"delimiter":${JSON.stringify(header.delimiter)},"header":${JSON.stringify(header.text)}`
  const later = { head: `{"file":${JSON.stringify(file)},${names},"record":`, read: csvReader(file, header) }
  return (record, line, text) => laterRecord(later, `${record},"line":${line},"text":${JSON.stringify(text)}}`)
}

/** Makes the records of one NDJSON file. */
export function jsonLines(file: string): MakeRecord {
  const later = { head: `{"file":${JSON.stringify(file)},"record":`, read: jsonReader(file) }
  return (record, line, text) => laterRecord(later, `${record},"line":${line},"value":${text}}`)
}

/** Makes a record from JSON text that is known to be one object, whose parsed form is `value`. */
export function jsonRecord(file: string, record: number, text: string, value: object): RawRecord {
  const values = flatten(value)
  return rawRecord(`{"file":${JSON.stringify(file)},"record":${record},"value":${text}}`, { file, record, values, typed: true })
}

/** A record that is set aside; `line` is null where there are no lines to count. */
export function problemRecord(file: string, record: number, line: number | null, text: string, problem: string): RawRecord {
  return unreadable(JSON.stringify({ file, record, line, problem, text }), placed(file, line, problem))
}

/** Says that a file has become shorter and this record is gone. */
export function goneRecord(file: string, record: number): RawRecord {
  return rawRecord(JSON.stringify({ file, record, gone: true }), { file, record, values: null, typed: true })
}

/** Makes a record from its text again. Throws a `RecordError` for what cannot be read. */
export function parseRecord(text: string): FileRecord {
  const [head, file] = JSON_HEAD.exec(text) ?? []
  // The value may be anything, so it is never read together with what we wrote around it.
  if (file !== undefined) return jsonReader(JSON.parse(file) as string)(text.slice(head!.length))
  const kept = parseJson(text)
  if (kept.problem !== undefined) throw new RecordError(placed(kept.file, kept.line, kept.problem))
  if (kept.gone === true) return { file: kept.file, record: kept.record, values: null, typed: true }
  if (kept.row !== undefined) return { file: kept.file, record: kept.record, values: kept.row, typed: true }
  const { names } = readHeader(kept.header, kept.delimiter)
  const cells = cellsOf(kept.text, kept.delimiter)
  if (cells.length !== names.length) throw new RecordError(placed(kept.file, kept.line, cellFault(cells.length, names.length)))
  // A reader written out as code is slower than this when it reads one record only.
  const values = Object.fromEntries(names.map((name, index) => [name, cells[index]]))
  return { file: kept.file, record: kept.record, values, typed: false }
}

const JSON_HEAD = /^\{"file":("(?:[^"\\]|\\.)*"),"record":(?=\d+(?:,"line":\d+)?,"value":)/

/** Reads what follows the head of a CSV record. */
function csvReader(file: string, { names, delimiter }: Header): (rest: string) => FileRecord {
  const byName = namer(names)
  return (rest) => {
    const quoted = rest.slice(rest.indexOf(TEXT) + TEXT.length, -1)
    const cells = cellsOf(quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1), delimiter)
    if (cells.length === names.length) return { file, record: Number.parseInt(rest, 10), values: byName(cells), typed: false }
    throw new RecordError(placed(file, lineIn(rest), cellFault(cells.length, names.length)))
  }
}

/** Reads what follows the head of a JSON record. */
function jsonReader(file: string): (rest: string) => FileRecord {
  return (rest) => {
    const value = valueOf(rest.slice(rest.indexOf(VALUE) + VALUE.length, -1))
    if (typeof value !== 'string') return { file, record: Number.parseInt(rest, 10), values: flatten(value), typed: true }
    throw new RecordError(placed(file, lineIn(rest), value))
  }
}

const TEXT = '"text":'
const VALUE = '"value":'

function lineIn(rest: string): number | null {
  const line = /^\d+,"line":(\d+)/.exec(rest)?.[1]
  return line === undefined ? null : Number(line)
}

/** The object that a text holds, or why it holds none. */
function valueOf(text: string): object | string {
  try {
    const value: unknown = parseJsonRecord(text)
    return isObject(value) ? value : 'This is JSON, but not an object with names and values.'
  } catch (error) {
    return `This is not JSON. ${detailOf(error)}`
  }
}

/** What the parser said of a text. */
export const detailOf = (error: unknown): string => (error instanceof HandoverError ? (error.detail ?? error.message) : String(error))

const placed = (file: string, line: number | null, problem: string): string =>
  line === null ? `${file}: ${problem}` : `${file}, line ${line}: ${problem}`

const cellFault = (cells: number, names: number): string =>
  `This line has ${cells} ${cells === 1 ? 'cell' : 'cells'}, but the header has ${names}.`

/** Puts cells under their names. Written out as code, which makes objects of one form, many times faster; `headerNames` gives no `__proto__`. */
function namer(names: readonly string[]): (cells: readonly Cell[]) => Record<string, Cell> {
  const parts = names.map((name, index) => `${JSON.stringify(name)}:cells[${index}]`)
  return new Function('cells', `return {${parts.join(',')}}`) as (cells: readonly Cell[]) => Record<string, Cell>
}

/** Objects inside a record are opened one level, `place: {city}` to `place.city`; what lies deeper stays JSON. GeoJSON features are opened as maps expect. */
function flatten(value: object): Record<string, unknown> {
  return isFlat(value as Record<string, unknown>) ? (value as Record<string, unknown>) : opened(value)
}

function isFlat(value: Record<string, unknown>): boolean {
  if (value['type'] === 'Feature' || Object.hasOwn(value, '__proto__')) return false
  for (const name in value) if (isObject(value[name])) return false
  return true
}

function opened(value: object): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  const isFeature = 'type' in value && value.type === 'Feature' && 'properties' in value
  for (const [name, part] of Object.entries(value)) {
    if (isFeature && name === 'type') continue
    if (isFeature && name === 'geometry' && isPoint(part)) setPoint(values, part.coordinates)
    else if (isObject(part))
      for (const [inner, deep] of Object.entries(part)) set(values, isFeature && name === 'properties' ? inner : `${name}.${inner}`, deep)
    else set(values, name, part)
  }
  return values
}

function set(values: Record<string, unknown>, name: string, value: unknown): void {
  const safe = name === '__proto__' ? 'proto' : name
  values[Object.hasOwn(values, safe) ? `${safe} 2` : safe] = value
}

function setPoint(values: Record<string, unknown>, [longitude, latitude, height]: readonly unknown[]): void {
  set(values, 'longitude', longitude)
  set(values, 'latitude', latitude)
  if (height !== undefined) set(values, 'height', height)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const isPoint = (value: unknown): value is { coordinates: readonly unknown[] } =>
  isObject(value) && value['type'] === 'Point' && Array.isArray(value['coordinates'])
