/**
 * Lays JSON text out in lines without reading its values, so that every digit and letter stays as the source wrote it.
 * Text that is no JSON object or array comes back as it is.
 */
export function tidy(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text
  let out = ''
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!
    if (inString) {
      out += letter
      if (letter === '\\') out += text[(at += 1)] ?? ''
      else if (letter === '"') inString = false
    } else if (letter === '"') {
      inString = true
      out += letter
    } else if (letter === '{' || letter === '[') {
      const end = closing(text, at)
      if (end >= 0) {
        out += letter + text[end]
        at = end
      } else out += letter + line((depth += 1))
    } else if (letter === '}' || letter === ']') out += line((depth = Math.max(0, depth - 1))) + letter
    else if (letter === ',') out += letter + line(depth)
    else if (letter === ':') out += ': '
    else if (!/\s/.test(letter)) out += letter
  }
  return out
}

/** Where an empty object or array that opens here closes; -1 when it is not empty. */
function closing(text: string, at: number): number {
  let next = at + 1
  while (/\s/.test(text[next] ?? '')) next += 1
  return text[next] === '}' || text[next] === ']' ? next : -1
}

function line(depth: number): string {
  return `\n${'  '.repeat(depth)}`
}
