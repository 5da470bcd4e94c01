import type { Column } from '@handover/sdk'

/** Binds a validated value: instants as MySQL writes them (UTC), booleans as 0 and 1, the rest as it is. */
export function toStored(column: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (column.kind === 'boolean') return value ? 1 : 0
  if (column.kind === 'instant') return `${(value as string).slice(0, 10)} ${(value as string).slice(11, 23)}`
  return value
}

/** Gives a stored value back as the contract says: `toStored` and this are each other's reverse. */
export function fromStored(column: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (column.kind === 'boolean') return Number(value) === 1
  if (column.kind === 'instant') return value instanceof Date ? value.toISOString() : isoOf(value as string)
  if (column.kind === 'int') return whole(value as number | bigint | string)
  return value
}

/** A stored time as text: of a row it has milliseconds, of a cursor it may be ISO already. */
const isoOf = (text: string): string => (text.endsWith('Z') ? text : `${text.replace(' ', 'T')}Z`)

/** A number where that is exact, else a bigint. */
function whole(value: number | bigint | string): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : BigInt(value)
}
