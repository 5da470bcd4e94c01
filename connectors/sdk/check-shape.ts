import type { Column, DatasetShape } from './contract.ts'

const COLUMN_NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/
const MOST_COLUMNS = 1_000
const LONGEST_KEY_TEXT = 191
const KEY_BYTES = 3_072
const MOST_INLINE_CHARACTERS = 16_383
const ROW_BYTES = 65_535
const BYTES_PER_CHARACTER = 4
const POINTER_BYTES = 12
/** System columns (`_load_id`, `_loaded_at`, `_raw_part`, `_raw_line`, `_raw_item`) and MySQL's own bytes for a row. */
const OVERHEAD_BYTES = 1024

/** Pattern of the names of streams and datasets. */
export const THING_NAME = /^[a-z][A-Za-z0-9_]{0,40}$/

/** A sentence for each rule that a dataset breaks; declared and discovered datasets follow the same rules. */
export function shapeFaults(shape: DatasetShape): string[] {
  const faults: string[] = []
  if (!THING_NAME.test(shape.name)) faults.push(`its name must be a small letter, then at most 40 letters, digits or underscores`)
  if (shape.about.trim() === '') faults.push('it has no description (about)')
  if (shape.columns.length === 0) faults.push('it has no columns')
  if (shape.columns.length > MOST_COLUMNS) faults.push(`it has ${shape.columns.length} columns; a table holds ${MOST_COLUMNS}`)
  return [...faults, ...columnFaults(shape.columns), ...keyFaults(shape), ...widthFaults(shape.columns)]
}

function columnFaults(columns: readonly Column[]): string[] {
  const faults: string[] = []
  const seen = new Map<string, string>()
  for (const { name, about, kind, precision, scale } of columns) {
    if (!COLUMN_NAME.test(name))
      faults.push(`column ${name}: a name starts with a letter and has at most 63 letters, digits or underscores`)
    if (about.trim() === '') faults.push(`column ${name} has no description; add .describe('…')`)
    const twin = seen.get(name.toLowerCase())
    if (twin !== undefined) faults.push(`columns ${twin} and ${name} differ only in capitals, which databases take for the same`)
    seen.set(name.toLowerCase(), name)
    if (kind === 'decimal' && !isDecimal(precision, scale))
      faults.push(`column ${name}: decimal(precision, scale) needs 1 ≤ precision ≤ 18 and 0 ≤ scale ≤ precision`)
  }
  return faults
}

const isDecimal = (precision: number | null, scale: number | null): boolean =>
  Number.isInteger(precision) && Number.isInteger(scale) && precision! >= 1 && precision! <= 18 && scale! >= 0 && scale! <= precision!

function keyFaults(shape: DatasetShape): string[] {
  if (shape.load === 'append') return shape.key.length === 0 ? [] : ['an append has no key: every record adds rows']
  if (shape.load !== 'merge' && shape.load !== 'replace') return [`load must be merge, append or replace, not ${String(shape.load)}`]
  if (shape.key.length === 0) return [`load ${shape.load} needs a key`]
  const faults = new Set(shape.key).size === shape.key.length ? [] : ['the key names a column twice']
  for (const name of shape.key) {
    const column = shape.columns.find((candidate) => candidate.name === name)
    const fault = column === undefined ? 'there is no such column' : keyFault(column)
    if (fault !== null) faults.push(`key ${name}: ${fault}`)
  }
  const bytes = shape.columns.filter(({ name }) => shape.key.includes(name)).reduce((sum, column) => sum + widthOf(column), 0)
  if (faults.length === 0 && bytes > KEY_BYTES) faults.push(`its key takes up to ${bytes} bytes, but MySQL holds ${KEY_BYTES}`)
  return faults
}

function keyFault(column: Column): string | null {
  if (column.nullable) return 'a key column cannot be empty; remove optional or nullable'
  if (column.kind === 'double') return 'numbers with a floating point are no key; use int or decimal'
  if (column.kind === 'json') return 'JSON is no key'
  if (column.kind === 'text' && (column.max === null || column.max > LONGEST_KEY_TEXT))
    return `text in a key needs .max(${LONGEST_KEY_TEXT}) or less`
  return null
}

function widthFaults(columns: readonly Column[]): string[] {
  const bytes = columns.reduce((sum, column) => sum + widthOf(column), OVERHEAD_BYTES)
  if (bytes <= ROW_BYTES) return []
  return [`a row takes up to ${bytes} bytes, but MySQL holds ${ROW_BYTES}; leave .max() out where texts are long`]
}

function widthOf(column: Column): number {
  if (column.kind === 'json') return POINTER_BYTES
  if (column.kind !== 'text' && column.kind !== 'image') return 9
  if (column.max === null || column.max > MOST_INLINE_CHARACTERS) return POINTER_BYTES
  return column.max * BYTES_PER_CHARACTER + 2
}
