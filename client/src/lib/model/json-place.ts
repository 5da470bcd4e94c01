const BLANK = /[ \t\n\r]*/y
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
// oxlint-disable-next-line no-control-regex -- JSON forbids exactly these inside of text
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y

/**
 * Where a text stops being JSON, as a person counts: `line 3, column 7`. Parsers of browsers say it in different ways, or not at all.
 * For text that is no JSON only.
 */
export function jsonFaultPlace(text: string): string {
  const before = text.slice(0, new Scan(text).end()).split('\n')
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`
}

/** Reads as far as the text is JSON. */
class Scan {
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** The first place that does not fit. */
  end(): number {
    if (this.value()) this.take(BLANK)
    return this.at
  }

  private value(): boolean {
    this.take(BLANK)
    const sign = this.text[this.at]
    if (sign === '{') return this.list('}', () => this.take(TEXT) && this.sign(':') && this.value())
    if (sign === '[') return this.list(']', () => this.value())
    return sign === '"' ? this.take(TEXT) : this.take(PLAIN)
  }

  private list(close: string, entry: () => boolean): boolean {
    this.at += 1
    if (this.sign(close)) return true
    for (;;) {
      this.take(BLANK)
      if (!entry()) return false
      if (this.sign(close)) return true
      if (!this.sign(',')) return false
    }
  }

  private sign(wanted: string): boolean {
    this.take(BLANK)
    if (this.text[this.at] !== wanted) return false
    this.at += 1
    return true
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)
    if (found) this.at += found[0].length
    return found !== null
  }
}
