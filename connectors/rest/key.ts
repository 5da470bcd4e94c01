import { ConfigError } from '@handover/sdk'
import { notKnown } from './definition/nearest.ts'
import type { StreamDefinition } from './definition/schema.ts'
import type { KnownColumn } from './hints.ts'
import { valueAt } from './value-at.ts'

/** What a key is found by. */
export interface Known {
  readonly records: readonly unknown[]
  /** The key of an earlier discovery; empty at the first one. */
  readonly before: readonly string[]
  /** The key of the parent; empty without one. */
  readonly parentKey: readonly string[]
}

/** The columns that tell rows apart: as the definition says, else the parent's key and `id` where that works. */
export function keyOf(
  name: string,
  stream: StreamDefinition,
  columns: readonly KnownColumn[],
  { records, before, parentKey }: Known,
): string[] {
  if (stream.load === 'append') return []
  const names = columns.map((column) => column.name)
  if (stream.key !== undefined) {
    const missing = stream.key.findIndex((wanted) => !names.includes(wanted))
    if (missing !== -1) throw fault(`${name}.key.${missing}`, `${notKnown(stream.key[missing]!, names)}.`)
    return [...stream.key]
  }
  if (before.length > 0 && before.every((column) => names.includes(column))) return [...before]
  const above = columns.filter(({ from }) => 'parent' in from && parentKey.includes(from.parent)).map((column) => column.name)
  const id = columns.find(({ from }) => 'record' in from && from.record === 'id')
  if (id !== undefined && (records.length === 0 || areUnique(records))) return [...above, id.name]
  const shown = names.length > 0 ? ` There are the columns ${names.join(', ')}.` : ''
  throw fault(
    `${name}.key`,
    `Nothing tells one row of ${name} from another by itself.${shown} Name those that do under key, or write load: append.`,
  )
}

function areUnique(records: readonly unknown[]): boolean {
  const ids = records.map((record) => valueAt(record, 'id'))
  return ids.every((id) => id !== null && id !== undefined && id !== '') && new Set(ids).size === ids.length
}

const fault = (at: string, message: string): ConfigError =>
  new ConfigError(message, { fields: [{ name: `definition.streams.${at}`, message }] })
