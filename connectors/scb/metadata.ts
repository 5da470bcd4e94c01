import { codesOf, type JsonStat, type JsonStatDimension } from './json-stat.ts'

/** One way in which the numbers of a table are split: region, sex, time, or what is measured. */
export interface Dimension {
  readonly code: string
  readonly label: string
  /** In the order of the table. */
  readonly values: readonly { readonly code: string; readonly label: string }[]
  /** True when the source sums it up where it is not asked for. */
  readonly canBeLeftOut: boolean
}

/** What is measured: population, price, index. */
export interface Measure {
  readonly code: string
  readonly label: string
  /** Null when it is a mere count. */
  readonly unit: string | null
  readonly decimals: number
}

/** What a table has, as far as this connector needs it. */
export interface Metadata {
  readonly label: string
  readonly source: string | null
  /** When its numbers were last changed; null when the source does not say. */
  readonly updated: string | null
  readonly dimensions: readonly Dimension[]
  /** Code of the dimension that is time; null for a table without. */
  readonly time: string | null
  /** Code of the dimension that says what is measured; null for a table with one measure, which is then called `value`. */
  readonly contents: string | null
  readonly measures: readonly Measure[]
}

/** Words for "number of", which say nothing behind a number. */
const COUNTS = /^(antal|number|antall)$/i

/** Reads the description of a table, which is a cube without cells. */
export function readMetadata({ id, dimension, role, label, source, updated }: JsonStat): Metadata {
  const contents = role?.metric?.[0] ?? null
  return {
    label: label ?? '',
    source: source ?? null,
    updated: updated ?? null,
    dimensions: id.map((code) => readDimension(code, dimension[code]!)),
    time: role?.time?.[0] ?? null,
    contents,
    measures: contents === null ? [{ code: 'value', label: 'Value', unit: null, decimals: 0 }] : measuresOf(dimension[contents]!),
  }
}

function readDimension(code: string, dimension: JsonStatDimension): Dimension {
  const labels = dimension.category?.label ?? {}
  return {
    code,
    label: dimension.label ?? code,
    values: codesOf(dimension).map((value) => ({ code: value, label: labels[value] ?? value })),
    canBeLeftOut: dimension.extension?.elimination === true,
  }
}

function measuresOf(dimension: JsonStatDimension): Measure[] {
  const { label, unit } = dimension.category ?? {}
  return codesOf(dimension).map((code) => {
    const { base = null, decimals } = unit?.[code] ?? {}
    return { code, label: label?.[code] ?? code, unit: base === null || COUNTS.test(base) ? null : base, decimals: decimals ?? 0 }
  })
}
