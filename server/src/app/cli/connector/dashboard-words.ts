import type { Column, DatasetShape } from '@handover/sdk'
import { chosenParts, isMeasure, partsOf, type Rows } from './dashboard-parts.ts'

/** What the dashboard draws of a dataset, one sentence for each part, as far as the rows at hand can tell. */
export function dashboardWords(shape: DatasetShape, rows: Rows): string[] {
  if (rows.length === 0) return ['Nothing yet: no row came.']
  const board = boardWords(shape)
  const parts = partsOf(shape, rows)
  const shown = board.kind === 'people' ? parts.filter(({ kind }) => ['map', 'time', 'shares'].includes(kind)) : parts
  return [board.sentence, cardWords(shape), ...chosenParts(shown).map(({ words }) => words)]
}

interface BoardColumns {
  readonly title: string
  readonly columns: readonly Pick<Column, 'kind' | 'role'>[]
}

/** Which page a dataset gets, as `client/src/lib/model/boards.ts` chooses it. */
export function boardWords({ title, columns }: BoardColumns): { kind: string; sentence: string } {
  const has = (role: string) => columns.some((column) => column.role === role)
  const isPlaced = has('latitude') && has('longitude')
  if (has('label') && isPlaced && columns.some((column) => column.kind === 'image' || column.role === 'image')) {
    const name = `${title.charAt(0).toLowerCase()}${title.slice(1)}`
    return { kind: 'people', sentence: `Page "Tracking ${name}": a map of pictures, and a list to follow each row by its name.` }
  }
  const kind = has('time') ? 'time' : has('latitude') ? 'map' : 'table'
  return { kind, sentence: `Page "${title}": a table with search, filters and download, below at most four charts.` }
}

/** The picture of the card on the overview. */
function cardWords(shape: DatasetShape): string {
  const of = (role: string) => shape.columns.find((column) => column.role === role)
  const [time, category, number] = [of('time'), of('category'), shape.columns.find((column) => isMeasure(shape, column))]
  const isSeries = time !== undefined && number !== undefined && (shape.key.includes(time.name) || shape.load === 'append')
  const drawn = () => {
    if (time && !of('image')) return isSeries ? `${number.title} over time, by ${time.title}` : `rows over time, by ${time.title}`
    if (of('latitude') && of('longitude')) return 'a small map'
    if (category) return `how often each ${category.title} occurs`
    return number ? `how ${number.title} is spread` : 'the names of the newest rows'
  }
  return `Card on the overview: ${drawn()}.`
}
