import { shapeOf } from './check-connector.ts'
import { Deleted, type Dataset, type DatasetShape, type DiscoveredDataset, type Transformed } from './contract.ts'
import { readLayers } from './layers.ts'
import { compileReadRow, RowFault } from './read-row.ts'
import { RawRecord } from './record.ts'
import { kindOf, ruleOf } from './rules.ts'

/** Why a row or a record is set aside. */
export interface Rejection {
  /** Stable: `RECORD_UNREADABLE`, `TRANSFORM_FAILED`, `TRANSFORM_INVALID`, `ROW_INVALID` or `KEY_INVALID`. */
  readonly code: string
  /** Null when it is not about one column. */
  readonly column: string | null
  /** A sentence for a person. */
  readonly reason: string
}

/** One thing to do to the table: write a row (values in the order of `shape.columns`, null for missing), remove one, or set one aside. */
export type Item =
  | { readonly values: unknown[]; readonly deletedKey?: undefined; readonly rejected?: undefined }
  | { readonly deletedKey: unknown[]; readonly values?: undefined; readonly rejected?: undefined }
  | { readonly rejected: Rejection; readonly values?: undefined; readonly deletedKey?: undefined }

/** What one record becomes. */
export type Outcome =
  | { readonly kind: 'filtered' }
  | { readonly kind: 'rejected'; readonly code: string; readonly reason: string }
  | { readonly kind: 'rows'; readonly items: Item[] }

/** A dataset made ready for a load: takes a record (also a `RawRecord`) with the key of its partition, and never throws. */
export interface CompiledDataset {
  readonly shape: DatasetShape
  rows(record: unknown, partition?: string): Outcome
}

/** Gives the values of a row in the order of the columns, or why the row cannot be kept. */
type ReadItem = (row: Readonly<Record<string, unknown>>) => Item

/** Makes a declared dataset ready: `transform`, then its zod schema, then the rule of each column. */
export function compileDataset(name: string, dataset: Dataset): CompiledDataset {
  const shape = shapeOf(name, dataset)
  const readColumns = columnReader(shape, (column) => {
    const layers = readLayers(dataset.columns.shape[column]!)
    // Helpers such as instant() have applied the same rule already; only a default can bring in a value they have not seen.
    return layers.meta.column !== undefined && layers.default === undefined
  })
  const readRow: ReadItem = (row) => {
    const parsed = dataset.columns.safeParse(row)
    return parsed.success ? readColumns(parsed.data) : { rejected: firstIssue(parsed.error.issues) }
  }
  return { shape, rows: rowMaker(shape, (record, partition) => dataset.transform(record, partition), readRow) }
}

/** Makes a discovered dataset ready: `transform`, then the rule of each column. */
export function compileDiscovered(
  dataset: DiscoveredDataset,
  transform: (dataset: DiscoveredDataset, record: unknown, partition: string) => Transformed,
): CompiledDataset {
  return {
    shape: dataset,
    rows: rowMaker(
      dataset,
      (record, partition) => transform(dataset, record, partition),
      columnReader(dataset, () => false),
    ),
  }
}

function columnReader(shape: DatasetShape, isSettled: (column: string) => boolean): ReadItem {
  const read = compileReadRow(shape.columns.map((column) => ({ ...column, rule: isSettled(column.name) ? null : ruleOf(column) })))
  return (row) => {
    const values = read(row)
    return values instanceof RowFault ? reject(values) : { values }
  }
}

const reject = ({ column, fault }: RowFault): Item => ({
  rejected: { code: 'ROW_INVALID', column, reason: `${column} ${fault.reason}.` },
})

function rowMaker(
  shape: DatasetShape,
  transform: (record: unknown, partition: string) => Transformed,
  readRow: ReadItem,
): CompiledDataset['rows'] {
  const readKey = keyReader(shape)
  const readItem = (row: unknown): Item => {
    try {
      if (row instanceof Deleted) return readKey(row.key)
      if (typeof row === 'object' && row !== null && !Array.isArray(row)) return readRow(row as Record<string, unknown>)
    } catch (error) {
      // A check of the connector's own may throw, and one such row must not hold up all the others.
      return { rejected: { code: 'ROW_INVALID', column: null, reason: `The row could not be checked: ${messageOf(error)}` } }
    }
    return { rejected: { code: 'ROW_INVALID', column: null, reason: `The connector made ${kindOf(row)} where a row was expected.` } }
  }
  return (record, partition = '') => {
    let value = record
    if (record instanceof RawRecord) {
      if (record.problem !== null) return { kind: 'rejected', code: 'RECORD_UNREADABLE', reason: record.problem }
      value = record.value
    }
    let made: unknown
    try {
      made = transform(value, partition)
    } catch (error) {
      return {
        kind: 'rejected',
        code: 'TRANSFORM_FAILED',
        reason: `The connector could not use this record: ${messageOf(error)}`,
      }
    }
    if (made === null) return { kind: 'filtered' }
    if (Array.isArray(made)) return made.length === 0 ? { kind: 'filtered' } : { kind: 'rows', items: Array.from(made, readItem) }
    if (typeof made === 'object') return { kind: 'rows', items: [readItem(made)] }
    return {
      kind: 'rejected',
      code: 'TRANSFORM_INVALID',
      reason: `The connector made ${kindOf(made)} of this record where a row was expected.`,
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function keyReader(shape: DatasetShape): ReadItem {
  const columns = shape.key.map((name) => shape.columns.find((column) => column.name === name)!)
  const read = columnReader({ ...shape, columns }, () => false)
  return (key) => {
    if (columns.length === 0) {
      return {
        rejected: {
          code: 'KEY_INVALID',
          column: null,
          reason: 'The connector asked to remove a row, but this dataset has no key to find it by.',
        },
      }
    }
    const item = read(key)
    return item.values === undefined ? item : { deletedKey: item.values }
  }
}

function firstIssue(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): Rejection {
  const issue = issues[0]
  const column = issue?.path[0] === undefined ? null : String(issue.path[0])
  const reason = issues.map((one) => `${one.path.length === 0 ? 'The row' : one.path.join('.')}: ${one.message}`).join('; ')
  return { code: 'ROW_INVALID', column, reason: `${reason}.` }
}
