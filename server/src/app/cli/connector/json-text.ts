import { parseRecord } from '@handover/sdk'

/** The value of a text; undefined when it is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return parseRecord(text) as unknown
  } catch {
    return undefined
  }
}

/** The values of a text with one record per line, undefined for an empty line; null when it is no such text. */
export function jsonLines(text: string): unknown[] | null {
  const lines = text.split('\n')
  const values = lines.map((line) => (line.trim() === '' ? undefined : jsonOf(line)))
  return lines.length > 1 && values.every((value, at) => value !== undefined || lines[at]!.trim() === '') ? values : null
}
