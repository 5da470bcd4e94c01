import { isUtf8 } from 'node:buffer'
import type { Format, NamedKind, Packing } from '../locations/location.ts'
import { FileFault } from './file-fault.ts'

/** How many bytes of a file are looked at. */
export const LOOKED_AT = 512

/** What the first bytes of a file say that it is. */
interface Mark {
  readonly packing?: Packing
  readonly format?: Format
  /** In words, for messages. */
  readonly what: string
}

const MARKS: readonly (readonly [bytes: string, at: number, mark: Mark])[] = [
  ['1f8b', 0, { packing: 'gzip', what: 'packed with gzip' }],
  ['28b52ffd', 0, { packing: 'zstd', what: 'packed with zstd' }],
  ['50415231', 0, { format: 'parquet', what: 'a Parquet file' }],
  ['50415245', 0, { what: 'an encrypted Parquet file' }],
  ['504b0304', 0, { format: 'xlsx', what: 'a workbook of Excel or a zip archive' }],
  ['504b0506', 0, { what: 'an empty zip archive' }],
  ['d0cf11e0a1b11ae1', 0, { what: 'a workbook with a password or of an old kind (.xls); save it as .xlsx without a password' }],
  ['425a68', 0, { what: 'packed with bzip2' }],
  ['fd377a585a00', 0, { what: 'packed with xz' }],
  ['377abcaf271c', 0, { what: 'a 7z archive' }],
  ['52617221', 0, { what: 'a rar archive' }],
  ['25504446', 0, { what: 'a PDF document' }],
  ['7573746172', 257, { what: 'a tar archive' }],
]

/** What the first bytes of a file are the mark of; null for text, and for what nobody knows. */
export function markOf(head: Buffer): Mark | null {
  if (isText(head)) return null
  const found = MARKS.find(([bytes, at]) => head.subarray(at, at + bytes.length / 2).toString('hex') === bytes)
  return found === undefined ? null : found[2]
}

/** A table may well begin with `PAR1,PAR2`. A character at the end may be cut through. */
function isText(head: Buffer): boolean {
  const isWhole = [0, 1, 2, 3].some((cut) => cut <= head.length && isUtf8(head.subarray(0, head.length - cut)))
  return isWhole && !head.some((byte) => byte < 9 || (byte > 13 && byte < 32))
}

/** Throws a `FileFault` when a file is packed otherwise than its name says. */
export function checkPacking({ packing }: NamedKind, head: Buffer): void {
  const mark = markOf(head)
  if ((mark?.packing ?? null) === packing) return
  if (packing === null)
    throw new FileFault(`This file is ${mark!.what}, but its name does not say so. Add ${ending(mark!.packing!)} to its name.`)
  throw new FileFault(
    `Its name ends in ${ending(packing)}, but this file is ${mark?.what ?? `not packed with ${packing}`}. Give it the name that fits.`,
  )
}

const ending = (packing: Packing): string => (packing === 'gzip' ? '.gz' : '.zst')

const NAMES: Readonly<Record<Format, string>> = {
  csv: 'a text file with rows',
  json: 'a JSON file',
  ndjson: 'a file with one JSON object per line',
  parquet: 'a Parquet file',
  xlsx: 'a workbook of Excel (.xlsx)',
}

/** Throws a `FileFault` when unpacked content is of another kind than its name says. */
export function checkFormat(format: Format, head: Buffer): void {
  const mark = markOf(head)
  const isBinary = format === 'parquet' || format === 'xlsx'
  if (isBinary ? mark?.format === format : mark === null) return
  throw new FileFault(`By its name this is ${NAMES[format]}, but it is ${mark?.what ?? 'none'}.`)
}
