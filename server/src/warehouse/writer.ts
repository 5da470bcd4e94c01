import type { EntityManager } from 'typeorm'
import type { Dialect } from './dialect.ts'
import { settle } from './settle.ts'
import { columnOf, keyOf, systemColumns, type Batch, type Op, type Table, type WriteCounts } from './table.ts'

/** Writes one batch inside the caller's transaction and counts exactly what it did. */
export async function writeBatch(dialect: Dialect, manager: EntityManager, table: Table, batch: Batch): Promise<WriteCounts> {
  const { rows, deletes, superseded } = settle(batch.ops, rowMaker(dialect, table, batch), keyMaker(dialect, table))
  const { inserted, updated } = rows.length > 0 ? await dialect.upsert(manager, table, rows) : { inserted: 0, updated: 0 }
  const removed = deletes.length > 0 ? await dialect.remove(manager, table, deletes) : 0
  return { inserted, updated, unchanged: rows.length - inserted - updated, superseded, removed }
}

const loadedAtColumn = systemColumns.find(({ name }) => name === '_loaded_at')!

/** Rows as they are stored, in the order of `allColumns`. */
function rowMaker(dialect: Dialect, table: Table, batch: Batch): (op: Op & { values: readonly unknown[] }) => unknown[] {
  const { columns } = table.shape
  const loadedAt = dialect.toStored(loadedAtColumn, batch.at.toISOString())
  return (op) => [
    ...columns.map((column, index) => dialect.toStored(column, op.values[index])),
    batch.loadId,
    loadedAt,
    op.part,
    op.line,
    op.item,
  ]
}

function keyMaker(dialect: Dialect, table: Table): (op: Op, row: unknown[] | null) => unknown[] {
  const key = keyOf(table.shape)
  if (table.shape.load === 'append') return (op) => [op.part, op.line, op.item]
  const places = key.map((name) => table.shape.columns.findIndex((column) => column.name === name))
  const columns = key.map((name) => columnOf(table.shape, name))
  return (op, row) =>
    row
      ? places.map((place) => row[place])
      : columns.map((column, index) => dialect.toStored(column, (op as { deletedKey: readonly unknown[] }).deletedKey[index]))
}
