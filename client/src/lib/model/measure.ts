import type { Column } from './types.ts'

type Meaning = Pick<Column, 'kind' | 'key' | 'role' | 'personal'>

/** Whether a number is told apart and never compared: a key, the name of a thing, or something about a person. It is shown digit by digit. */
export const isIdentifier = ({ key, role, personal }: Pick<Column, 'key' | 'role' | 'personal'>): boolean =>
  key || personal || role === 'identifier'

/** Whether a column holds a number that can be measured: no key, no position, no identifier, and nothing about a person. */
export function isMeasure(column: Meaning): boolean {
  const { kind, role } = column
  return (kind === 'int' || kind === 'double' || kind === 'decimal') && role === null && !isIdentifier(column)
}
