import type { Column } from '@handover/sdk'

/** Binds a validated value: decimals as whole numbers of their smallest unit (exact, and they sort), booleans as 0 and 1, the rest as it is. */
export function toStored(column: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (column.kind === 'boolean') return value ? 1 : 0
  if (column.kind === 'decimal') return scaled(value as string, column.scale ?? 0)
  return value
}

/** Gives a stored value back as the contract says: `toStored` and this are each other's reverse. */
export function fromStored(column: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (column.kind === 'boolean') return Number(value) === 1
  if (column.kind === 'decimal') return unscaled(String(value), column.scale ?? 0)
  if (column.kind === 'int') return whole(value as number | bigint | string)
  return value
}

function scaled(text: string, scale: number): bigint {
  const [units = '0', fraction = ''] = text.split('.')
  return BigInt(units + fraction.padEnd(scale, '0'))
}

function unscaled(digits: string, scale: number): string {
  if (scale === 0) return digits
  const negative = digits.startsWith('-')
  const padded = (negative ? digits.slice(1) : digits).padStart(scale + 1, '0')
  return `${negative ? '-' : ''}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

/** A number where that is exact, else a bigint. */
function whole(value: number | bigint | string): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : BigInt(value)
}
