import { z } from 'zod'
import type { Role } from './contract.ts'
import { Fault, ruleOf, type ColumnType } from './rules.ts'

declare module 'zod' {
  interface GlobalMeta {
    /** What the column means to a reader. */
    role?: Role
    /** Unit of the numbers, such as `SEK` or `°C`. */
    unit?: string
    /** True when the value says something about a person. */
    personal?: boolean
    /** Set by `secret()`. */
    secret?: boolean
    /** JSON Schema of what the text of a setting holds once it is read as YAML, by `z.toJSONSchema`; a form is made from it. */
    document?: object
    /** What a new setting of that kind begins with. */
    example?: string
    /** Set by the helpers of this file: how the host keeps the value. */
    column?: ColumnType
  }
}

/** Whatever JSON can carry, as a record holds it; bigint for whole numbers beyond 53 bits. */
export type JsonInput =
  null | boolean | number | bigint | string | readonly JsonInput[] | { readonly [name: string]: JsonInput | undefined }

function scalar<Input, Output>(type: ColumnType, settle: (value: unknown) => unknown = (value) => value) {
  const rule = ruleOf(type)
  return z
    .custom<Input>((value) => value !== undefined, 'is missing')
    .transform((value, context): Output => {
      const result = rule(value)
      if (!(result instanceof Fault)) return settle(result) as Output
      context.issues.push({ code: 'custom', message: result.reason, input: value })
      return z.NEVER
    })
    .meta({ column: type })
}

/** An exact decimal number of at most `precision` digits (≤ 18), `scale` of them after the point. Takes text, numbers and bigint; gives text such as `12.50`. */
export function decimal(precision: number, scale: number) {
  return scalar<string | number | bigint, string>({ kind: 'decimal', precision, scale })
}

/** A whole number of 64 bits with sign. Takes bigint, safe numbers and digits as text; gives bigint. */
export function int64() {
  return scalar<bigint | number | string, bigint>({ kind: 'int' }, (value) => BigInt(value as bigint | number))
}

/** A day of the calendar, `YYYY-MM-DD`, years 0001 to 9999. */
export function date() {
  return scalar<string, string>({ kind: 'date' })
}

/** A point in time. Takes ISO text with any offset, a Date, or whole milliseconds since 1970; gives UTC text with milliseconds. Finer times are refused. */
export function instant() {
  return scalar<string | number | Date, string>({ kind: 'instant' })
}

/** Any JSON value; kept as JSON text, with all its digits. */
export function json() {
  return scalar<JsonInput, string>({ kind: 'json' })
}

/** The key of a picture (at most 191 characters) that the connector's `media` can fetch or draw. */
export function image() {
  return scalar<string, string>({ kind: 'image', max: 191 }).meta({ role: 'image' })
}

/** A setting that must never be shown: encrypted where it is kept, removed from logs and answers. */
export function secret() {
  return z.string().min(1).meta({ secret: true })
}
