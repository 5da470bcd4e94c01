import type { DiscoveredDataset, Transformed } from '@handover/sdk'
import { converter } from '@handover/sdk/infer'
import type { ChildRecord } from './child-record.ts'
import { datasetHint, type KnownColumn } from './hints.ts'
import { valueAt } from './value-at.ts'

/** Makes the row of one record: each column takes what stands at its place. What does not fit is handed on, and the host sets the row aside. */
export function toRow(dataset: DiscoveredDataset, record: unknown): Transformed {
  return rowMakerOf(dataset)(record)
}

type MakeRow = (record: unknown) => Record<string, unknown>

/** Made once for each dataset, because it runs for every record. Not state: what it answers for a dataset never changes. */
const rowMakers = new WeakMap<DiscoveredDataset, MakeRow>()

function rowMakerOf(dataset: DiscoveredDataset): MakeRow {
  const known = rowMakers.get(dataset)
  if (known !== undefined) return known
  const { columns, isChild } = datasetHint(dataset)
  const parts = columns.map((column) => ({ name: column.name, from: column.from, convert: convertOf(column) }))
  const made: MakeRow = (record) => {
    const { parent, record: own } = isChild ? (record as ChildRecord) : { parent: {}, record }
    const row: Record<string, unknown> = {}
    for (const { name, from, convert } of parts) row[name] = convert('parent' in from ? parent[from.parent] : valueAt(own, from.record))
    return row
  }
  rowMakers.set(dataset, made)
  return made
}

function convertOf({ kind, isSaid, seconds }: KnownColumn): (value: unknown) => unknown {
  if (seconds) return momentOf
  if (kind === 'decimal') return (value) => (value === '' ? null : value)
  const convert = converter(kind)
  return (value) => convert(value, !isSaid)
}

const MILLISECONDS = 1000

/** Seconds since 1970, also written as text, as milliseconds; an empty value stays empty, and anything else is left for the host to refuse. */
function momentOf(value: unknown): unknown {
  const seconds = typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
  if (typeof seconds === 'number') return Math.round(seconds * MILLISECONDS)
  return value === '' ? null : value
}
