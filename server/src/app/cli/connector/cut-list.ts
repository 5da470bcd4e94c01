import { stringifyJson } from '@handover/sdk'
import { requestKey, type RecordedAnswer } from '@handover/sdk/host'
import { leavesOf, mapLeaves, type Leaf } from './json-leaves.ts'
import { jsonOf } from './json-text.ts'

/** Answers to put in the place of recorded ones, by their key. */
export type Cut = ReadonlyMap<string, RecordedAnswer>

/** How far a list was read when it was left. */
export interface Left {
  /** The answers that were given, by their key; the last one leads on. */
  readonly given: ReadonlyMap<string, RecordedAnswer>
  /** What would have been asked next. */
  readonly next: RecordedAnswer['request']
  readonly pages: number
  readonly records: number
}

/**
 * Ways in which a source may say that its list ends here, the likeliest first. Sources say it in many ways, so each is tried until the
 * connector stops asking: no link and no token to the next page, a smaller total, or one more page that is empty.
 */
export function* cutsOf(left: Left): Generator<Cut> {
  const [key, last] = [...left.given].at(-1)!
  const ended = withoutNext(last, left.next)
  yield new Map([[key, ended]])
  for (const total of totalsOf(last))
    for (const value of [left.records, left.pages])
      yield new Map([...left.given].map(([each, answer]) => [each, withTotal(answer, total, value)]))
  const empty = { ...emptied(ended), request: left.next }
  yield new Map([[requestKey(left.next.method, left.next.url, left.next.body), empty]])
}

/** Without whatever names the next request: a link, a token that the request carries, a "has more". */
function withoutNext(answer: RecordedAnswer, next: RecordedAnswer['request']): RecordedAnswer {
  const { link: _link, ...headers } = answer.headers
  const tokens = tokensOf(next).filter((token) => !tokensOf(answer.request).includes(token))
  const body = changed(answer.body, (leaf) => {
    if (leaf.value === true && /more|next/i.test(leaf.name)) return false
    return !isInList(leaf) && tokens.includes(String(leaf.value)) && !/^(limit|size|count)$/i.test(leaf.name) ? null : leaf.value
  })
  return { ...answer, headers, body }
}

/** What a request carries that an answer may have told: its address, the values of its query, what it posts. */
function tokensOf({ url, body }: RecordedAnswer['request']): string[] {
  const address = new URL(url)
  const posted = body === null ? [] : leavesOf(jsonOf(body)).map(({ value }) => String(value))
  return [url, address.pathname + address.search, ...address.searchParams.values(), ...posted]
}

/** Places of the numbers beside the list of records that may be a total. */
const totalsOf = ({ body }: RecordedAnswer): string[] =>
  leavesOf(jsonOf(Buffer.from(body).toString()))
    .filter((leaf) => typeof leaf.value === 'number' && leaf.value > 0 && !isInList(leaf))
    .map(({ path }) => path.join('.'))

const withTotal = (answer: RecordedAnswer, place: string, total: number): RecordedAnswer => ({
  ...answer,
  body: changed(answer.body, ({ path, value }) => (path.join('.') === place ? total : value)),
})

/** The answer with nothing in its lists of objects. */
function emptied(answer: RecordedAnswer): RecordedAnswer {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.every((part) => typeof part === 'object') ? [] : value
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, walk(part)]))
  }
  const json = jsonOf(Buffer.from(answer.body).toString())
  return json === undefined ? { ...answer, body: new Uint8Array() } : { ...answer, body: Buffer.from(stringifyJson(walk(json))) }
}

const isInList = ({ path }: Leaf): boolean => path.some((step) => typeof step === 'number')

function changed(body: Uint8Array, change: (leaf: Leaf) => unknown): Uint8Array {
  const json = jsonOf(Buffer.from(body).toString())
  return json === undefined ? body : Buffer.from(stringifyJson(mapLeaves(json, change)))
}
