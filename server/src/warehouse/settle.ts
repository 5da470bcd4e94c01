import type { Op, RowOp } from './table.ts'

/** What is left of a batch when each key occurs once. */
export interface Settled {
  readonly rows: readonly RowOp[]
  /** Keys of rows to be removed. */
  readonly deletes: readonly (readonly unknown[])[]
  /** Rows that a later row or delete of the same key made void. */
  readonly superseded: number
}

/** What tells one row from another: equal for equal keys, different for all others. */
export type KeyName = string | number

/** Keeps the last word on every key, where its first one stood. */
export function settle(ops: readonly Op[], nameOf: (op: Op) => KeyName): Settled {
  if (isRising(ops, nameOf)) return { rows: ops, deletes: [], superseded: 0 }
  const last = new Map<KeyName, Op>()
  let superseded = 0
  for (const op of ops) {
    const name = nameOf(op)
    const before = last.get(name)
    if (before !== undefined && 'values' in before) superseded++
    last.set(name, op)
  }
  const rows: RowOp[] = []
  const deletes: (readonly unknown[])[] = []
  for (const op of last.values()) {
    if ('values' in op) rows.push(op)
    else deletes.push(op.deletedKey)
  }
  return { rows, deletes, superseded }
}

/** True for rows alone of which each key comes behind the last: so they are all different, which is found out without remembering them. */
function isRising(ops: readonly Op[], nameOf: (op: Op) => KeyName): ops is readonly RowOp[] {
  let before: KeyName | undefined
  for (const op of ops) {
    if (!('values' in op)) return false
    const name = nameOf(op)
    if (before !== undefined && !(typeof name === typeof before && name > before)) return false
    before = name
  }
  return true
}
