import { createHash } from 'node:crypto'
import type { Column } from '@handover/sdk'
import { RequestError } from '../shared/errors.ts'
import { decodeCursor, encodeCursor } from '../shared/paging.ts'
import { askedValue } from './asked-value.ts'
import type { Dialect, Direction, Fragment } from './dialect.ts'
import { columnOf, keyOf, mayBeNull, type Table } from './table.ts'
import { never } from './where.ts'

/** One column of an order. */
export interface Order {
  readonly column: string
  readonly direction: Direction
}

/** One term of a complete order: the key closes it, so no two rows are equal. */
export interface Term {
  readonly column: Column
  readonly direction: Direction
  readonly mayBeNull: boolean
}

/**
 * The order asked for, closed by the columns of the key, which run the way of the last column asked for: so one index serves both ways.
 * A column named twice counts once.
 */
export function completeOrder(table: Table, asked: readonly Order[]): Term[] {
  const terms = new Map<string, Term>()
  const direction = asked.at(-1)?.direction ?? 'asc'
  for (const { column: name, direction: way } of [...asked, ...keyOf(table.shape).map((column) => ({ column, direction }))]) {
    if (terms.has(name)) continue
    terms.set(name, { column: columnOf(table.shape, name), direction: way, mayBeNull: mayBeNull(table.shape, name) })
  }
  return [...terms.values()]
}

/** Names a column in an order: as it is, or so that no index is used for it. */
export type Naming = (name: string) => string

/** The terms of ORDER BY. */
export const orderBy = (dialect: Dialect, terms: readonly Term[], nameOf: Naming): string =>
  terms.map((term) => dialect.orderTerm(nameOf(term.column.name), term.direction, term.mayBeNull)).join(', ')

/** The condition for rows that come after the one with these stored values (one for each term; empty ones come last). */
export function afterRow(dialect: Dialect, terms: readonly Term[], values: readonly unknown[], nameOf: Naming): Fragment {
  const [term, ...rest] = terms
  if (!term) return never
  // Without an index on the alternatives the database walks the index of the order itself and stops after one page.
  const sql = term.mayBeNull ? dialect.unindexed(nameOf(term.column.name)) : nameOf(term.column.name)
  const value = values[0]
  const inner = afterRow(dialect, rest, values.slice(1), nameOf)
  if (value === null) return { sql: `(${sql} IS NULL AND ${inner.sql})`, values: inner.values }
  const sign = term.direction === 'asc' ? '>' : '<'
  const beyond = term.mayBeNull ? `${sql} ${sign} ? OR ${sql} IS NULL` : `${sql} ${sign} ?`
  const either = `(${beyond} OR (${sql} = ? AND ${inner.sql}))`
  if (term.mayBeNull) return { sql: either, values: [value, value, ...inner.values] }
  // Says again what `either` implies, in a form that an index can begin at.
  return { sql: `(${sql} ${sign}= ? AND ${either})`, values: [value, value, value, ...inner.values] }
}

/** Writes the place of a row in an order. `values` are the row's own, one for each term. */
export const cursorOf = (table: Table, terms: readonly Term[], values: readonly unknown[]): string =>
  encodeCursor({ order: signature(table, terms), at: values.map((value) => (typeof value === 'bigint' ? String(value) : value)) })

/** Reads the stored values of a cursor; a `RequestError` when it was made for another table or order. */
export function valuesOfCursor(dialect: Dialect, table: Table, terms: readonly Term[], cursor: string): unknown[] {
  const { order, at } = (decodeCursor(cursor) ?? {}) as { order?: unknown; at?: unknown }
  if (order !== signature(table, terms) || !Array.isArray(at) || at.length !== terms.length) {
    throw new RequestError('This cursor was made for another table or order. Start again without `after`.')
  }
  return terms.map((term, index) => {
    const value: unknown = at[index]
    return value === null && term.mayBeNull ? null : dialect.toStored(term.column, askedValue(term.column, value))
  })
}

function signature(table: Table, terms: readonly Term[]): string {
  const text = JSON.stringify([table.name, ...terms.map((term) => [term.column.name, term.column.kind, term.direction])])
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}
