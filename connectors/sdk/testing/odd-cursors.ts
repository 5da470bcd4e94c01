import type { Json } from '../contract.ts'

/** Cursors that no version of a connector has written: another one may have, or a person. */
const STRANGE: readonly Json[] = [
  '',
  'x'.repeat(10_000),
  '9999-12-31T23:59:59.999Z',
  -1,
  0,
  9e15,
  true,
  [],
  {},
  { unknown: { to: ['anybody'] } },
]

/** Odd cursors: strange ones, and real ones with one part that is missing, of another kind, far too large or in the future. */
export function oddCursors(real: readonly Json[]): Json[] {
  return [...STRANGE, ...real.flatMap((cursor) => spoilt(cursor))]
}

function spoilt(value: Json): Json[] {
  if (Array.isArray(value)) return [...value.keys()].flatMap((at) => spoilt(value[at]).map((part) => value.with(at, part) as Json))
  if (typeof value !== 'object' || value === null) return odd(value)
  return Object.entries(value).flatMap(([name, part]) => {
    const { [name]: _gone, ...without } = value as Readonly<Record<string, Json>>
    return [without, ...spoilt(part).map((other) => ({ ...value, [name]: other }))]
  })
}

function odd(value: null | boolean | number | string): Json[] {
  if (typeof value === 'number') return [9e15, -9e15, String(value), null]
  if (typeof value === 'string') return [/^\d{4}-/.test(value) ? '9999-12-31T23:59:59.999Z' : `${value}zzzz`, '', 9e15, null]
  return ['odd', 9e15, {}]
}
