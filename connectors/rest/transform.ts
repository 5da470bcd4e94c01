import type { DiscoveredDataset, Transformed } from '@handover/sdk'
import { convert } from '@handover/sdk/infer'
import type { ChildRecord } from './child-record.ts'
import { datasetHint, type KnownColumn } from './hints.ts'
import { valueAt } from './value-at.ts'

/** Makes the row of one record: each column takes what stands at its place. What does not fit is handed on, and the host sets the row aside. */
export function toRow(dataset: DiscoveredDataset, record: unknown): Transformed {
  const { columns, isChild } = datasetHint(dataset)
  const { parent, record: own } = isChild ? (record as ChildRecord) : { parent: {}, record }
  return Object.fromEntries(
    columns.map((column) => [
      column.name,
      valueOf(column, 'parent' in column.from ? parent[column.from.parent] : valueAt(own, column.from.record)),
    ]),
  )
}

function valueOf({ kind, isSaid, seconds }: KnownColumn, value: unknown): unknown {
  if (seconds) return momentOf(value)
  if (kind === 'decimal') return value === '' ? null : value
  return convert(kind, value, !isSaid)
}

const MILLISECONDS = 1000

/** Seconds since 1970, also written as text, as milliseconds; an empty value stays empty, and anything else is left for the host to refuse. */
function momentOf(value: unknown): unknown {
  const seconds = typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
  if (typeof seconds === 'number') return Math.round(seconds * MILLISECONDS)
  return value === '' ? null : value
}
