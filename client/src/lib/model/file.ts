import type { Column, Dataset } from './types.ts'

/** What a file holds besides the whole dataset. */
export interface FileRequest {
  /** null = every declared one. */
  columns: readonly string[] | null
  where: Record<string, unknown> | null
  orderBy: readonly object[] | null
}

/** Where the file of a dataset is, at this filter, in this order and with these columns. */
export function fileLink({ sourceSlug, name }: Pick<Dataset, 'sourceSlug' | 'name'>, { columns, where, orderBy }: FileRequest): string {
  const params = new URLSearchParams()
  if (columns) params.set('columns', columns.join(','))
  if (where) params.set('where', JSON.stringify(where))
  if (orderBy) params.set('orderBy', JSON.stringify(orderBy))
  const query = params.toString()
  return `/export/${sourceSlug}/${name}.csv${query ? `?${query}` : ''}`
}

/** The columns that an address asks for, in the order of the table; null when it names none of them, or all. */
export function readColumns(params: URLSearchParams, columns: readonly Pick<Column, 'name'>[]): string[] | null {
  const asked = new Set((params.get('columns') ?? '').split(','))
  const chosen = columns.filter(({ name }) => asked.has(name)).map(({ name }) => name)
  return chosen.length === 0 || chosen.length === columns.length ? null : chosen
}
