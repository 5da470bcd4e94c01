import { linkHeader, recordsAt, type ExtractContext, type HttpPage, type Page, type PageStep } from '@handover/sdk'
import { z } from 'zod'
import { openGitHub, refuse, TOLD_BY_STATUS } from './api.ts'
import type { Settings } from './settings.ts'

const NOT_MODIFIED = 304
/** The repository has its issues switched off. */
const GONE = 410

/** Where the list of a repository goes on. */
const savedCursor = z.object({
  /** When the last issue that was read was changed; null before the first one. `since` of GitHub includes it. */
  since: z.iso.datetime().nullable(),
  /** Of the list from there on, when all of it is known: GitHub then says "not modified", which costs nothing. */
  etag: z.string().nullable(),
  /** The setting; another one begins anew. */
  from: z.string().nullable(),
})

/** Issues and pull requests of a repository, the one that was changed longest ago first. */
export async function* issues({ http, config, partition, cursor }: ExtractContext<Settings>): AsyncGenerator<Page> {
  const repository = partition.value as string
  const from = config.from ?? null
  const known = savedCursor.safeParse(cursor).data
  const last = known?.from === from ? known : { since: from === null ? null : `${from}T00:00:00Z`, etag: null, from }
  let since = last.since
  const pages = openGitHub(http, config).pages(`/repos/${repository}/issues`, {
    query: { state: 'all', sort: 'updated', direction: 'asc', since, per_page: 100 },
    headers: last.etag === null ? {} : { 'if-none-match': last.etag },
    allow: [NOT_MODIFIED, GONE, ...TOLD_BY_STATUS],
    next: byLastChange(since),
  })
  for await (const page of pages) {
    refuse(page, repository, config)
    if (page.status === NOT_MODIFIED || page.status === GONE) return
    const records = recordsAt(page)
    since = lastChangeIn(records) ?? since
    yield { records, request: page.request, cursor: { since, etag: since === last.since ? wholeTag(page) : null, from } }
  }
}

/** When the last of these issues was changed; null when it does not say so. */
const lastChangeIn = (records: readonly unknown[]): string | null =>
  z.object({ updated_at: z.iso.datetime() }).safeParse(records.at(-1)).data?.updated_at ?? null

/**
 * Goes on from the last change that was read. By the number of the page, an issue that is changed meanwhile would leave its place, all behind it
 * would move up, and one would slip through between two pages. Where a whole page was changed in the same second, GitHub's own link leads on.
 */
function byLastChange(first: string | null): PageStep {
  let since = first
  return {
    next: (page, index) => {
      const link = linkHeader().next(page, index)
      const last = lastChangeIn(recordsAt(page))
      if (link === null || last === null || last === since) return link
      since = last
      return { query: { since, page: 1 } }
    },
  }
}

/** The ETag of a list that is one page only. */
const wholeTag = (page: HttpPage): string | null => (linkHeader().next(page, 0) === null ? (page.headers['etag'] ?? null) : null)
