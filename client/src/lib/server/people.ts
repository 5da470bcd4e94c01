import { error } from '@sveltejs/kit'
import { tracksPeople } from '../model/boards.ts'
import type { Dataset, Int64, Row, Source } from '../model/types.ts'
import { ask } from './api.ts'
import { DATASET, SOURCE } from './fields.ts'
import { PLACE, readRows, type Where } from './rows.ts'

/** Which columns of a dataset say who a person is and where. */
export interface PeopleColumns {
  key: string
  label: string
  latitude: string
  longitude: string
  image: string
}

/** The dataset of a source that can be followed person by person; a 404 page when there is none. */
export async function getPeople(slug: string): Promise<{ source: Source; dataset: Dataset }> {
  const { source } = await ask<{ source: (Source & { datasets: Dataset[] }) | null }>(
    `query People($slug: String!) { source(slug: $slug) { ${SOURCE} datasets { ${DATASET} } } }`,
    { slug },
  )
  if (!source) error(404, { message: `There is no source “${slug}”.` })
  const dataset = source.datasets.find((one) => tracksPeople(one.columns))
  if (!dataset) error(404, { message: `No dataset of “${source.title}” has names, positions and pictures, so there is nobody to follow.` })
  return { source, dataset }
}

/** The columns of people in a dataset that `getPeople` found. */
export function peopleColumns(dataset: Dataset): PeopleColumns {
  const of = (role: string) =>
    dataset.columns.find((column) => column.role === role || (role === 'image' && column.kind === 'image'))?.name ?? ''
  const label = of('label')
  return { key: dataset.key[0] ?? label, label, latitude: of('latitude'), longitude: of('longitude'), image: of('image') }
}

/** One person, the neighbours in the order of names, and the place in it. */
export interface Chosen {
  row: Row
  previous: string | null
  next: string | null
  position: number
  total: number
}

/** The person asked for, else the first by name; null when the table is empty. */
export async function choosePerson(dataset: Dataset, wanted: string | null): Promise<Chosen | null> {
  const { key, label } = peopleColumns(dataset)
  const keyIsNumber = dataset.columns.find((column) => column.name === key)?.kind === 'int'
  const columns = [...dataset.columns.map((column) => column.name), ...PLACE]
  const byName = (direction: 'ASC' | 'DESC') => [
    { column: label, direction },
    { column: key, direction },
  ]
  const read = (where: Where | null, names: readonly string[], direction: 'ASC' | 'DESC' = 'ASC') =>
    readRows(dataset, { columns: names, where, orderBy: byName(direction), first: 1 })
  const exact = wanted === null ? null : await read({ [key]: { eq: keyIsNumber ? Number(wanted) : wanted } }, columns)
  const found = exact?.nodes[0] ? exact : await read(null, columns)
  const row = found.nodes[0]
  if (!row) return null
  const beside = (than: 'lt' | 'gt'): Where => ({
    or: [{ [label]: { [than]: row[label] } }, { and: [{ [label]: { eq: row[label] } }, { [key]: { [than]: row[key] } }] }],
  })
  const [before, after] = await Promise.all([read(beside('lt'), [key], 'DESC'), read(beside('gt'), [key])])
  const id = (rows: { nodes: Row[] }) => (rows.nodes[0] ? String(rows.nodes[0][key]) : null)
  const position = Number(before.totalCount) + 1
  return { row, previous: id(before), next: id(after), position, total: position + Number(after.totalCount) }
}

/** People whose name holds the text, and how many there are. */
export async function findPeople(
  dataset: Dataset,
  text: string,
  most: number,
): Promise<{ hits: { id: string; name: string; note: string; image: string }[]; total: Int64 }> {
  const { key, label, image } = peopleColumns(dataset)
  const note =
    dataset.columns.find((column) => column.name === 'city')?.name ?? dataset.columns.find((column) => column.role === 'category')?.name
  const { nodes, totalCount } = await readRows(dataset, {
    columns: [...new Set([key, label, image, ...(note ? [note] : [])])],
    where: text ? { [label]: { contains: text } } : null,
    orderBy: [
      { column: label, direction: 'ASC' },
      { column: key, direction: 'ASC' },
    ],
    first: most,
  })
  return {
    total: totalCount,
    hits: nodes.map((row) => ({ id: word(row[key]), name: word(row[label]), note: note ? word(row[note]) : '', image: word(row[image]) })),
  }
}

function word(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}
