/// <reference lib="es2024.string" />
import { hasTimeOfDay, numberAt, startsWithDay } from './calendar.ts'
import { decimalParts, withScale } from './decimal.ts'
import { stringifyJson } from './json.ts'
import type { ColumnKind } from './contract.ts'

/** Why a value cannot be kept: half a sentence that follows the column's name. */
export class Fault {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/** What a column says about the values it takes. */
export interface ColumnType {
  readonly kind: ColumnKind
  readonly max?: number | null
  readonly precision?: number | null
  readonly scale?: number | null
  readonly values?: readonly string[] | null
}

/** Gives a value as the warehouse keeps it, or a `Fault`. Never called with null or undefined. */
export type Rule = (value: unknown) => unknown

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
const IMAGE_KEY_MAX = 191

/** The one rule for values of a column; the schema helpers, declared columns and discovered columns all use it. */
export function ruleOf(type: ColumnType): Rule {
  switch (type.kind) {
    case 'text':
      return textRule(type.max ?? null, type.values ?? null)
    case 'image':
      return textRule(Math.min(type.max ?? IMAGE_KEY_MAX, IMAGE_KEY_MAX), null)
    case 'int':
      return intRule
    case 'double':
      return doubleRule
    case 'decimal':
      return decimalRule(type.precision ?? 18, type.scale ?? 0)
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : new Fault(`must be true or false, not ${kindOf(value)}`))
    case 'date':
      return dateRule
    case 'instant':
      return instantRule
    case 'json':
      return jsonRule
  }
}

/** Names the kind of a value in plain words, for reasons. Never shows the value itself. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'missing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'boolean') return 'true or false'
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number'
  return `a ${typeof value}`
}

function textRule(max: number | null, values: readonly string[] | null): Rule {
  const allowed = values === null ? null : new Set(values)
  return (value) => {
    if (typeof value !== 'string') return new Fault(`must be text, not ${kindOf(value)}`)
    if (max !== null && value.length > max) return new Fault(`is longer than ${max} characters`)
    if (allowed !== null && !allowed.has(value)) return new Fault(`must be one of ${[...allowed].join(', ')}`)
    if (!value.isWellFormed()) return new Fault('holds half of a character (an unpaired surrogate), which cannot be stored unchanged')
    if (value.includes('\0')) return new Fault('holds a NUL character, which databases cut text at')
    return value
  }
}

const intRule: Rule = (value) => {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? value + 0 : new Fault('must be a whole number between ±9007199254740991')
  if (typeof value === 'string' && /^[+-]?\d{1,40}$/.test(value)) return intRule(BigInt(value.replace('+', '')))
  if (typeof value !== 'bigint') return new Fault(`must be a whole number, not ${kindOf(value)}`)
  return value >= INT64_MIN && value <= INT64_MAX ? value : new Fault('is a whole number beyond 64 bits')
}

const doubleRule: Rule = (value) => {
  if (typeof value === 'bigint') {
    const number = Number(value)
    const isExact = Number.isFinite(number) && BigInt(number) === value
    return isExact ? number : new Fault('has more digits than this kind of number can hold')
  }
  if (typeof value !== 'number') return new Fault(`must be a number, not ${kindOf(value)}`)
  return Number.isFinite(value) ? value + 0 : new Fault('must be a finite number')
}

const MOST_EXACT_DIGITS = 15

function decimalRule(precision: number, scale: number): Rule {
  // Already as it will be kept, which most texts are; anything else takes the long way.
  const settled = new RegExp(`^-?[1-9]\\d{0,${Math.max(precision - scale - 1, 0)}}${scale === 0 ? '' : `\\.\\d{${scale}}`}$`)
  return (value) => {
    if (typeof value === 'string' && precision > scale && settled.test(value)) return value
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') {
      return new Fault(`must be a decimal number, not ${kindOf(value)}`)
    }
    const parts = decimalParts(String(value))
    if (parts === null) return new Fault('must be a decimal number such as 12.50')
    if (typeof value === 'number' && parts.digits.length > MOST_EXACT_DIGITS) {
      return new Fault(`has more than ${MOST_EXACT_DIGITS} digits, which a JavaScript number cannot hold exactly; hand it over as text`)
    }
    if (parts.digits.length + parts.exponent > precision - scale) {
      return new Fault(`has more than ${precision - scale} digits before the decimal point`)
    }
    return withScale(parts, scale) ?? new Fault(`has more than ${scale} decimals`)
  }
}

const dateRule: Rule = (value) => {
  if (typeof value !== 'string') return new Fault(`must be a date written YYYY-MM-DD, not ${kindOf(value)}`)
  if (value.length === 10 && startsWithDay(value)) return value
  return new Fault(/^\d{4}-\d\d-\d\d$/.test(value) ? 'is not a day of the calendar' : 'must be a date written YYYY-MM-DD')
}

const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,](\d+))?)?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/
const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d[^Zz+-]*$/
const EARLIEST = Date.parse('1000-01-01T00:00:00.000Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')

const instantRule: Rule = (value) => {
  if (typeof value === 'string') return isSettledInstant(value) ? value : instantOfText(value)
  if (value instanceof Date) return instantOfTime(value.getTime())
  if (typeof value === 'number') return instantOfTime(value)
  return new Fault(`must be a point in time, not ${kindOf(value)}`)
}

/** True for `YYYY-MM-DDTHH:MM:SS.mmmZ`, as it will be kept. */
function isSettledInstant(text: string): boolean {
  if (text.length !== 24 || text[10] !== 'T' || text[19] !== '.' || text[23] !== 'Z' || text[0] === '0') return false
  return startsWithDay(text) && hasTimeOfDay(text) && numberAt(text, 20, 23) >= 0
}

function instantOfTime(time: number): string | Fault {
  if (!Number.isInteger(time)) return new Fault('must be a whole number of milliseconds since 1970')
  if (time < EARLIEST || time > LATEST) return new Fault('lies outside the years 1000 to 9999 (UTC)')
  return new Date(time).toISOString()
}

function instantOfText(text: string): string | Fault {
  const match = INSTANT.exec(text)
  if (match === null) {
    return new Fault(
      WITHOUT_OFFSET.test(text) ? 'says no time zone (write Z or an offset such as +02:00)' : 'must be a time such as 2026-01-31T12:00:00Z',
    )
  }
  const [, fraction = '', sign, offsetHour = '00', offsetMinute = '00'] = match
  if (!/^\d{0,3}0*$/.test(fraction)) return new Fault('is finer than a millisecond, which cannot be kept exactly')
  if (offsetHour > '23' || offsetMinute > '59') return new Fault('has an offset that no clock knows')
  const seconds = text[16] === ':' ? text.slice(17, 19) : '00'
  const local = `${text.slice(0, 10)}T${text.slice(11, 16)}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`
  if (!startsWithDay(local) || !hasTimeOfDay(local)) return new Fault('is not a time of the calendar')
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000
  if (offset === 0 && isSettledInstant(local)) return local
  return instantOfTime(sign === '-' ? Date.parse(local) + offset : Date.parse(local) - offset)
}

const jsonRule: Rule = (value) => {
  try {
    return stringifyJson(value)
  } catch (error) {
    return new Fault(`cannot be written as JSON: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}
