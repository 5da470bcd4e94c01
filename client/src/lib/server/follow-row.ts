import type { Column, Dataset } from '../model/types.ts'
import { tryAsk } from './api.ts'
import { PLACE, readRows } from './rows.ts'

/** One row, and the record that it was made from. */
export interface FollowedRow {
  /** What a person would call it. */
  name: string
  loadId: string
  loadedAt: string
  part: number
  line: number
  /** null when the raw record is not kept any more. */
  raw: { text: string; request: string | null; landedAt: string } | null
}

/** The newest row of a dataset with its raw record; null when there is no row. */
export async function followRow(dataset: Dataset): Promise<FollowedRow | null> {
  const named = nameColumns(dataset.columns)
  const columns = [...named.map((column) => column.name), ...PLACE]
  const { nodes } = await readRows(dataset, { columns, orderBy: [{ column: '_loadedAt', direction: 'DESC' }], first: 1 })
  const row = nodes[0]
  if (!row) return null
  const [part, line] = [Number(row._rawPart), Number(row._rawLine)]
  const { data } = await tryAsk<{ rawRecord: FollowedRow['raw'] }>(
    'query Raw($part: Int64!, $line: Int!) { rawRecord(part: $part, line: $line) { text request landedAt } }',
    { part, line },
  )
  const name = named.map((column) => row[column.name]).filter((value) => value !== null && value !== '')
  return { name: name.join(', '), loadId: String(row._loadId), loadedAt: String(row._loadedAt), part, line, raw: data?.rawRecord ?? null }
}

/** What a row is called by: its label, else what makes it unique. */
function nameColumns(columns: readonly Column[]): Column[] {
  const label = columns.filter((column) => column.role === 'label').slice(0, 1)
  if (label.length > 0) return label
  const keys = columns.filter((column) => column.key)
  return (keys.length > 0 ? keys : columns.filter((column) => column.kind !== 'image' && column.kind !== 'json')).slice(0, 3)
}
