import type { Column, ColumnKind, DatasetShape } from '@handover/sdk'
import { RequestError } from '../shared/errors.ts'

/** One table of the warehouse and what stands in it. */
export interface Table {
  readonly name: string
  readonly shape: DatasetShape
}

/** Where a row comes from: lake part, record within it, and row within what that record became. All count from 0 but the part. */
export interface Place {
  readonly part: number
  readonly line: number
  readonly item: number
}

/** A row to be written, values in the order of `shape.columns`; or the key of one to be removed, in the order of `shape.key`. */
export type Op = RowOp | (Place & { readonly deletedKey: readonly unknown[] })

/** A row to be written. */
export type RowOp = Place & { readonly values: readonly unknown[] }

/** What one transaction writes into one table. */
export interface Batch {
  readonly loadId: string
  readonly at: Date
  readonly ops: readonly Op[]
}

/** The rows of a batch, their keys all different. */
export interface RowBatch extends Batch {
  readonly ops: readonly RowOp[]
}

/** What a batch did, exactly. `inserted + updated + unchanged + superseded` is the number of its rows; `removed` counts deletes that hit one. */
export interface WriteCounts {
  readonly inserted: number
  readonly updated: number
  readonly unchanged: number
  readonly superseded: number
  readonly removed: number
}

const system = (name: string, kind: ColumnKind, title: string, about: string): Column => ({
  name,
  title,
  about,
  kind,
  nullable: false,
  max: kind === 'text' ? 36 : null,
  precision: null,
  scale: null,
  values: null,
  unit: null,
  role: null,
  personal: false,
})

/** Columns that every table carries besides the declared ones. They change only when a declared column of the row changed. */
export const systemColumns: readonly Column[] = [
  system('_load_id', 'text', 'Load', 'The load that last changed the row.'),
  system('_loaded_at', 'instant', 'Loaded at', 'When the row last changed.'),
  system('_raw_part', 'int', 'Raw part', 'The lake part that holds the raw record.'),
  system('_raw_line', 'int', 'Raw line', 'Place of the raw record in its part, from 0.'),
  system('_raw_item', 'int', 'Raw item', 'Place of the row among those made from the record, from 0.'),
]

const placeColumns = ['_raw_part', '_raw_line', '_raw_item']

/** Names of the columns that make a row unique: the declared key, or the place of the raw record where rows are only added. */
export const keyOf = (shape: DatasetShape): readonly string[] => (shape.load === 'append' ? placeColumns : shape.key)

/** Every column of the table, declared ones first. */
export const allColumns = (shape: DatasetShape): readonly Column[] => [...shape.columns, ...systemColumns]

/** The column of that name, system columns included; a `RequestError` where there is none. */
export function columnOf(shape: DatasetShape, name: string): Column {
  const column = allColumns(shape).find((each) => each.name === name)
  if (!column) throw new RequestError(`Dataset "${shape.name}" has no column "${name}".`)
  return column
}

/** True when the table may hold NULL there. A declared column may even when it is required, because it may be younger than the row. */
export const mayBeNull = (shape: DatasetShape, name: string): boolean =>
  !keyOf(shape).includes(name) && !systemColumns.some((column) => column.name === name)
