import type { Column, DatasetShape } from '@handover/sdk'

/** Rows by name of column. */
type Rows = readonly Readonly<Record<string, unknown>>[]

// The dashboard chooses in client/src/lib/model/boards.ts and client/src/lib/server/{tiles,previews}.ts; docs/checks/dashboard.test.ts holds
// the choice of the page to it.

/** What the dashboard draws of a dataset, one sentence for each part, as far as the rows at hand can tell. */
export function dashboardWords(shape: DatasetShape, rows: Rows): string[] {
  const board = boardWords(shape)
  return [board.sentence, cardWords(shape), ...chartWords(shape, rows, board.kind === 'people')]
}

interface BoardColumns {
  readonly title: string
  readonly columns: readonly Pick<Column, 'kind' | 'role'>[]
}

/** Which page a dataset gets. */
export function boardWords({ title, columns }: BoardColumns): { kind: string; sentence: string } {
  const has = (role: string) => columns.some((column) => column.role === role)
  const isPlaced = has('latitude') && has('longitude')
  if (has('label') && isPlaced && columns.some((column) => column.kind === 'image' || column.role === 'image'))
    return {
      kind: 'people',
      sentence: `Page "Tracking ${title.charAt(0).toLowerCase()}${title.slice(1)}": a map of pictures and a list to follow each row by its name.`,
    }
  const kind = has('time') ? 'time' : has('latitude') ? 'map' : 'table'
  return { kind, sentence: `Page "${title}": a table with search, filters and download, below the charts.` }
}

function cardWords({ columns }: DatasetShape): string {
  const time = titleOf(columns, 'time')
  if (time !== null && titleOf(columns, 'image') === null) return `Card on the overview: rows over time, by ${time}.`
  if (titleOf(columns, 'latitude') !== null && titleOf(columns, 'longitude') !== null) return 'Card on the overview: a small map.'
  return 'Card on the overview: how many rows there were after each load. A column with the role time, or latitude and longitude, shows more.'
}

function chartWords(shape: DatasetShape, rows: Rows, isPeople: boolean): string[] {
  const { columns } = shape
  const number = columns.find((column) => isNumber(column) && !shape.key.includes(column.name) && column.role === null)
  const size = number === undefined ? '' : `, sized by ${number.title}`
  const dated = columns.find((column) => column.role === 'time' && isDated(column)) ?? columns.find(isDated)
  const shares = sharesOf(shape, rows)
  const isPlaced = titleOf(columns, 'latitude') !== null && titleOf(columns, 'longitude') !== null
  return [
    ...(isPlaced ? [`Map: one point per row${isPeople ? '' : size}.`] : []),
    ...(shares ? [`Shares: how often each ${shares.title} occurs.`] : []),
    ...(dated ? [`Columns over time: rows by ${dated.title}.`] : []),
    ...(number && !isPeople
      ? [`Spread of a number: how many rows have which ${number.title}${number.unit ? ` (${number.unit})` : ''}.`]
      : []),
  ]
}

/** The first column whose values repeat: a category, an enumeration, or text that says the same again and again. */
function sharesOf(shape: DatasetShape, rows: Rows): Column | undefined {
  const distinct = (column: Column) => new Set(rows.map((row) => row[column.name])).size
  const isPlain = (column: Column) =>
    column.kind === 'text' && !shape.key.includes(column.name) && column.role === null && distinct(column) <= Math.min(60, rows.length / 3)
  const repeats = (column: Column) => distinct(column) > 1
  return (
    shape.columns.find((column) => column.role === 'category' && repeats(column)) ??
    shape.columns.find((column) => column.values !== null && repeats(column)) ??
    shape.columns.find((column) => isPlain(column) && repeats(column))
  )
}

const isNumber = ({ kind }: Column): boolean => kind === 'int' || kind === 'double' || kind === 'decimal'
const isDated = ({ kind }: Column): boolean => kind === 'instant' || kind === 'date'
const titleOf = (columns: readonly Column[], role: string): string | null => columns.find((column) => column.role === role)?.title ?? null
