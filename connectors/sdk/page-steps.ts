import type { Json } from './contract.ts'
import { SourceError } from './errors.ts'
import type { HttpPage, PageStep } from './http.ts'
import { shownUrl } from './http-url.ts'
import { saidMore } from './said-more.ts'

/** Where to look in an answer: names joined by dots, or a function. */
export type At = string | ((page: HttpPage) => unknown)

/** The next page is named by the answer's `Link: <…>; rel="next"` header. */
export function linkHeader(): PageStep {
  return {
    next: (page) => {
      const url = nextLink(page.headers['link'] ?? '')
      return url === null ? null : { url: new URL(url, page.url).href }
    },
  }
}

/** The answer carries the address of the next page, whole or from its own address on. No address, null or empty text ends the list. */
export function nextUrl(options: { readonly at: At }): PageStep {
  return {
    next: (page) => {
      const url = find(page, options.at)
      if (url === undefined || url === null || url === '') return null
      if (typeof url !== 'string' || !URL.canParse(url, page.url))
        throw new SourceError('The source sent an address for the next page that is none.', { code: 'SOURCE_PAGING' })
      return { url: new URL(url, page.url).href }
    },
  }
}

/** The answer carries a token for the next page, which goes into the query. No token, null or empty text ends the list. */
export function nextToken(options: { readonly at: At; readonly param: string }): PageStep {
  return {
    next: (page) => {
      const token = find(page, options.at)
      if (token === undefined || token === null || token === '') return null
      if (typeof token === 'object')
        throw new SourceError('The source sent a token for the next page that is not text.', { code: 'SOURCE_PAGING' })
      return { query: { [options.param]: token as Json } }
    },
  }
}

/**
 * Pages are numbered. The list ends with an empty page, or with one of fewer than `size` records when `size` is given and the answer itself
 * does not say that there is more. `stopWhenEmpty` says where the records of a page are; without it the answer itself must be a list.
 */
export function pageNumber(options: {
  readonly param: string
  readonly from?: number
  readonly size?: number
  readonly stopWhenEmpty?: At
}): PageStep {
  const from = options.from ?? 1
  return {
    first: { [options.param]: from },
    next: (page, index) => {
      const count = recordsAt(page, options.stopWhenEmpty).length
      const isShort = options.size !== undefined && count < options.size && !goesOn(page, index, count, options.size)
      return count === 0 || isShort ? null : { query: { [options.param]: from + index + 1 } }
    },
  }
}

/** True when an answer says itself that more follow this page, so that the size which makes it look like the last one must be wrong. */
function goesOn({ body }: HttpPage, index: number, count: number, size: number): boolean {
  const { total, pages, next } = saidMore(body)
  if (next !== null || (pages !== null && pages.value > index + 1)) return true
  // Pages hold at least one record each, so a total also says how many pages there can be.
  return total !== null && total.value > Math.max(count, index + 1) && (total.value > index * size + count || total.value <= index * size)
}

/**
 * The query says where to begin: at 0, or at `from` where the first record has another number. The list ends at `total`, when the answer says
 * it, else with a page of fewer than `limit` records.
 */
export function offset(options: {
  readonly param: string
  readonly from?: number
  readonly limitParam: string
  readonly limit: number
  readonly total?: At
  readonly records?: At
}): PageStep {
  const { param, from = 0, limitParam, limit, total, records } = options
  return {
    first: { [param]: from, [limitParam]: limit },
    next: (page, index) => {
      const read = (index + 1) * limit
      const all = total === undefined ? null : countIn(find(page, total))
      const ended = all === null ? recordsAt(page, records).length < limit : read >= all
      return ended ? null : { query: { [param]: from + read, [limitParam]: limit } }
    },
  }
}

/** JavaScript takes null, an empty text and much else for 0, which would end a list that has only begun. */
function countIn(total: unknown): number {
  if (typeof total === 'string' ? /^\d+$/.test(total) : Number.isInteger(total) && (total as number) >= 0) return Number(total)
  throw new SourceError('The source did not say how many records there are.', { code: 'SOURCE_PAGING' })
}

function nextLink(header: string): string | null {
  for (const [, url, params] of header.matchAll(/<([^<>]*)>((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:"[^"]*"|[^\s;,]*))?)*)/g)) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]*))/i.exec(params ?? '')
    const names = (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/)
    if (url !== undefined && names.includes('next')) return url
  }
  return null
}

/** What stands at that place of an answer; undefined when there is nothing. */
export function find(page: HttpPage, at: At): unknown {
  if (typeof at === 'function') return at(page)
  return at.split('.').reduce<any>((value, name) => value?.[name], page.body)
}

/** The list of records in an answer: the answer itself, or what stands at a place in it. Throws a `SourceError` when there is no list. */
export function recordsAt(page: HttpPage, at?: At): readonly unknown[] {
  const list = at === undefined ? page.body : find(page, at)
  if (Array.isArray(list)) return list
  const where = typeof at === 'string' ? ` at "${at}"` : ''
  // An answer of `http.get` is taken too, and does not say how it was asked for.
  const asked = (page as Partial<HttpPage>).request ?? `GET ${shownUrl(new URL(page.url))}`
  throw new SourceError(`The source sent a page without a list of records${where}. It was asked: ${asked}`, { code: 'SOURCE_PAGING' })
}
