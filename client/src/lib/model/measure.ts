import type { Column } from './types.ts'

/** `id`, `ride_id`, `rideId`: numbers that name something and measure nothing. */
const IDENTIFIER = /^id$|_id$|[a-z]Id$/

/** Whether a column holds a number that can be measured: no key, no position, no identifier. */
export function isMeasure({ name, kind, key, role }: Pick<Column, 'name' | 'kind' | 'key' | 'role'>): boolean {
  return (kind === 'int' || kind === 'double' || kind === 'decimal') && !key && role === null && !IDENTIFIER.test(name)
}
