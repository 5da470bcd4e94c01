import { error } from '@sveltejs/kit'
import type { Dataset, Group, Int64, Row } from '../model/types.ts'
import { ask } from './api.ts'
import { DATASET } from './fields.ts'

/** A condition on rows, in the API's own form. */
export type Where = Record<string, unknown>

/** How rows are sorted; the API adds the key, so that the order is the same each time. */
export interface Order {
  column: string
  direction: 'ASC' | 'DESC'
}

/** Part of the table of a dataset. */
export interface RowsQuery {
  columns: readonly string[]
  where?: Where | null
  orderBy?: readonly Order[]
  first: number
}

/** Rows, and how many there are in all. */
export interface Rows {
  nodes: Row[]
  totalCount: Int64
}

/** What groups are made by; `step` cuts numbers, `period` cuts times. */
export interface By {
  column: string
  step?: number
  period?: 'DECADE' | 'YEAR' | 'MONTH' | 'DAY' | 'HOUR'
}

/** Groups of rows with their counts. */
export interface GroupsQuery {
  by: readonly By[]
  where?: Where | null
  measures?: readonly { fn: 'SUM' | 'AVG' | 'MIN' | 'MAX'; column: string }[]
  orderBy?: 'COUNT' | 'KEY'
  direction?: 'ASC' | 'DESC'
  first?: number
}

type Place = Pick<Dataset, 'sourceField' | 'field' | 'type'>

/** The place of a row's raw record, asked for with every row. */
export const PLACE = ['_loadId', '_loadedAt', '_rawPart', '_rawLine', '_rawItem'] as const

/** The dataset of this name with its columns; a 404 page when there is none. */
export async function getDataset(source: string, name: string): Promise<Dataset> {
  const { dataset } = await ask<{ dataset: Dataset | null }>(
    `query Dataset($source: String!, $name: String!) { dataset(source: $source, name: $name) { ${DATASET} } }`,
    { source, name },
  )
  if (!dataset) error(404, { message: `There is no dataset “${name}” of a source “${source}”.` })
  return dataset
}

/** Rows of a dataset and their number; at most 1,000 at once. */
export async function readRows(dataset: Place, query: RowsQuery): Promise<Rows> {
  const document = `query Rows($where: ${dataset.type}_Where, $orderBy: [${dataset.type}_Order!], $first: Int!) {
    ${dataset.sourceField} { rows: ${dataset.field}(where: $where, orderBy: $orderBy, first: $first) {
      totalCount nodes { ${query.columns.join(' ')} }
    } }
  }`
  const variables = { where: query.where ?? null, orderBy: query.orderBy ?? [], first: query.first }
  const data = await ask<Record<string, { rows: Rows }>>(document, variables)
  return data[dataset.sourceField]!.rows
}

/** How many rows meet a condition. */
export async function countRows(dataset: Place, where: Where | null): Promise<number> {
  const document = `query Count($where: ${dataset.type}_Where) {
    ${dataset.sourceField} { rows: ${dataset.field}(where: $where, first: 1) { totalCount } }
  }`
  const data = await ask<Record<string, { rows: { totalCount: Int64 } }>>(document, { where })
  return Number(data[dataset.sourceField]!.rows.totalCount)
}

/** All rows up to a limit, page by page; for the points of a map. */
export async function readUpTo(dataset: Place, query: Omit<RowsQuery, 'first'>, limit: number): Promise<Row[]> {
  const document = `query Pages($where: ${dataset.type}_Where, $orderBy: [${dataset.type}_Order!], $first: Int!, $after: String) {
    ${dataset.sourceField} { rows: ${dataset.field}(where: $where, orderBy: $orderBy, first: $first, after: $after) {
      nodes { ${query.columns.join(' ')} } pageInfo { hasNextPage endCursor }
    } }
  }`
  const rows: Row[] = []
  let after: string | null = null
  do {
    const variables = { where: query.where ?? null, orderBy: query.orderBy ?? [], first: Math.min(1000, limit - rows.length), after }
    const data: Record<string, { rows: { nodes: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } }> = await ask(
      document,
      variables,
    )
    const page = data[dataset.sourceField]!.rows
    rows.push(...page.nodes)
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after && rows.length < limit)
  return rows
}

/** Groups of a dataset, counted by the warehouse. */
export async function readGroups(dataset: Place, query: GroupsQuery): Promise<{ groups: Group[]; total: number }> {
  const document = `query Groups($where: ${dataset.type}_Where, $by: [${dataset.type}_By!]!, $measures: [${dataset.type}_Measure!], $orderBy: GroupOrder!, $direction: SortDirection!, $first: Int!) {
    ${dataset.sourceField} { found: ${dataset.field}Groups(where: $where, by: $by, measures: $measures, orderBy: $orderBy, direction: $direction, first: $first) {
      total groups { keys count values }
    } }
  }`
  const data = await ask<Record<string, { found: { groups: Group[]; total: number } }>>(document, {
    where: query.where ?? null,
    by: query.by,
    measures: query.measures ?? [],
    orderBy: query.orderBy ?? 'COUNT',
    direction: query.direction ?? 'DESC',
    first: query.first ?? 100,
  })
  return data[dataset.sourceField]!.found
}
