import { deleted, type DiscoveredDataset, type Json, type Transformed } from '@handover/sdk'
import { converter, type Convert, type FoundKind, type Guess } from '@handover/sdk/infer'
import type { FileRecord } from './record.ts'

/** What discovery knows of a column beside its shape. */
export interface KnownColumn {
  readonly name: string
  /** Its name in the files. */
  readonly source: string
  readonly kind: FoundKind
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
export function toRow(dataset: DiscoveredDataset, record: FileRecord): Transformed {
  const { place } = readHint(dataset.hint)
  if (record.values !== null) return rowMakerOf(dataset)(record, record.values)
  const { file, record: number } = record
  return place !== null && dataset.key.includes(place.record) ? deleted({ [place.file]: file, [place.record]: number }) : null
}

type MakeRow = (record: FileRecord, values: Readonly<Record<string, unknown>>) => Record<string, unknown>

/** Not state: what it answers for a dataset never changes. */
const rowMakers = new WeakMap<DiscoveredDataset, MakeRow>()

function rowMakerOf(dataset: DiscoveredDataset): MakeRow {
  const known = rowMakers.get(dataset)
  if (known !== undefined) return known
  const made = compileRow(readHint(dataset.hint))
  rowMakers.set(dataset, made)
  return made
}

/**
 * Writes out the making of a row as code, because it runs for every record of a load: looking up and setting values by names that are known
 * beforehand is many times faster. Only names get into the code, and those as JSON.
 */
function compileRow({ columns, place }: DatasetHint): MakeRow {
  const parts = place === null ? [] : [`${JSON.stringify(place.file)}: record.file, ${JSON.stringify(place.record)}: record.record`]
  for (const [index, { name, source }] of columns.entries()) {
    const found = `values[${JSON.stringify(source)}]`
    // A file without the column must not answer with what every object has, such as `constructor`.
    const own = source in Object.prototype ? `(Object.hasOwn(values, ${JSON.stringify(source)}) ? ${found} : null)` : found
    parts.push(`${JSON.stringify(name)}: convert[${index}](${own}, record.typed)`)
  }
  const make = new Function('convert', `return (record, values) => ({ ${parts.join(', ')} })`) as (convert: readonly Convert[]) => MakeRow
  return make(columns.map(({ kind }) => converter(kind)))
}
