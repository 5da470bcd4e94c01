import type { EntityManager } from 'typeorm'
import type { Dialect } from './dialect.ts'
import { settle, type KeyName } from './settle.ts'
import { columnOf, keyOf, type Batch, type Op, type Table, type WriteCounts } from './table.ts'

/** Writes one batch inside the caller's transaction and counts exactly what it did. */
export async function writeBatch(dialect: Dialect, manager: EntityManager, table: Table, batch: Batch): Promise<WriteCounts> {
  const { rows, deletes, superseded } = settle(batch.ops, keyNamer(table))
  const { inserted, updated } =
    rows.length > 0 ? await dialect.upsert(manager, table, { ...batch, ops: rows }) : { inserted: 0, updated: 0 }
  const removed = deletes.length > 0 ? await dialect.remove(manager, table, storedKeys(dialect, table, deletes)) : 0
  return { inserted, updated, unchanged: rows.length - inserted - updated, superseded, removed }
}

/** Names the row that an operation is about. Values are as the rules of the sdk made them, so equal keys have equal names. */
function keyNamer({ shape }: Table): (op: Op) => KeyName {
  if (shape.load === 'append') return ({ part, line, item }) => `${part}/${line}/${item}`
  const places = shape.key.map((name) => shape.columns.findIndex((column) => column.name === name))
  if (places.length === 1) return (op) => nameOf('values' in op ? op.values[places[0]!] : op.deletedKey[0])
  return (op) => {
    let name = ''
    for (let index = 0; index < places.length; index++) {
      const part = String('values' in op ? op.values[places[index]!] : op.deletedKey[index])
      name += `${part.length}:${part}`
    }
    return name
  }
}

/** Values of one column are of one kind, but for whole numbers: a small one may come as bigint. */
const nameOf = (value: unknown): KeyName =>
  typeof value === 'number' ? value : typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : String(value)

function storedKeys({ toStored }: Dialect, { shape }: Table, keys: readonly (readonly unknown[])[]): unknown[][] {
  const columns = keyOf(shape).map((name) => columnOf(shape, name))
  return keys.map((key) => columns.map((column, index) => toStored(column, key[index])))
}
