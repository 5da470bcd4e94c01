const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const OPEN_LIST = 91
const CLOSE_LIST = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

/** Lists of records are looked for at the top and inside this many objects around them, as in `{"data":{"orders":{"nodes":[…]}}}`. */
const DEEPEST = 4

/**
 * Finds the own text of every object that stands in a list at the top of a JSON text or inside objects at its top.
 * The text is known to be valid JSON and `value` is what it parses to; of a repeated name the last one counts, as in `JSON.parse`.
 */
export function elementTexts(text: string, value: unknown, found: (element: object, own: string) => void): void {
  if (typeof value !== 'object' || value === null) return
  visit(skipSpace(text, 0), value, 0)

  /** Reads the value at `at`, which parsed to `parsed`, and gives the place behind it. */
  function visit(at: number, parsed: unknown, depth: number): number {
    const code = text.charCodeAt(at)
    if (code === OPEN_LIST && Array.isArray(parsed)) return visitList(at, parsed)
    if (code === OPEN_OBJECT && isObject(parsed) && depth < DEEPEST) return visitObject(at, parsed, depth)
    return skipValue(text, at)
  }

  function visitList(open: number, parsed: readonly unknown[]): number {
    let at = skipSpace(text, open + 1)
    for (let index = 0; text.charCodeAt(at) !== CLOSE_LIST; index++) {
      const end = skipValue(text, at)
      const element = parsed[index]
      if (text.charCodeAt(at) === OPEN_OBJECT && isObject(element)) found(element, text.slice(at, end))
      at = skipSeparator(text, end)
    }
    return at + 1
  }

  function visitObject(open: number, parsed: Record<string, unknown>, depth: number): number {
    let at = skipSpace(text, open + 1)
    while (text.charCodeAt(at) !== CLOSE_OBJECT) {
      const nameEnd = skipString(text, at)
      const name = JSON.parse(text.slice(at, nameEnd)) as string
      const start = skipSpace(text, skipSpace(text, nameEnd) + 1)
      at = skipSeparator(text, visit(start, parsed[name], depth + 1))
    }
    return at + 1
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function skipSpace(text: string, at: number): number {
  while (text.charCodeAt(at) <= 32) at++
  return at
}

/** From behind a value to the next value or the closing bracket. */
function skipSeparator(text: string, at: number): number {
  const next = skipSpace(text, at)
  return text.charCodeAt(next) === COMMA ? skipSpace(text, next + 1) : next
}

function skipString(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); ; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return at + 1
  }
}

function skipValue(text: string, start: number): number {
  let depth = 0
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = skipString(text, at) - 1
    else if (code === OPEN_LIST || code === OPEN_OBJECT) depth++
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      if (depth === 0) return at
      depth--
    } else if (depth > 0 || (code !== COMMA && code > 32)) {
      at++
      continue
    } else return at
    at++
    if (depth === 0) return at
  }
  return at
}
