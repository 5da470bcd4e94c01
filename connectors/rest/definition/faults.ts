import type { z } from 'zod'
import { at } from './at.ts'
import type { Mistake } from './meaning.ts'
import { nearest, notKnown } from './nearest.ts'
import { describe, namesAt } from './shape.ts'

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block with names of its own',
  record: 'a block with names of its own',
}

/** What the schema found, in sentences that say what is known and what was meant. */
export function schemaFaults(value: unknown, issues: readonly z.core.$ZodIssue[]): Mistake[] {
  const faults = issues.flatMap((issue) => faultsOf(value, issue))
  // A mistyped name is both: one too many, and the right one missing. One sentence is enough.
  const isMistyped = ({ path, isMissing }: Mistake): boolean =>
    isMissing === true &&
    faults.some((other) => other.isName && isBeside(path, other.path) && nearest(String(other.path.at(-1)), [String(path.at(-1))]) !== null)
  return faults.filter((fault) => !isMistyped(fault))
}

const isBeside = (one: readonly PropertyKey[], other: readonly PropertyKey[]): boolean =>
  one.length === other.length && one.slice(0, -1).every((name, index) => name === other[index])

function faultsOf(value: unknown, issue: z.core.$ZodIssue): Mistake[] {
  const { path } = issue
  const found = at(value, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], isName: true, message: notKnown(key, namesAt(value, path)) }))
    case 'invalid_key':
      return [{ path, isName: true, message: `${issue.issues[0]?.message ?? 'This name cannot be used'}, not “${String(path.at(-1))}”` }]
    case 'invalid_value':
      return [found === undefined ? missing(path, issue.values) : { path, message: notKnown(String(found), issue.values.map(String)) }]
    case 'invalid_union': {
      const { options } = issue as { options?: readonly string[] }
      if (options === undefined) break
      return [found === undefined ? missing(path, options) : { path, message: notKnown(String(found), options) }]
    }
    case 'invalid_type':
      if (found === undefined) return [missing(path)]
      if (issue.message.startsWith('Invalid'))
        return [{ path, message: `must be ${KINDS[issue.expected] ?? issue.expected}, not ${kindOf(found)}` }]
  }
  return [found === undefined ? missing(path) : { path, message: issue.message }]
}

function missing(path: readonly PropertyKey[], known?: readonly unknown[]): Mistake {
  const about = describe(path)
  const options = known === undefined ? '' : `: one of ${known.join(', ')}`
  const message = `${String(path.at(-1) ?? 'The definition')} is missing${options}${about === '' ? '' : `. ${about}`}`
  return { path, isMissing: true, message }
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object'
    ? 'a block'
    : typeof value === 'string'
      ? 'text'
      : typeof value === 'number'
        ? 'a number'
        : 'true or false'
}
