import { cut, plain, widthOf, type Terminal, type Tone } from './terminal.ts'

/** One cell: a text, or a text that stands out. */
export type Cell = string | { readonly text: string; readonly tone: Tone }

/** One column. `right` puts numbers under each other; on a screen that is too narrow `long` may be cut, and then `spare` is left out. */
export interface Column {
  readonly title: string
  readonly right?: boolean
  readonly long?: boolean
  readonly spare?: boolean
}

const GAP = '  '
const LEAST_LONG = 12

/** Prints rows under their titles, aligned; a column without any text is left out. */
export function printTable(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly Cell[])[]): void {
  const texts = rows.map((row) => row.map((cell) => plain(typeof cell === 'string' ? cell : cell.text)))
  const wanted = columns.map(({ title }, index) => {
    const widest = Math.max(...texts.map((row) => widthOf(row[index]!)))
    return widest > 0 ? Math.max(widthOf(title), widest) : 0
  })
  const widths = fit(columns, wanted, terminal.columns)
  const lineOf = (row: readonly string[], style: (text: string, index: number) => string) =>
    row
      .flatMap((text, index) =>
        widths[index]! > 0 ? [pad(style(cut(text, widths[index]!), index), widths[index]!, columns[index]!.right)] : [],
      )
      .join(GAP)
      .trimEnd()
  const titles = columns.map(({ title }) => title)
  terminal.line(lineOf(titles, (text) => terminal.tone('quiet', text)))
  for (const [at, row] of rows.entries()) terminal.line(lineOf(texts[at]!, (text, index) => toned(terminal, row[index]!, text)))
}

/** Widths that fit on the screen as far as they can: 0 for a column that is left out. */
function fit(columns: readonly Column[], wanted: readonly number[], screen: number | null): number[] {
  const widths = [...wanted]
  const over = () =>
    screen === null ? 0 : widths.reduce((sum, width) => (width === 0 ? sum : sum + width + GAP.length), -GAP.length) - screen
  const indexes = [...columns.keys()].toReversed()
  for (const index of indexes)
    if (columns[index]!.long && over() > 0) widths[index] = Math.min(widths[index]!, Math.max(LEAST_LONG, widths[index]! - over()))
  for (const index of indexes) if (columns[index]!.spare && over() > 0) widths[index] = 0
  // What was left out may have made room again.
  for (const index of indexes)
    if (columns[index]!.long && widths[index]! > 0) widths[index] = Math.min(wanted[index]!, widths[index]! + Math.max(0, -over()))
  return widths
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
