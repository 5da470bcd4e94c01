import { cut, plain, widthOf, type Terminal, type Tone } from './terminal.ts'

/** One cell: a text, or a text that stands out. */
export type Cell = string | { readonly text: string; readonly tone: Tone }

/** One column. `right` puts numbers under each other; `long` may be cut on a screen that is too narrow. */
export interface Column {
  readonly title: string
  readonly right?: boolean
  readonly long?: boolean
}

const GAP = '  '
const LEAST_LONG = 12

/** Prints rows under their titles, aligned. On a screen the long columns are cut with "…" where the rest needs the place. */
export function printTable(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly Cell[])[]): void {
  const texts = rows.map((row) => row.map((cell) => plain(typeof cell === 'string' ? cell : cell.text)))
  const widths = fit(
    columns,
    columns.map(({ title }, index) => Math.max(widthOf(title), ...texts.map((row) => widthOf(row[index]!)))),
    terminal,
  )
  const lineOf = (row: readonly string[], style: (text: string, index: number) => string) =>
    row
      .map((text, index) => pad(style(cut(text, widths[index]!), index), widths[index]!, columns[index]!.right))
      .join(GAP)
      .trimEnd()
  const titles = columns.map(({ title }) => title)
  terminal.line(lineOf(titles, (text) => terminal.tone('quiet', text)))
  for (const [at, row] of rows.entries()) {
    terminal.line(lineOf(texts[at]!, (text, index) => toned(terminal, row[index]!, text)))
  }
}

function fit(columns: readonly Column[], widths: readonly number[], { columns: screen }: Terminal): number[] {
  const most = [...widths]
  if (screen === null) return most
  let over = most.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - screen
  for (const index of columns.keys()) {
    if (!columns[index]!.long || over <= 0) continue
    const width = Math.max(LEAST_LONG, most[index]! - over)
    over -= Math.max(0, most[index]! - width)
    most[index] = Math.min(most[index]!, width)
  }
  return most
}

function pad(text: string, width: number, right = false): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return right ? space + text : text + space
}

const toned = (terminal: Terminal, cell: Cell, text: string): string => (typeof cell === 'string' ? text : terminal.tone(cell.tone, text))

/** Prints names and what stands to them, one under the other; what is null is left out. */
export function printFacts(terminal: Terminal, facts: readonly (readonly [name: string, text: string | null])[]): void {
  const width = Math.max(...facts.map(([name]) => name.length)) + 4
  for (const [name, text] of facts) {
    if (text !== null) terminal.line(`  ${terminal.tone('quiet', name.padEnd(width - 2))}${terminal.wrapped(plain(text), width)}`)
  }
}
