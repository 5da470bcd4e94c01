import { SourceError, type Json } from '@handover/sdk'
import type { StreamDefinition } from './definition/schema.ts'
import { filled, columnAbove, type Fill } from './placeholders.ts'

/** What fills the places of a request. */
export interface Filling {
  /** Where the last load ended; null at the first one. */
  readonly cursor: Json
  /** The row of the parent; null without one. */
  readonly parent: Readonly<Record<string, unknown>> | null
  readonly now: Date
}

/** Path and query of the first page of a stream. A query value whose place has nothing to fill it is left out. */
export function requestOf(
  name: string,
  stream: StreamDefinition,
  filling: Filling,
): { readonly path: string; readonly query: Record<string, string> } {
  const fill: Fill = (place) => {
    if (place === 'cursor') return filling.cursor ?? stream.cursor?.start
    if (place === 'now') return filling.now.toISOString()
    return filling.parent?.[columnAbove(place) ?? '']
  }
  const path = filled(stream.path, fill, (value) => part(name, value))
  if (path === null) throw new SourceError(`${name}: a row of ${stream.parent} has no value for ${stream.path}, so it cannot be asked for.`)
  const query: Record<string, string> = {}
  for (const [key, value] of Object.entries(stream.query ?? {})) {
    const text = filled(String(value), fill)
    if (text !== null) query[key] = text
  }
  return { path, query }
}

/** One part of a path. Dots alone would climb up in the address. */
function part(name: string, value: string): string {
  if (/^\.{1,2}$/.test(value)) throw new SourceError(`${name}: the value “${value}” cannot stand in an address.`)
  return encodeURIComponent(value)
}
