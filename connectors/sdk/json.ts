import { sameNumber } from './decimal.ts'
import { RecordError, SourceError } from './errors.ts'
import { elementTexts } from './json-slices.ts'

/** Own texts of records, for as long as the records live. Not state: what it answers for an object never changes. */
const texts = new WeakMap<object, string>()

/** A number literal that JavaScript may not hold: 16 characters or more, or an exponent. May match inside a string, which costs time only. */
const RISKY_NUMBER = /(?:^|[:,[\s])(-?\d(?:[\d.]{15}|[\d.]*[eE])[\d.eE+-]*)/g

/**
 * Parses JSON without losing a digit: whole numbers beyond 53 bits become bigint, decimals that a JavaScript number cannot hold become text.
 * Keeps the own text of each record (an object in a list at the top, or in a list inside objects at the top) for `recordText`.
 * Throws a `SourceError` when the text is not JSON.
 */
export function parseJson(text: string): any {
  const value = parseRecord(text)
  elementTexts(text, value, (element, own) => texts.set(element, own))
  return value
}

/** `parseJson` for the text of one record, such as a line of NDJSON: it does not look for records inside. */
export function parseRecord(text: string): any {
  try {
    return losesDigits(text) ? parseWithSource(text, exactNumbers) : JSON.parse(text)
  } catch (error) {
    throw new SourceError(notJson(text), {
      code: 'SOURCE_NOT_JSON',
      detail: error instanceof Error ? error.message : undefined,
      cause: error,
    })
  }
}

/** The own text of a record that `parseJson` read; undefined for other values. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? texts.get(value) : undefined
}

/** Reads a number literal of JSON: a number where that is exact, else bigint for whole numbers and the text itself for decimals. */
export function readNumber(literal: string): number | bigint | string {
  const number = Number(literal)
  if (String(number) === literal && (Number.isSafeInteger(number) || !Number.isInteger(number))) return number
  if (Number.isSafeInteger(number)) return sameNumber(literal, String(number)) ? number : literal
  if (/^-?\d+$/.test(literal)) return BigInt(literal)
  return Number.isFinite(number) && sameNumber(literal, String(number)) ? number : literal
}

/** Writes a value as JSON with every digit of a bigint. Throws a `RecordError` for what JSON cannot carry. */
export function stringifyJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return rawJson(part.toString())
    if (typeof part === 'number' && !Number.isFinite(part)) throw new RecordError(`JSON cannot carry the number ${part}`)
    if (typeof part === 'function' || typeof part === 'symbol') throw new RecordError(`JSON cannot carry a ${typeof part}`)
    return part
  }) as string | undefined
  if (text === undefined) throw new RecordError('JSON cannot carry a missing value')
  return text
}

function losesDigits(text: string): boolean {
  for (const [, literal] of text.matchAll(RISKY_NUMBER)) if (typeof readNumber(literal!) !== 'number') return true
  return false
}

const exactNumbers: Reviver = (_key, value, context) =>
  typeof value === 'number' && context.source !== undefined ? readNumber(context.source) : value

function notJson(text: string): string {
  const odd = /[:,[\s](-?(?:NaN|Infinity))\b/.exec(text)
  if (odd !== null) return `The source sent ${odd[1]}, which JSON does not allow, so nothing of this answer can be trusted.`
  if (text.trim() === '') return 'The source sent an empty answer where JSON was expected.'
  if (text.trimStart().startsWith('<')) return 'The source sent a web page where JSON was expected.'
  return 'The source sent text that is not JSON.'
}

// TypeScript's library does not know JSON.rawJSON and the reviver's third argument yet; Node has both since version 22.
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON
