import {
  linkHeader,
  nameOf,
  nextToken,
  nextUrl,
  offset,
  pageNumber,
  plainValues,
  saidMore,
  stringifyJson,
  type Http,
  type HttpPage,
  type PageStep,
  type Query,
  type Response,
} from '@handover/sdk'
import { findList, type FoundList } from './find-list.ts'
import { codeOf, quoted } from './quoted.ts'

/** How a list is paged through. */
export interface Paging {
  /** Name of the function of the sdk. */
  readonly helper: string
  /** As it is called in `index.ts`. */
  readonly code: string
  readonly step: PageStep
}

/** The first answer of a source. */
export interface FirstAnswer {
  readonly asked: string
  readonly response: Response
  readonly list: FoundList
}

/** What is taken where nothing tells of pages. */
export const ONE_PAGE: Paging = { helper: 'linkHeader', code: 'linkHeader()', step: linkHeader() }

/** Each costs two requests at most. */
const MOST_TRIED = 5
const PAGE = /^(current_?)?(p|page(_?(number|no|num|index))?)$/i
const SKIP = /^(offset|skip|start|start_?index)$/i
const LIMIT = /^(limit|take|per_?page|page_?size|size|rows|top)$/i

/** How the list goes on: the first way whose second page has other records. Null when none has. */
export async function findPaging(http: Http, first: FirstAnswer): Promise<Paging | null> {
  let tried = 0
  for (const paging of waysOf(first)) {
    if (tried++ === MOST_TRIED) return null
    if (await isWay(http, first, paging)) return paging
  }
  return null
}

/** Tries a way: the second page has none of the first records, and the first page is the same when it is asked for by its number. */
async function isWay(http: Http, { asked, response, list }: FirstAnswer, { step }: Paging): Promise<boolean> {
  const textsOf = (answer: Response): string[] => {
    const found = findList(answer.body)
    return found === null || found.at !== list.at ? [] : found.records.map((record) => stringifyJson(record))
  }
  const known = textsOf(response)
  try {
    const next = step.next(response as HttpPage, 0)
    if (next === null || 'post' in next) return false
    const second = textsOf(await ('url' in next ? http.get(next.url) : http.get(asked, { query: { ...step.first, ...next.query } })))
    if (second.length === 0 || second.some((text) => known.includes(text))) return false
    return step.first === undefined || textsOf(await http.get(asked, { query: step.first }))[0] === known[0]
  } catch {
    // A wrong guess is often answered with an error.
    return false
  }
}

/** Ways to the second page, the likeliest first. */
function* waysOf(first: FirstAnswer): Generator<Paging> {
  const { response, list, asked } = first
  if (linkHeader().next(response as HttpPage, 0) !== null) yield ONE_PAGE
  const { next, total, pages } = saidMore(response.body)
  const place = next === null ? '' : codeOf(next.path, 'page.body')
  if (typeof next?.value === 'string' && /^(https?:\/\/|[/?])/.test(next.value))
    yield { helper: 'nextUrl', code: `nextUrl({ at: ${place} })`, step: nextUrl({ at: at(next.path) }) }
  else if (next !== null && next.value !== true)
    for (const param of paramsOf(nameOf(next), typeof next.value))
      yield {
        helper: 'nextToken',
        code: `nextToken({ at: ${place}, param: ${quoted(param)} })`,
        step: nextToken({ at: at(next.path), param }),
      }
  const query = [...new URL(asked).searchParams].map(([name, value]) => ({ name, value: Number(value) }))
  const told = plainValues(response.body).flatMap((said) =>
    typeof said.value === 'number' ? [{ name: nameOf(said), value: said.value }] : [],
  )
  const named = (names: RegExp): Named | undefined =>
    [...query, ...told].find(({ name, value }) => names.test(name) && Number.isInteger(value))
  const [page, skip] = [named(PAGE), named(SKIP)]
  const isMore = next !== null || (total?.value ?? 0) > list.records.length || (pages?.value ?? 0) > 1
  if (skip !== undefined) yield byOffset(first, skip, named(LIMIT))
  if (page !== undefined) yield byNumber(first, page)
  else if (isMore) for (const value of [1, 0]) yield byNumber(first, { name: 'page', value })
  if (skip === undefined && isMore) for (const name of ['offset', 'skip']) yield byOffset(first, { name, value: 0 }, named(LIMIT))
}

interface Named {
  readonly name: string
  readonly value: number
}

/** Parameters that may take a token of that name: `nextPageToken` goes into `pageToken`, `next` into `cursor`. */
function paramsOf(name: string, type: string): string[] {
  const bare = name.replace(/^next_?/i, '')
  const usual = type === 'number' ? 'page' : 'cursor'
  return [...new Set([bare === '' ? usual : bare.charAt(0).toLowerCase() + bare.slice(1), usual])]
}

function byNumber({ list }: FirstAnswer, page: Named): Paging {
  const param = page.name.replace(/^current_?p/i, 'p')
  const from = page.value
  const options = { param, ...(from !== 1 && { from }), ...(list.at !== null && { stopWhenEmpty: list.at }) }
  return { helper: 'pageNumber', code: `pageNumber(${objectText(options)})`, step: pageNumber(options) }
}

function byOffset({ response, list }: FirstAnswer, skip: Named, limit: Named | undefined): Paging {
  const { total } = saidMore(response.body)
  const end = total === null ? { ...(list.at !== null && { records: list.at }) } : { total: total.path.join('.') }
  const options = {
    ...{ param: skip.name, ...(skip.value !== 0 && { from: skip.value }) },
    ...{ limitParam: limit?.name ?? 'limit', limit: limit?.value || list.records.length, ...end },
  }
  return { helper: 'offset', code: `offset(${objectText(options)})`, step: offset(options) }
}

const at =
  (path: readonly string[]) =>
  (page: HttpPage): unknown =>
    path.reduce<unknown>((value, name) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[name], page.body)

const objectText = (options: Query): string =>
  `{ ${Object.entries(options)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? quoted(value) : String(value)}`)
    .join(', ')} }`
