import { deleted, type DiscoveredDataset, type Json, type Transformed } from '@handover/sdk'
import { convert, type FileKind } from './kinds.ts'
import type { FileRecord } from './record.ts'

/** What discovery knows of a column beside its shape. */
export interface KnownColumn {
  readonly name: string
  /** Its name in the files; null for the two that say where a record stood. */
  readonly source: string | null
  readonly kind: FileKind
  /** What was guessed when the column was first seen; a sidecar file may say otherwise. */
  readonly guess: { readonly about: string; readonly role: string | null; readonly personal: boolean }
}

/** Names of the columns that say where a record stood, when they are the key. */
export interface PlaceColumns {
  readonly file: string
  readonly record: string
}

/** What discovery notes for `transform`. */
export interface DatasetHint {
  readonly columns: readonly KnownColumn[]
  readonly place: PlaceColumns | null
}

/** Writes what discovery notes as plain data. */
export const hintOf = (hint: DatasetHint): Json => hint as unknown as Json

/** Reads what `hintOf` wrote. */
export const readHint = (hint: Json | undefined): DatasetHint => hint as unknown as DatasetHint

/** Makes the row of one record: each column takes the value of its name in the file, converted to its kind. */
export function toRow(dataset: DiscoveredDataset, { file, record, values, typed }: FileRecord): Transformed {
  const { columns, place } = readHint(dataset.hint)
  const row: Record<string, unknown> = {}
  if (place !== null) {
    row[place.file] = file
    row[place.record] = record
    if (values === null) return deleted(row)
  }
  if (values === null) return null
  for (const column of columns) {
    if (column.source !== null) row[column.name] = convert(column.kind, Object.hasOwn(values, column.source) ? values[column.source] : null, typed)
  }
  return row
}
