import type { Json, Page } from './contract.ts'
import type { HttpPage } from './http.ts'
import { find, recordsAt, type At } from './page-steps.ts'

/**
 * Turns pages of `http.pages` into what `extract` yields, for a source whose answers hold a list of records. `at` says where the list is
 * (names joined by dots; the answer itself when left out), `cursor` where the answer says from which point on to ask next time.
 */
export async function* recordPages(
  pages: AsyncIterable<HttpPage>,
  { at, cursor }: { readonly at?: At; readonly cursor?: At } = {},
): AsyncGenerator<Page> {
  for await (const page of pages) {
    const next = cursor === undefined ? undefined : (find(page, cursor) as Json | undefined)
    yield { records: recordsAt(page, at), request: page.request, ...(next !== undefined && next !== null && { cursor: next }) }
  }
}
