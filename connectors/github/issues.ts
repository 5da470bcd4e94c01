import { linkHeader, type ExtractContext, type HttpPage, type Page, type PageStep } from '@handover/sdk'
import { openGitHub, refuse, TOLD_BY_STATUS } from './api.ts'
import type { Settings } from './settings.ts'

const NOT_MODIFIED = 304
/** The repository has its issues switched off. */
const GONE = 410

/** Where the list of a repository goes on. */
interface Cursor {
  /** When the last issue that was read was changed; null before the first one. `since` of GitHub includes it. */
  readonly since: string | null
  /** Of the list from there on, when all of it is known: GitHub then says "not modified", which costs nothing. */
  readonly etag: string | null
  /** The setting; another one begins anew. */
  readonly from: string | null
}

/** Issues and pull requests of a repository, the one that was changed longest ago first. */
export async function* issues({ http, config, partition, cursor }: ExtractContext<Settings>): AsyncGenerator<Page> {
  const repository = partition.value as string
  const from = config.from ?? null
  const known = cursor as Cursor | null
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
    const records = page.body as readonly Changed[]
    since = records.at(-1)?.updated_at ?? since
    yield { records, request: page.request, cursor: { since, etag: since === last.since ? wholeTag(page) : null, from } }
  }
}

/** What is read here of an issue. */
interface Changed {
  readonly updated_at: string
}

/**
 * Goes on from the last change that was read. By the number of the page, an issue that is changed meanwhile would leave its place, all behind it
 * would move up, and one would slip through between two pages. Where a whole page was changed in the same second, GitHub's own link leads on.
 */
function byLastChange(first: string | null): PageStep {
  let since = first
  return {
    next: (page, index) => {
      const link = linkHeader().next(page, index)
      const last = (page.body as readonly Changed[]).at(-1)?.updated_at
      if (link === null || last === undefined || last === since) return link
      since = last
      return { query: { since, page: 1 } }
    },
  }
}

/** The ETag of a list that is one page only. */
const wholeTag = (page: HttpPage): string | null => (linkHeader().next(page, 0) === null ? (page.headers['etag'] ?? null) : null)
