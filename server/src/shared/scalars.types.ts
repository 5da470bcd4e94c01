import { GraphQLScalarType, Kind, valueFromASTUntyped, type ValueNode } from 'graphql'

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})$/
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const LONGEST_INT64 = /^-?\d{1,19}$/
const INT64_MAX = 2n ** 63n - 1n

/** A moment: ISO 8601 in UTC with milliseconds. Taken with any offset; a day that does not exist is refused. */
export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment as ISO 8601 in UTC with milliseconds, for example 2026-03-01T09:30:00.000Z. Any offset is taken.',
  serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(textOf(node)),
})

/** A day without a time zone, `YYYY-MM-DD`. */
export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A day without a time zone, for example 2026-03-01.',
  serialize: String,
  parseValue: parseDay,
  parseLiteral: (node) => parseDay(textOf(node)),
})

/** A whole number of up to 64 bits: a JSON number where that is exact, else its digits as a string. */
export const Int64Scalar = new GraphQLScalarType<number | bigint, number | string>({
  name: 'Int64',
  description: 'A whole number of up to 64 bits. Beyond 9007199254740991 it is written as a string, so that no digit is lost.',
  serialize: (value) => {
    const exact = parseInt64(typeof value === 'bigint' ? String(value) : value)
    return typeof exact === 'number' ? exact : String(exact)
  },
  parseValue: parseInt64,
  parseLiteral: (node) => parseInt64(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : textOf(node)),
})

/** Any JSON value, as it is. */
export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
})

function textOf(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : valueFromASTUntyped(node)
}

function parseDay(value: unknown): string {
  const parts = typeof value === 'string' ? DAY.exec(value) : null
  if (!parts || !dayExists(parts)) throw new TypeError(`A day is written like 2026-03-01, not ${JSON.stringify(value)}.`)
  return value as string
}

function parseInstant(value: unknown): Date {
  const parts = typeof value === 'string' ? INSTANT.exec(value) : null
  const at = parts && dayExists(parts) ? new Date(value as string) : null
  if (!at || Number.isNaN(at.getTime())) throw new TypeError(`A moment is written like 2026-03-01T09:30:00Z, not ${JSON.stringify(value)}.`)
  return at
}

function dayExists([, year, month, day]: RegExpExecArray): boolean {
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.getUTCDate() === Number(day)
}

function parseInt64(value: unknown): number | bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  const exact = typeof value === 'string' && LONGEST_INT64.test(value) ? BigInt(value) : null
  if (exact === null || exact > INT64_MAX || exact < -INT64_MAX - 1n) {
    throw new TypeError(`A whole number is written as digits, beyond 9007199254740991 as a string; got ${JSON.stringify(value)}.`)
  }
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact
}
