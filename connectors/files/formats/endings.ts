import { posix } from 'node:path'
import type { Format, NamedKind, Packing } from '../locations/location.ts'

const FORMATS: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  json: 'json',
  geojson: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  parquet: 'parquet',
  pq: 'parquet',
  xlsx: 'xlsx',
  xlsm: 'xlsx',
}

const PACKINGS: Readonly<Record<string, Packing>> = { gz: 'gzip', gzip: 'gzip', zst: 'zstd', zstd: 'zstd' }

const ARCHIVE =
  'This is an archive, and archives are not opened. Unpack it, and put the files themselves there; each may be packed with gzip or zstd.'
const OLD_EXCEL = 'Workbooks of this kind are not read. Open it and save it as .xlsx or .csv.'
const PACKED_OTHERWISE = 'Files packed this way are not read. Unpack it, or pack it with gzip (.gz) or zstd (.zst).'

const REFUSED: Readonly<Record<string, string>> = {
  zip: ARCHIVE,
  tar: ARCHIVE,
  tgz: ARCHIVE,
  '7z': ARCHIVE,
  rar: ARCHIVE,
  xls: OLD_EXCEL,
  xlsb: OLD_EXCEL,
  ods: OLD_EXCEL,
  bz2: PACKED_OTHERWISE,
  xz: PACKED_OTHERWISE,
}

/** How a file of this name is read, by its ending; null for names that say nothing, which are left out. */
export function kindOfName(name: string): NamedKind | null {
  const ending = endingOf(name)
  const refused = REFUSED[ending]
  if (refused !== undefined) return { format: 'csv', packing: null, refused }
  const packing = PACKINGS[ending] ?? null
  if (packing === null) return kindOf(FORMATS[ending], null)
  const inner = endingOf(name.slice(0, -ending.length - 1))
  return inner === 'tar' ? { format: 'csv', packing, refused: ARCHIVE } : kindOf(FORMATS[inner], packing)
}

const kindOf = (format: Format | undefined, packing: Packing | null): NamedKind | null =>
  format === undefined ? null : { format, packing, refused: null }

const endingOf = (name: string): string => posix.extname(name).slice(1).toLowerCase()

/** Endings without which a file is not read, for messages. */
export const READ_ENDINGS = '.csv, .tsv, .json, .ndjson, .parquet or .xlsx'
