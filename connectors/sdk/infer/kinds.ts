import type { ColumnKind } from '../contract.ts'
import { readNumber, stringifyJson } from '../json.ts'
import { Fault, ruleOf } from '../rules.ts'

/** The kinds that columns are found to have; exact decimals only where a schema declares them. */
export type FoundKind = Exclude<ColumnKind, 'image'>

/** What programs write where there is no value; read as empty in columns that are not text. */
const MISSING = new Set(['NA', 'N/A', '#N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None', '-'])

const INT = /^-?(?:0|[1-9]\d*)$/
const SHORT_INT = /^-?(?:0|[1-9]\d{0,14})$/
const DOUBLE = /^-?(?:0|[1-9]\d*)?(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const SHORT_DOUBLE = /^-?(?:0|[1-9]\d*)?(?:\.\d+)?$/
const EXACT_CHARACTERS = 15
const DATE = /^\d{4}-\d\d-\d\d$/
const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)?$/
const WITH_OFFSET = /(?:[Zz]|[+-]\d\d(?::?\d\d)?)$/

const dateRule = ruleOf({ kind: 'date' })
const instantRule = ruleOf({ kind: 'instant' })
const intRule = ruleOf({ kind: 'int' })
const doubleRule = ruleOf({ kind: 'double' })

/** The narrowest kind that takes this value; null when it says nothing (empty, or a word for "missing"). */
export function kindOfValue(value: unknown, typed: boolean): FoundKind | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'string') return typed ? kindOfTime(value) : kindOfCell(value.trim())
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'bigint') return intRule(value) instanceof Fault ? 'text' : 'int'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int' : 'double'
  return 'json'
}

function kindOfCell(cell: string): FoundKind | null {
  if (cell === '' || MISSING.has(cell)) return null
  if (INT.test(cell)) return intRule(cell) instanceof Fault ? 'text' : 'int'
  if (toDouble(cell) !== null) return 'double'
  return /^(?:true|false)$/i.test(cell) ? 'boolean' : kindOfTime(cell)
}

function kindOfTime(text: string): FoundKind {
  if (DATE.test(text)) return dateRule(text) instanceof Fault ? 'text' : 'date'
  return INSTANT.test(text) && !(instantRule(withOffset(text)) instanceof Fault) ? 'instant' : 'text'
}

/**
 * The kind that takes what either takes. Whole numbers widen to numbers, JSON takes all; anything else that differs is text.
 * Text never becomes narrower again.
 */
export function widen(one: FoundKind | null, other: FoundKind | null): FoundKind | null {
  if (one === null || other === null || one === other) return one ?? other
  if (one === 'json' || other === 'json') return 'json'
  return isNumber(one) && isNumber(other) ? 'double' : 'text'
}

/**
 * The kind of a column that has a table already. Only whole numbers become numbers: a text among numbers is a fault of that row, which is set
 * aside, and no reason to make texts of all numbers.
 */
export function widenKnown(known: FoundKind, seen: FoundKind | null): FoundKind {
  return known === 'int' && seen === 'double' ? 'double' : known
}

const isNumber = (kind: FoundKind): boolean => kind === 'int' || kind === 'double'

/** True when a time names no zone; such times are read as UTC. */
export const lacksOffset = (text: string): boolean => INSTANT.test(text) && !WITH_OFFSET.test(text)

const withOffset = (text: string): string => (lacksOffset(text) ? `${text}Z` : text)

/** Gives the value as a column of one kind takes it; `typed` says that the source tells text from numbers, as JSON does. */
export type Convert = (value: unknown, typed: boolean) => unknown

/** How values become those of a column. What does not fit is handed on as it is, and the host sets the row aside. */
export function converter(kind: FoundKind): Convert {
  if (kind === 'text') return (value) => (typeof value === 'string' ? value : toText(value))
  if (kind === 'json') return (value) => value ?? null
  const cell = converterOfCell(kind)
  return (value, typed) => {
    if (typeof value !== 'string') return value ?? null
    if (typed) return kind === 'instant' ? withOffset(value) : value
    return cell(value)
  }
}

/** The same for one value. */
export const convert = (kind: FoundKind, value: unknown, typed: boolean): unknown => converter(kind)(value, typed)

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'object' ? stringifyJson(value) : String(value)
}

function converterOfCell(kind: FoundKind): (text: string) => unknown {
  const read = readers[kind as keyof typeof readers] ?? readPlain
  return (text) => {
    const quick = read(text)
    if (quick !== null) return quick
    const cell = text.trim()
    return cell === '' || MISSING.has(cell) ? null : convertCell(kind, cell, text)
  }
}

function convertCell(kind: FoundKind, cell: string, text: string): unknown {
  switch (kind) {
    case 'int':
      return SHORT_INT.test(cell) ? Number(cell) : INT.test(cell) ? BigInt(cell) : text
    case 'double':
      return toDouble(cell) ?? text
    case 'boolean':
      return /^(?:true|false)$/i.test(cell) ? cell.toLowerCase() === 'true' : text
    case 'instant':
      return withOffset(cell)
    default:
      return cell
  }
}

// Values as most files write them are read without another look; null for all others.

const readers = {
  int: (text: string) => (DIGITS.test(text) ? Number(text) : null),
  double: (text: string) => (text.length <= EXACT_CHARACTERS && PLAIN_DOUBLE.test(text) ? Number(text) : null),
  boolean: (text: string) => (text === 'true' ? true : text === 'false' ? false : null),
  instant: (text: string) => (startsWithDigit(text) && text.endsWith('Z') ? text : null),
}

const DIGITS = /^(?:0|[1-9]\d{0,14})$/
const PLAIN_DOUBLE = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

const readPlain = (text: string): string | null => (startsWithDigit(text) && isDigit(text.charCodeAt(text.length - 1)) ? text : null)
const startsWithDigit = (text: string): boolean => isDigit(text.charCodeAt(0))
const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** The number that a text names, or null when it names none or more digits than a JavaScript number holds. A leading zero means text, such as a post code. */
function toDouble(cell: string): number | null {
  if (!DOUBLE.test(cell) || !/\d/.test(cell)) return null
  if (cell.length <= EXACT_CHARACTERS && SHORT_DOUBLE.test(cell)) return Number(cell)
  const number = doubleRule(readNumber(cell.startsWith('.') ? `0${cell}` : cell.replace('-.', '-0.')))
  return typeof number === 'number' ? number : null
}
