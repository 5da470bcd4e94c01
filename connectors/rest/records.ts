import { ConfigError } from '@handover/sdk'
import { isObject, valueAt, WHOLE } from './value-at.ts'

const DEEPEST = 3
const MOST_SHOWN = 8

/**
 * The records of an answer: the list at that place, or the one object there. Throws a `ConfigError` that names the lists that there are;
 * `isList` refuses an object where a list has been, because an API that is in trouble may answer with an object that says so.
 */
export function recordsAt(body: unknown, path: string, stream: string, isList = false): readonly unknown[] {
  const found = valueAt(body, path)
  if (Array.isArray(found)) return found
  // Some write null where a list is empty, but no answer at all is no list.
  if (found === null && body !== null) return []
  if (isObject(found) && !isList) return [found]
  throw noList(body, path, stream)
}

/** Where the records of an answer are when nobody has said it: the answer itself, its one list, or one record. */
export function findRecords(body: unknown, stream: string): string {
  if (Array.isArray(body)) return WHOLE
  const lists = listsIn(body).filter((path) => (valueAt(body, path) as unknown[]).every(isObject))
  const filled = lists.filter((path) => (valueAt(body, path) as unknown[]).length > 0)
  const [only, ...more] = filled.length > 0 ? filled : lists
  if (only !== undefined && more.length === 0) return only
  if (only === undefined && isObject(body)) return WHOLE
  const message = isObject(body)
    ? `The answer has more than one list: ${shown([only!, ...more])}. Say under records which one is meant.`
    : 'The answer is no list and no object, so there is nothing to make rows of.'
  throw new ConfigError(message, { fields: [{ name: `definition.streams.${stream}.records`, message }] })
}

function noList(body: unknown, path: string, stream: string): ConfigError {
  const lists = Array.isArray(body) ? [WHOLE] : listsIn(body)
  const has =
    lists.length > 0
      ? `The answer has lists at: ${shown(lists)}${lists[0] === WHOLE ? ' (the answer itself)' : ''}.`
      : isObject(body)
        ? `The answer has no list; it holds: ${shown(Object.keys(body))}. Write a dot to take it as one record.`
        : 'The answer has no list.'
  const message = path === WHOLE ? `The answer is no list. ${has}` : `There is no list at ${path}. ${has}`
  return new ConfigError(message, { fields: [{ name: `definition.streams.${stream}.records`, message }] })
}

function listsIn(value: unknown, depth = DEEPEST): string[] {
  if (!isObject(value) || depth === 0) return []
  return Object.entries(value).flatMap(([name, part]) =>
    Array.isArray(part) ? [name] : listsIn(part, depth - 1).map((path) => `${name}.${path}`),
  )
}

const shown = (names: readonly string[]): string => names.slice(0, MOST_SHOWN).join(', ') + (names.length > MOST_SHOWN ? ', …' : '')
