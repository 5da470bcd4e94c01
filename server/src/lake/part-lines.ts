/// <reference lib="es2024.string" />
/** What the texts of records begin with, from one of them on until the next head. */
export interface Head {
  /** The first record, counted from 0. */
  readonly from: number
  readonly text: string
}

// A line is the record's text as it is, so that a part of JSON records is NDJSON for everybody. Two signs in front mean something else: `"` a
// text written as a JSON string, because it would not be one line otherwise, and `+` a head, which all texts from here on begin with.

/** The lines of a part: each text, without its head, and the heads where they begin. */
export function linesOf(texts: readonly string[], heads: readonly Head[]): string[] {
  if (heads.length === 0) return texts.map(lineOf)
  const lines: string[] = []
  let next = 0
  for (let index = 0; index < texts.length; index++) {
    if (heads[next]?.from === index) lines.push(`+${JSON.stringify(heads[next++]!.text)}`)
    lines.push(lineOf(texts[index]!))
  }
  return lines
}

/** The whole texts of the lines that `linesOf` wrote. */
export function readTexts(lines: readonly string[]): string[] {
  const texts: string[] = []
  let head = ''
  for (const line of lines) {
    if (line.startsWith('+')) head = JSON.parse(line.slice(1)) as string
    else texts.push(head + (line.startsWith('"') ? (JSON.parse(line) as string) : line))
  }
  return texts
}

const isPlain = (text: string): boolean =>
  text !== '' && !text.startsWith('"') && !text.startsWith('+') && !text.includes('\n') && text.isWellFormed()

const lineOf = (text: string): string => (isPlain(text) ? text : JSON.stringify(text))
