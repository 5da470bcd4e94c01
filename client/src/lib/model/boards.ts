import type { Column } from './types.ts'

/** A dashboard as the navigation names it. */
export interface Board {
  href: string
  title: string
  kind: 'people' | 'time' | 'map' | 'table'
  sourceSlug: string
  name: string
}

/** How many things wait for a person, beside the links of the navigation. */
export interface Badges {
  /** Sources that failed, are late, or hold a load. */
  sources: number
  /** Rows and records that are set aside. */
  aside: number
}

type Columns = readonly Pick<Column, 'kind' | 'role'>[]

/** A dataset with names, places and pictures can be followed on the map, person by person. */
export function tracksPeople(columns: Columns): boolean {
  const roles = new Set(columns.map((column) => column.role))
  const picture = columns.some((column) => column.role === 'image' || column.kind === 'image')
  return roles.has('label') && roles.has('latitude') && roles.has('longitude') && picture
}

/** The page of one dataset, chosen by what its columns can show. */
export function boardOf(dataset: { sourceSlug: string; name: string; title: string; columns: Columns }): Board {
  const people = tracksPeople(dataset.columns)
  const roles = new Set(dataset.columns.map((column) => column.role))
  return {
    href: people ? `/tracking/${dataset.sourceSlug}` : `/data/${dataset.sourceSlug}/${dataset.name}`,
    title: people ? `Tracking ${dataset.title.charAt(0).toLowerCase()}${dataset.title.slice(1)}` : dataset.title,
    kind: people ? 'people' : roles.has('time') ? 'time' : roles.has('latitude') ? 'map' : 'table',
    sourceSlug: dataset.sourceSlug,
    name: dataset.name,
  }
}
