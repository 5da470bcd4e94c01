import { linkHeader, recordsAt, type ExtractContext, type HttpPage, type Page } from '@handover/sdk'
import { z } from 'zod'
import { openGitHub, refuse, TOLD_BY_STATUS } from './api.ts'
import type { Settings } from './settings.ts'

const NOT_MODIFIED = 304
/** The repository has no commit yet. */
const EMPTY = 409

/** A commit keeps its date when it is merged weeks later, so each load looks back by so much. */
const LOOK_BACK_MS = 30 * 86_400_000

/** Where the list of a repository goes on. */
const savedCursor = z.object({
  /** Date of the newest commit of all lists that were read to their end; null before the first one. */
  newest: z.iso.datetime().nullable(),
  /** The list that is being read: its next page, and the newest date in it. Null when it was read to its end. */
  next: z.string().nullable(),
  seen: z.string().nullable(),
  /** Of the list that is asked for next, when nothing was new in it. */
  etag: z.string().nullable(),
  /** The setting; another one begins anew. */
  from: z.string().nullable(),
})
type Cursor = z.output<typeof savedCursor>

/** Commits of the default branch, newest first as GitHub lists them; a list that was broken off is read to its end before a new one begins. */
export async function* commits({ http, config, partition, cursor }: ExtractContext<Settings>): AsyncGenerator<Page> {
  const repository = partition.value as string
  const from = config.from ?? null
  const known = savedCursor.safeParse(cursor).data
  const last: Cursor = known?.from === from ? known : { newest: null, next: null, seen: null, etag: null, from }
  const query = last.next === null ? { since: sinceOf(last), per_page: 100 } : {}
  const pages = openGitHub(http, config).pages(last.next ?? `/repos/${repository}/commits`, {
    query,
    headers: last.etag === null ? {} : { 'if-none-match': last.etag },
    allow: [NOT_MODIFIED, EMPTY, ...TOLD_BY_STATUS],
    next: linkHeader(),
  })
  let seen = last.seen ?? last.newest
  /** Of the first page: it changes when a commit comes on top, and none comes elsewhere without. */
  let tag: string | null = null
  let isFirst = last.next === null
  for await (const page of pages) {
    refuse(page, repository, config)
    if (page.status === NOT_MODIFIED || page.status === EMPTY) return
    const records = recordsAt(page) as readonly CommitRecord[]
    seen = newestOf(records, seen)
    if (isFirst) tag = page.headers['etag'] ?? null
    isFirst = false
    const next = nextOf(page)
    const isOver = next === null
    yield {
      records,
      request: page.request,
      cursor: {
        newest: isOver ? seen : last.newest,
        next,
        seen: isOver ? null : seen,
        etag: isOver && seen === last.newest ? tag : null,
        from,
      },
    }
  }
}

/** What is read here of a commit. */
interface CommitRecord {
  readonly commit?: { readonly committer?: { readonly date?: unknown } | null } | null
}

function sinceOf({ newest, from }: Cursor): string | null {
  if (newest !== null) return new Date(Date.parse(newest) - LOOK_BACK_MS).toISOString()
  return from === null ? null : `${from}T00:00:00Z`
}

/** Dates of GitHub are all written alike, in UTC, so the greatest text is the newest. */
const newestOf = (records: readonly CommitRecord[], known: string | null): string | null =>
  records.reduce((newest, record) => {
    const { data: date = null } = z.iso.datetime().safeParse(record?.commit?.committer?.date)
    return date !== null && (newest === null || date > newest) ? date : newest
  }, known)

function nextOf(page: HttpPage): string | null {
  const next = linkHeader().next(page, 0)
  return next !== null && 'url' in next ? next.url : null
}
