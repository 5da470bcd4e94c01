import { SourceError } from '@handover/sdk'

/** A cube as json-stat2 writes it (https://json-stat.org/full/), as far as it is read here; what is optional may be left out by a source. */
export interface JsonStat {
  readonly label?: string
  readonly source?: string
  readonly updated?: string
  readonly role?: { readonly time?: readonly string[]; readonly metric?: readonly string[] }
  /** Codes of the sides; the last one runs fastest. */
  readonly id: readonly string[]
  readonly dimension: Readonly<Record<string, JsonStatDimension>>
  /** All cells in one list, or by their place where most are empty. */
  readonly value: Readonly<Record<number, unknown>>
  readonly status?: Readonly<Record<number, unknown>>
}

/** One side of a cube. */
export interface JsonStatDimension {
  readonly label?: string
  readonly category?: {
    /** A list of codes, or the place of each code; may be left out where there is one. */
    readonly index?: readonly string[] | Readonly<Record<string, number>>
    readonly label?: Readonly<Record<string, string>>
    readonly unit?: Readonly<Record<string, { readonly base?: string; readonly decimals?: number }>>
  }
  readonly extension?: { readonly elimination?: boolean }
}

/** Takes an answer for a cube, its cells included. Throws a `SourceError` when it is something else, such as an error with status 200. */
export function readJsonStat(body: unknown): JsonStat {
  const { id, dimension, value } = (body ?? {}) as Partial<JsonStat>
  if (!Array.isArray(id) || !isObject(dimension) || !isObject(value) || !id.every((code) => isObject(dimension[code])))
    throw new SourceError('The source sent an answer that is no table of statistics.', { code: 'SOURCE_SHAPE' })
  return body as JsonStat
}

/** Codes of a side in their order. */
export function codesOf({ category: { index, label } = {} }: JsonStatDimension): readonly string[] {
  if (isList(index)) return index
  if (index !== undefined) return Object.keys(index).sort((a, b) => index[a]! - index[b]!)
  if (label !== undefined) return Object.keys(label)
  throw new SourceError('The source sent a table whose values have no codes.', { code: 'SOURCE_SHAPE' })
}

const isList = (index: unknown): index is readonly string[] => Array.isArray(index)

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
