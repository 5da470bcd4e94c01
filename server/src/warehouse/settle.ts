import type { Op } from './table.ts'

/** What is left of a batch when each key occurs once. */
export interface Settled {
  readonly rows: readonly (readonly unknown[])[]
  readonly deletes: readonly (readonly unknown[])[]
  /** Rows that a later row or delete of the same key made void. */
  readonly superseded: number
}

/** Keeps the last word on every key. `rowOf` and `keyOf` give stored values. */
export function settle(
  ops: readonly Op[],
  rowOf: (op: Op & { values: readonly unknown[] }) => unknown[],
  keyOf: (op: Op, row: unknown[] | null) => unknown[],
): Settled {
  const last = new Map<string, { row: unknown[] | null; key: unknown[] }>()
  let superseded = 0
  for (const op of ops) {
    const row = 'values' in op ? rowOf(op) : null
    const key = keyOf(op, row)
    const name = key.length === 1 ? String(key[0]) : JSON.stringify(key.map(String))
    if (last.get(name)?.row) superseded++
    last.set(name, { row, key })
  }
  const ends = [...last.values()]
  return {
    rows: ends.flatMap((end) => (end.row ? [end.row] : [])),
    deletes: ends.flatMap((end) => (end.row ? [] : [end.key])),
    superseded,
  }
}
