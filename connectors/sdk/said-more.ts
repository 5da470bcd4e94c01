/** Something that an answer says beside its records, and where it stands. */
export interface Said<Value> {
  /** Names on the way to it. */
  readonly path: readonly string[]
  readonly value: Value
}

/** What an answer says about how much there is; null for what it does not say. */
export interface SaidMore {
  readonly total: Said<number> | null
  readonly pages: Said<number> | null
  /** An address, a token or a number of the next page, or true for "there is more". */
  readonly next: Said<string | number | true> | null
}

const DEEPEST = 3
const TOTAL =
  /^(total|count|(total|number_?of)_?(count|results?|records?|items?|hits|elements?|rows|entries|size|matches)|(records?|results?|items?|hits?|rows?|elements?)_?(count|total)|num_?(found|results))$/i
const PAGES = /^(pages|(total|number_?of|num)_?pages|pages_?(total|count)|page_?count|last_?page)$/i
const NEXT = /^next(_?(page|url|uri|link|href|cursor|token|offset|page_?(token|url|link|cursor)))?$/i
const MORE = /^(has_?(more|next)(_?(page|results|items|records))?|more)$/i
/** Names that say only together with the one above them what they are: `next.href`, `total.value`. */
const BARE = /^(href|url|link|value|token|cursor)$/i

/** Finds what an answer says about how much there is, beside its lists. Sources say it under many names, so this is a guess and no promise. */
export function saidMore(body: unknown): SaidMore {
  const all = plainValues(body)
  const number = (names: RegExp): Said<number>[] =>
    all.filter((said): said is Said<number> => typeof said.value === 'number' && said.value >= 0 && names.test(nameOf(said)))
  const totals = number(TOTAL)
  return {
    // `count` beside a total is how many came.
    total: totals.find((said) => !/^count$/i.test(nameOf(said))) ?? totals[0] ?? null,
    pages: number(PAGES)[0] ?? null,
    next: (all.find(isNext) as SaidMore['next'] | undefined) ?? null,
  }
}

/** What stands in the objects of an answer, lists left out. */
export function plainValues(body: unknown, path: readonly string[] = []): Said<unknown>[] {
  if (typeof body !== 'object' || body === null) return path.length === 0 ? [] : [{ path, value: body }]
  if (Array.isArray(body) || path.length === DEEPEST) return []
  return Object.entries(body).flatMap(([name, value]) => plainValues(value, [...path, name]))
}

/** The name that says what a value is, without a namespace: `next` of `links.next.href`, `nextLink` of `@odata.nextLink`. */
export function nameOf({ path }: Said<unknown>): string {
  const [above, last] = [path.at(-2), path.at(-1) ?? '']
  return (above !== undefined && BARE.test(last) ? above : last).replace(/^.*[.:]/, '')
}

const isNext = (said: Said<unknown>): boolean =>
  said.value === true
    ? MORE.test(nameOf(said))
    : NEXT.test(nameOf(said)) && (typeof said.value === 'number' || (typeof said.value === 'string' && said.value !== ''))
