/** The place in an answer that stands for the whole of it. */
export const WHOLE = '.'

/** What stands at a place such as `amounts.total` or `items.0.id`; undefined when there is nothing. A name with a dot in it goes before two names. */
export function valueAt(value: unknown, path: string): unknown {
  if (path === WHOLE) return value
  if (typeof value !== 'object' || value === null) return undefined
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path]
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const name = path.slice(0, dot)
    if (Object.hasOwn(value, name)) return valueAt((value as Record<string, unknown>)[name], path.slice(dot + 1))
  }
  return undefined
}

/** What is said of a place when nobody has said more. */
export const aboutOf = (path: string): string =>
  path === WHOLE ? 'The value itself, as the API sends it.' : `“${path}”, as the API sends it.`

/** True for an object of JSON. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
