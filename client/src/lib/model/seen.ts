import type { Int64 } from './types.ts'

/** What this browser saw when it last left the overview: rows per dataset. */
export interface Seen {
  at: string
  rows: Record<string, number>
}

/** Reads the cookie of the last visit; null on a first visit, or when the cookie is none of ours. */
export function lookedBefore(cookie: string | undefined): Seen | null {
  if (!cookie) return null
  try {
    const seen = JSON.parse(cookie) as Partial<Seen>
    if (typeof seen.at !== 'string' || Number.isNaN(Date.parse(seen.at)) || typeof seen.rows !== 'object' || seen.rows === null) return null
    return { at: seen.at, rows: seen.rows }
  } catch {
    return null
  }
}

/** What has changed in one dataset since then. */
export interface Delta {
  dataset: { sourceSlug: string; name: string; rows: Int64 }
  /** Null when the dataset is new since then. */
  change: number | null
}

/** The datasets whose number of rows is another than before, the largest change first. */
export function changesSince<D extends Delta['dataset']>(seen: Seen, datasets: readonly D[]): { dataset: D; change: number | null }[] {
  return datasets
    .map((dataset) => {
      const before = seen.rows[`${dataset.sourceSlug}/${dataset.name}`]
      return { dataset, change: before === undefined ? null : Number(dataset.rows) - before }
    })
    .filter(({ change }) => change !== 0)
    .toSorted((a, b) => Math.abs(b.change ?? Infinity) - Math.abs(a.change ?? Infinity))
}

/** What loads did to one table since then, as the server counted it. */
export interface Changed {
  sourceSlug: string
  dataset: string
  inserted: Int64
  updated: Int64
  removed: Int64
  setAside: Int64
  columns: string[]
  text: string
}

/** Tables in which something else has changed than the number of rows: rows that are other than before, columns, what was set aside. */
export const otherChanges = (changed: readonly Changed[]): Changed[] =>
  changed.filter(({ updated, setAside, columns }) => Number(updated) > 0 || Number(setAside) > 0 || columns.length > 0)
