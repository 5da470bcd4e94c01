import { parseJson, rawRecord, RecordError, unreadable, type RawRecord } from '@handover/sdk'
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

/** Makes the records of one CSV file from their lines. */
export function csvRecords(file: string, header: Header): (record: number, line: number, text: string) => RawRecord {
  const head = `{"file":${JSON.stringify(file)},"delimiter":${JSON.stringify(header.delimiter)},"header":${JSON.stringify(header.text)},"record":`
  return (record, line, text) => {
    const cells = cellsOf(text, header.delimiter)
    if (cells.length !== header.names.length) return problemRecord(file, record, line, text, cellFault(cells.length, header.names.length))
    return rawRecord(`${head}${record},"line":${line},"text":${JSON.stringify(text)}}`, {
      file,
      record,
      values: byName(header.names, cells),
      typed: false,
    })
  }
}

/** Makes a record from JSON text that is known to be one object, whose parsed form is `value`. */
export function jsonRecord(file: string, record: number, text: string, value: object): RawRecord {
  return rawRecord(`{"file":${JSON.stringify(file)},"record":${record},"value":${text}}`, {
    file,
    record,
    values: flatten(value),
    typed: true,
  })
}

/** A record that is set aside; `line` is null where there are no lines to count. */
export function problemRecord(file: string, record: number, line: number | null, text: string, problem: string): RawRecord {
  return unreadable(
    JSON.stringify({ file, record, line, problem, text }),
    line === null ? `${file}: ${problem}` : `${file}, line ${line}: ${problem}`,
  )
}

/** Says that a file has become shorter and this record is gone. */
export function goneRecord(file: string, record: number): RawRecord {
  return rawRecord(JSON.stringify({ file, record, gone: true }), { file, record, values: null, typed: true })
}

/** Makes a record from its text again. Throws a `RecordError` for what was set aside when it was read. */
export function parseRecord(text: string): FileRecord {
  const kept = parseJson(text)
  const { file, record } = kept
  if (kept.problem !== undefined)
    throw new RecordError(kept.line === null ? `${file}: ${kept.problem}` : `${file}, line ${kept.line}: ${kept.problem}`)
  if (kept.gone === true) return { file, record, values: null, typed: true }
  if (kept.row !== undefined) return { file, record, values: kept.row, typed: true }
  if (kept.value !== undefined) return { file, record, values: flatten(kept.value), typed: true }
  const names = headerNames(cellsOf(kept.header, kept.delimiter))
  return { file, record, values: byName(names, cellsOf(kept.text, kept.delimiter)), typed: false }
}

const cellFault = (cells: number, names: number): string =>
  `This line has ${cells} ${cells === 1 ? 'cell' : 'cells'}, but the header has ${names}.`

function byName(names: readonly string[], cells: readonly Cell[]): Record<string, Cell> {
  const values: Record<string, Cell> = {}
  for (let index = 0; index < names.length; index++) values[names[index]!] = cells[index]!
  return values
}

/** Objects inside a record are opened one level, `place: {city}` to `place.city`; what lies deeper stays JSON. GeoJSON features are opened as maps expect. */
function flatten(value: object): Record<string, unknown> {
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
