import { expect } from 'vitest'
import type { Connector, Json } from '../contract.ts'
import type { Fetcher } from '../http-fetch.ts'
import type { RunOptions } from './conformance.ts'
import { collectPages, openConnector } from './host.ts'
import { oddCursors } from './odd-cursors.ts'
import { expectCalm } from './outcome.ts'
import { replay } from './replay.ts'

/** Partitions of one stream that are tried. */
const MOST_PARTITIONS = 4
/** How many times more pages than usual an odd cursor may bring, and how many besides. */
const TIMES_MORE = 3
const PAGES_MORE = 20

/** Goes on from cursors that make no sense: each must come to an end, with records or with an error that a person can read. */
export async function expectCalmWithOddCursors(connector: Connector, options: RunOptions): Promise<void> {
  const { streams } = await openConnector(connector, { ...options, fetcher: refusing(replay(options.fixtures)) })
  for (const stream of firstOfEach(streams)) {
    const usual = await collectPages(stream)
    const real: Json[] = usual.flatMap(({ cursor }) => (cursor === undefined ? [] : [cursor]))
    if (real.length === 0) continue
    const most = usual.length * TIMES_MORE + PAGES_MORE
    for (const cursor of oddCursors(real.slice(-1))) {
      const when = `with the cursor ${JSON.stringify(cursor).slice(0, 200)} of stream ${stream.name}`
      let pages = 0
      try {
        for await (const _page of stream.extract(cursor)) if (++pages > most) break
      } catch (error) {
        expectCalm(error, when)
      }
      expect(pages, `pages read ${when}; does it end?`).toBeLessThanOrEqual(most)
    }
  }
}

/** A few partitions of each stream. */
function firstOfEach<T extends { readonly name: string }>(streams: readonly T[]): T[] {
  return streams.filter((stream, index) => streams.slice(0, index).filter(({ name }) => name === stream.name).length < MOST_PARTITIONS)
}

/** Answers what is not recorded as a source answers a question that makes no sense to it. */
function refusing(fetcher: Fetcher): Fetcher {
  const body = (async function* () {})()
  return { ...fetcher, fetch: (request) => fetcher.fetch(request).catch(() => ({ status: 400, headers: {}, body })) }
}
