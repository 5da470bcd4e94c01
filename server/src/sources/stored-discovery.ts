import { isDeepStrictEqual } from 'node:util'
import { checkDiscovery, type Discovery } from '@handover/sdk'

/** What a source was found to have, and what it had before that. */
export interface StoredDiscovery {
  /** Counts the different answers, from 1. */
  readonly version: number
  /** ISO 8601. */
  readonly at: string
  readonly current: Discovery
  readonly previous: Discovery | null
}

/** Reads the column of a source. */
export const readDiscovery = (text: string | null): StoredDiscovery | null => (text === null ? null : (JSON.parse(text) as StoredDiscovery))

/**
 * Checks an answer of `discover` and gives what is to be stored: `known` itself when nothing changed. Whatever JSON cannot carry is gone
 * afterwards, so that the connector gets back exactly what the next start would give it.
 */
export function nextDiscovery(known: StoredDiscovery | null, answer: Discovery, now: Date): StoredDiscovery {
  checkDiscovery(answer)
  const current = JSON.parse(JSON.stringify(answer)) as Discovery
  if (known !== null && isDeepStrictEqual(known.current, current)) return known
  return { version: (known?.version ?? 0) + 1, at: now.toISOString(), current, previous: known?.current ?? null }
}
