import { saidMore, stringifyJson, type HttpPage, type Query } from '@handover/sdk'
import { withRecords } from './find-list.ts'
import type { FirstAnswer, Paging } from './guess-paging.ts'
import { withLeaf } from './json-leaves.ts'
import { LEAST_SECRET, Scrubber, secretsOf } from './scrub.ts'

/** An answer to keep. */
export interface KeptAnswer {
  readonly url: string
  readonly body: unknown
}

/** The answers that a new connector is played back with, by the names of their files: the first one with these records only, as if the list ended there. */
export function firstFixtures(
  first: FirstAnswer,
  { step }: Paging,
  records: readonly unknown[],
  secrets: readonly { readonly param: string; readonly value: string; readonly madeUp: string }[],
): Record<string, KeptAnswer> {
  const scrub = scrubberOf(first, secrets)
  const query = { ...step.first, ...Object.fromEntries(secrets.map(({ param, madeUp }) => [param, madeUp])) }
  const url = addressWith(first.asked, query)
  const list = { url, body: scrub(ended(first, records)) }
  const next = step.next({ body: list.body, headers: {}, url, request: '' } as unknown as HttpPage, 0)
  if (next === null || !('query' in next)) return { 'list.json': list }
  return { 'list.json': list, 'end.json': { url: addressWith(url, next.query), body: withRecords(list.body, first.list.at, []) } }
}

/** The answer with these records, and with what it says of more of them taken back. */
function ended({ response, list }: FirstAnswer, records: readonly unknown[]): unknown {
  const { total, pages } = saidMore(response.body)
  let body: unknown = response.body
  if (total !== null) body = withLeaf(body, total.path, records.length)
  if (pages !== null) body = withLeaf(body, pages.path, 1)
  for (let { next } = saidMore(body); next !== null; { next } = saidMore(body))
    body = withLeaf(body, next.path, next.value === true ? false : null)
  return withRecords(body, list.at, records)
}

function scrubberOf({ response, asked }: FirstAnswer, secrets: readonly { readonly value: string; readonly madeUp: string }[]) {
  const { status, headers, bytes } = response
  const answer = { label: '', request: { method: 'GET', url: asked, body: null }, status, headers, seen: new Set<string>(), body: bytes }
  const known = secrets.filter(({ value }) => value.length >= LEAST_SECRET).map(({ value, madeUp }) => [value, madeUp] as const)
  const scrubber = new Scrubber(secretsOf([answer], new Map(known)), { texts: new Map(), others: new Map(), unread: new Set() })
  return (body: unknown): unknown => scrubber.body(stringifyJson(body))
}

function addressWith(address: string, query: Query): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
  return url.href
}
