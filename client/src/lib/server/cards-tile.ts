import type { CardsTile } from '../model/tiles.ts'
import type { Dataset } from '../model/types.ts'
import { small } from '../model/words.ts'
import { timeColumn, type Known } from './known-columns.ts'
import { readRows } from './rows.ts'

const SHOWN = 6
const FACTS = 3

/** A few rows as cards, the latest where rows have a time. Every dataset can have it: without a name, the first text stands for it. */
export async function cardsTile(dataset: Dataset, columns: readonly Known[]): Promise<CardsTile | null> {
  const image = columns.find((column) => column.kind === 'image') ?? null
  const label = columns.find((column) => column.role === 'label' && column.facts.min !== null)
  const heading = label ?? firstText(columns) ?? columns.find((column) => column.kind !== 'image' && column.kind !== 'json')
  if (!heading) return null
  const time = timeColumn(dataset, columns)
  const facts = columns.filter((column) => column !== heading && isFact(column)).slice(0, FACTS)
  const names = [heading, ...(image ? [image] : []), ...facts].map((column) => column.name)
  const { nodes } = await readRows(dataset, {
    columns: [...new Set(names)],
    orderBy: [time ? { column: time.name, direction: 'DESC' } : { column: '_loadedAt', direction: 'DESC' }],
    first: SHOWN,
  })
  const why = image ? 'rows have pictures' : label ? `${small(label.title)} names each row` : 'there is little here to count or measure'
  const because = `Shown because ${why}.`
  return {
    kind: 'cards',
    heading,
    image: image?.name ?? null,
    facts,
    rows: nodes,
    total: Number(dataset.rows),
    latest: time !== null,
    because,
  }
}

const firstText = (columns: readonly Known[]): Known | undefined =>
  columns.find((column) => column.kind === 'text' && column.role !== 'url' && column.role !== 'identifier' && column.facts.min !== null)

const isFact = ({ kind, role, key, facts }: Known): boolean =>
  kind !== 'image' && kind !== 'json' && role !== 'latitude' && role !== 'longitude' && !(key && kind === 'int') && facts.min !== null
