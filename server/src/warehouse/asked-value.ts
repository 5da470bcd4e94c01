import type { Column, ColumnKind } from '@handover/sdk'
import { RequestError } from '../shared/errors.ts'

const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n }

/**
 * Checks a value that a question compares a column with (a filter, a cursor, a key) and gives it as rows carry it: whole numbers as bigint,
 * decimals with all their digits. Throws a `RequestError` in plain words.
 */
export function askedValue(column: Column, value: unknown): unknown {
  switch (column.kind) {
    case 'int':
      return wholeNumber(column, value)
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : refuse(column, 'a number')
    case 'decimal':
      return decimal(column, value)
    case 'boolean':
      return typeof value === 'boolean' ? value : refuse(column, 'true or false')
    default:
      return text(column, value)
  }
}

const wanted: Partial<Record<ColumnKind, string>> = {
  date: 'a date such as 2026-01-31',
  instant: 'a time such as 2026-01-31T12:00:00.000Z',
}

function text(column: Column, value: unknown): string {
  if (column.kind === 'instant' && value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  if (typeof value !== 'string') return refuse(column, wanted[column.kind] ?? 'text')
  if (column.kind === 'date' && !/^\d{4}-\d\d-\d\d$/.test(value)) return refuse(column, wanted.date!)
  return column.kind === 'instant' ? instant(column, value) : value
}

function instant(column: Column, value: string): string {
  const time = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(value) ? new Date(value) : null
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : refuse(column, wanted.instant!)
}

function wholeNumber(column: Column, value: unknown): bigint {
  const exact = typeof value === 'bigint' || Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,20}$/.test(value))
  const number = exact ? BigInt(value as bigint | number | string) : refuse(column, 'a whole number')
  return number >= int64.least && number <= int64.most ? number : refuse(column, 'a whole number of at most 64 bits')
}

function decimal(column: Column, value: unknown): string {
  const scale = column.scale ?? 0
  const match = /^(-?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(
    typeof value === 'number' || typeof value === 'bigint' ? String(value) : typeof value === 'string' ? value : '',
  )
  if (!match) return refuse(column, 'a decimal number such as 12.50')
  const [, sign, units = '', fraction = ''] = match
  if (fraction.length > scale || units.length + scale > 18)
    return refuse(column, `a number of at most ${18 - scale} digits before and ${scale} after the point`)
  return `${sign}${units}${scale === 0 ? '' : `.${fraction.padEnd(scale, '0')}`}`
}

function refuse(column: Column, wants: string): never {
  throw new RequestError(`Column "${column.name}" is compared with ${wants}.`)
}
