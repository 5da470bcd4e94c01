import { pageNumber, SourceError, type Http, type HttpPage } from '@handover/sdk'

/** Version 1.4 is named in the address, so that a newer one cannot change the answers unnoticed. */
const ADDRESS = 'https://randomuser.me/api/1.4/'

/** Always asked for in full: the same seed, page and size give the same people. Changing it would change who stands where. */
const PAGE_SIZE = 20

/** Records of one answer; `position` counts all people of the seed. */
export interface OnlinePage {
  readonly records: readonly unknown[]
  readonly end: number
  readonly request: string
}

/** People number `from` up to, but not including, `until` of this seed. Throws a `SourceError` when an answer does not hold all it should. */
export async function* onlinePeople(http: Http, seed: string, from: number, until: number): AsyncGenerator<OnlinePage> {
  let page = Math.floor(from / PAGE_SIZE)
  const answers = http.pages(ADDRESS, {
    query: { results: PAGE_SIZE, seed },
    next: pageNumber({ param: 'page', from: page + 1, stopWhenEmpty: peopleOf }),
  })
  for await (const answer of answers) {
    const start = page * PAGE_SIZE
    const end = Math.min(until, start + PAGE_SIZE)
    yield { records: peopleOf(answer).slice(Math.max(0, from - start), end - start), end, request: answer.request }
    if (end >= until) return
    page++
  }
}

/** The outage of spring 2026 answered 200 with no people, and said in the same breath that it was one. */
function peopleOf(answer: HttpPage): unknown[] {
  const { results, info, error } = answer.body ?? {}
  if (typeof error === 'string') throw new SourceError('randomuser.me could not answer. It usually recovers by itself.', { detail: error })
  if (!Array.isArray(results)) throw new SourceError('randomuser.me sent an answer without people in it.', { code: 'SOURCE_SHAPE' })
  if (results.length !== PAGE_SIZE) {
    throw new SourceError(
      `randomuser.me sent ${results.length} people where ${PAGE_SIZE} were asked for. It has had such outages before.`,
      {
        code: 'SOURCE_INCOMPLETE',
        detail: `info.results says ${String(info?.results)}`,
      },
    )
  }
  return results
}
