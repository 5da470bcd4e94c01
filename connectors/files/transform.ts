import { deleted, type DiscoveredDataset, type Json, type Role, type Transformed } from '@handover/sdk'
import { convert, type FileKind } from './kinds.ts'
import type { FileRecord } from './record.ts'

/** What is made of a column's name and values when nobody has described it. */
export interface Guess {
  readonly about: string
  readonly role: Role | null
  readonly personal: boolean
}

/** What discovery knows of a column beside its shape. */
export interface KnownColumn {
  readonly name: string
  /** Its name in the files. */
  readonly source: string
  readonly kind: FileKind
  /** Of exact decimals only. */
  readonly precision?: number
  readonly scale?: number
  /** What was guessed when the column was first seen; a sidecar file may say otherwise. */
  readonly guess: Guess
}

/** Names of the two columns that say where a record stood, for files without a key. */
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

/**
 * Makes the row of one record: each column takes the value of its name in the file, converted to its kind. A record that a file has no more
 * removes its row where the place in the file is the key.
 */
export function toRow(dataset: DiscoveredDataset, { file, record, values, typed }: FileRecord): Transformed {
  const { columns, place } = readHint(dataset.hint)
  const row: Record<string, unknown> = place === null ? {} : { [place.file]: file, [place.record]: record }
  if (values === null) return place !== null && dataset.key.includes(place.record) ? deleted(row) : null
  for (const { name, source, kind } of columns) row[name] = convert(kind, Object.hasOwn(values, source) ? values[source] : null, typed)
  return row
}
