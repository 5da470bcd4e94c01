import { stripVTControlCharacters, styleText } from 'node:util'

/** A stream that text is written to, and what is known about the screen behind it. */
export type Screen = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

/** How a text stands out on a screen. */
export type Tone = 'good' | 'careful' | 'bad' | 'quiet' | 'strong'

const STYLES = { good: 'green', careful: 'yellow', bad: 'red', quiet: 'dim', strong: 'bold' } as const
const LEAST_COLUMNS = 40
/** Control characters, ends of lines, and what turns the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** Where a command prints. Texts from elsewhere go through `plain` first, so that they cannot steer the screen. */
export class Terminal {
  /** Characters in a line of the screen; null where there is no screen, and nothing is cut or wrapped. */
  readonly columns: number | null
  readonly #out: Screen
  readonly #err: Screen

  constructor(out: Screen, err: Screen) {
    this.#out = out
    this.#err = err
    this.columns = out.isTTY ? Math.max(LEAST_COLUMNS, out.columns || 80) : null
  }

  line(text = ''): void {
    this.#out.write(`${text}\n`)
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value, null, 2))
  }

  /** For what goes wrong: not part of the answer. */
  error(text: string): void {
    this.#err.write(`${text}\n`)
  }

  /** Shows a line that the next one takes the place of; only where there is a screen. An empty text takes it away. */
  progress(text: string): void {
    if (this.columns !== null) this.#out.write(`\r\u001b[K${cut(text, this.columns - 1)}`)
  }

  /** Colours a text, where there is a screen and nobody has set NO_COLOR. */
  tone(tone: Tone, text: string): string {
    return styleText(STYLES[tone], text, { stream: this.#out })
  }

  /** A long text in lines that fit beside an indent of that width; one line where there is no screen. */
  wrapped(text: string, indent: number): string {
    return this.columns === null ? text : wrap(text, this.columns - indent).join(`\n${' '.repeat(indent)}`)
  }
}

/** A text from elsewhere on one line, without anything that a screen would obey. */
export const plain = (text: string): string => text.replace(UNPRINTABLE, ' ').trim()

/** How many characters of a screen a text takes. */
export function widthOf(text: string): number {
  let width = 0
  for (const letter of stripVTControlCharacters(text)) width += /\p{Mark}/u.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1
  return width
}

/** The text, with "…" at its end when it would be wider. Not for coloured texts. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  for (const letter of text) {
    if (widthOf(kept + letter) > columns - 1) break
    kept += letter
  }
  return `${kept.trimEnd()}…`
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(longer) > columns) lines.push(line)
    line = line !== '' && widthOf(longer) > columns ? word : longer
  }
  return [...lines, line]
}
