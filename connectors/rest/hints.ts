import type { DiscoveredDataset, Discovery, Json } from '@handover/sdk'
import type { FoundKind, Guess } from '@handover/sdk/infer'

/** What discovery notes for `extract`. */
export interface StreamHint {
  /** Where the records of an answer are; empty when no answer has shown it yet. */
  readonly records: string
  /** True when a list stands there; false for one record, and when no answer has shown it yet. */
  readonly isList: boolean
  /** Columns of the parent that the records carry along; null for a stream without one. */
  readonly parent: readonly string[] | null
}

/** Where the value of a column comes from, and what is made of it. */
export interface KnownColumn {
  readonly name: string
  readonly from: { readonly record: string } | { readonly parent: string }
  readonly kind: FoundKind
  /** Of a decimal. */
  readonly precision: number | null
  readonly scale: number | null
  /** True when the definition says the type: text is then read as what it says. */
  readonly isSaid: boolean
  /** The values are seconds since 1970. */
  readonly seconds: boolean
  /** What was guessed when the column was first seen. */
  readonly guess: Guess
}

/** What discovery notes for `transform`. */
export interface DatasetHint {
  readonly columns: readonly KnownColumn[]
  readonly isChild: boolean
}

/** Writes a hint as plain data. */
export const hintOf = (hint: StreamHint | DatasetHint): Json => hint as unknown as Json

/** Reads what `hintOf` wrote for a stream. */
export const streamHint = (hint: Json): StreamHint => hint as unknown as StreamHint

/** Reads what `hintOf` wrote for a dataset. */
export const datasetHint = ({ hint }: Pick<DiscoveredDataset, 'hint'>): DatasetHint => hint as unknown as DatasetHint

/** The columns that an earlier discovery knew. */
export function knownBefore(previous: Discovery | null, stream: string): readonly KnownColumn[] {
  const dataset = previous?.datasets.find(({ name }) => name === stream)
  return dataset === undefined ? [] : datasetHint(dataset).columns
}
