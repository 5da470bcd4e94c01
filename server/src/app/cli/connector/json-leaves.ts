/** A text or number inside of a JSON value. */
export interface Leaf {
  /** Names and places on the way to it. */
  readonly path: readonly (string | number)[]
  /** The nearest name above it; empty at the top. */
  readonly name: string
  readonly value: string | number | bigint | boolean
}

/** Every text, number and truth inside of a value, in order. */
export function leavesOf(value: unknown, path: readonly (string | number)[] = [], name = ''): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((part, at) => leavesOf(part, [...path, at], name))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, part]) => leavesOf(part, [...path, key], key))
  return value === null || value === undefined ? [] : [{ path, name, value: value as Leaf['value'] }]
}

/** A copy of the value with each text, number and truth as `change` gives it; names too where `rename` is given. */
export function mapLeaves(value: unknown, change: (leaf: Leaf) => unknown, rename = (name: string): string => name): unknown {
  const walk = (part: unknown, path: readonly (string | number)[], name: string): unknown => {
    if (Array.isArray(part)) return part.map((one, at) => walk(one, [...path, at], name))
    if (typeof part === 'object' && part !== null)
      return Object.fromEntries(Object.entries(part).map(([key, one]) => [rename(key), walk(one, [...path, key], key)]))
    return part === null || part === undefined ? part : change({ path, name, value: part as Leaf['value'] })
  }
  return walk(value, [], '')
}

/** A copy of the value with another one at that place. */
export function withLeaf(value: unknown, [step, ...rest]: readonly (string | number)[], made: unknown): unknown {
  if (step === undefined) return made
  if (Array.isArray(value)) return value.map((part, at) => (at === step ? withLeaf(part, rest, made) : part))
  const whole = value as Record<string, unknown>
  return { ...whole, [step]: withLeaf(whole[step], rest, made) }
}
