import type { Discarded, Ran, Reason } from '../model/aside.ts'
import type { QuarantinedRecord } from '../model/types.ts'
import { ask } from './api.ts'

const SHOWN = 50
const MOST_REASONS = 100
const RECORD = 'id dataset code column reason raw part line at loadId'

const ASIDE = `query SetAside($source: String!, $dataset: String!, $first: Int!) {
  quarantine(source: $source, dataset: $dataset, first: $first) { totalCount nodes { ${RECORD} } }
}`

/** A page of entries, and how many there are in all. */
export interface Counted<Node> {
  nodes: Node[]
  totalCount: number
}

/** Which entries the page is about; null = all. */
export interface AsideFilter {
  source: string | null
  dataset: string | null
  code: string | null
}

/** The newest records and rows of a dataset that did not fit the rules, and how many there are. */
export async function setAside(source: string, dataset: string): Promise<Counted<QuarantinedRecord>> {
  const { quarantine } = await ask<{ quarantine: Counted<QuarantinedRecord> }>(ASIDE, { source, dataset, first: SHOWN })
  return quarantine
}

/** Why records wait, and how many entries all reasons have together. */
export async function reasonsOf(filter: AsideFilter): Promise<Counted<Reason> & { entries: number }> {
  const document = `query Reasons($source: String, $dataset: String, $code: String, $first: Int!) {
    quarantineReasons(source: $source, dataset: $dataset, code: $code, first: $first) {
      totalCount entries nodes { sourceSlug dataset code column count firstAt lastAt example exampleId }
    }
  }`
  return (await ask<{ quarantineReasons: Counted<Reason> & { entries: number } }>(document, { ...filter, first: MOST_REASONS }))
    .quarantineReasons
}

/** The newest entries of one reason. */
export async function recordsOf({ sourceSlug, dataset, code, column }: Reason, first: number): Promise<Counted<QuarantinedRecord>> {
  const document = `query Records($source: String!, $dataset: String!, $code: String!, $column: String!, $first: Int!) {
    quarantine(source: $source, dataset: $dataset, code: $code, column: $column, first: $first) { totalCount nodes { ${RECORD} } }
  }`
  const variables = { source: sourceSlug, dataset, code, column: column ?? '', first }
  return (await ask<{ quarantine: Counted<QuarantinedRecord> }>(document, variables)).quarantine
}

/** What people gave up, newest first. */
export async function discardedOf(filter: AsideFilter, first: number): Promise<Counted<Discarded>> {
  const document = `query Discarded($source: String, $dataset: String, $code: String, $first: Int!) {
    quarantineDiscarded(source: $source, dataset: $dataset, code: $code, first: $first) {
      totalCount nodes { sourceSlug dataset count decidedAt note newest { ${RECORD} } }
    }
  }`
  return (await ask<{ quarantineDiscarded: Counted<Discarded> }>(document, { ...filter, first })).quarantineDiscarded
}

/** A source with its datasets, as far as the page names them. */
export interface AsideSource {
  slug: string
  title: string
  state: string
  connector: { invented: boolean } | null
  datasets: { name: string; title: string; quarantined: number; columns: { name: string; title: string }[] }[]
}

/** Every source, by its title. */
export async function asideSources(): Promise<AsideSource[]> {
  const { sources } = await ask<{ sources: AsideSource[] }>(
    `query AsideSources { sources { slug title state connector { invented } datasets { name title quarantined columns { name title } } } }`,
  )
  return sources
}

/** The load that ran records again; null when there is no such load. */
export async function ranBy(id: string): Promise<Ran | null> {
  const { load } = await ask<{ load: Ran | null }>(
    `query Ran($id: ID!) { load(id: $id) { id state sourceSlug error { code message } balance { dataset read quarantinedRecords quarantinedRows inserted updated removed } } }`,
    { id },
  )
  return load
}

/** Runs what is set aside of a dataset again; gives the id of the load, null when nothing is set aside. */
export async function runAgain(source: string, dataset: string | null): Promise<string | null> {
  const { replayQuarantine: load } = await ask<{ replayQuarantine: { id: string } | null }>(
    `mutation RunAgain($source: String!, $dataset: String) { replayQuarantine(source: $source, dataset: $dataset) { id } }`,
    { source, dataset },
  )
  return load?.id ?? null
}

/** Gives up what waits for one reason, and keeps why. */
export async function discard(
  reason: Pick<Reason, 'sourceSlug' | 'dataset' | 'code' | 'column'>,
  note: string,
): Promise<{ count: number; decidedAt: string }> {
  const { discardQuarantine } = await ask<{ discardQuarantine: { count: number; decidedAt: string } }>(
    `mutation Discard($source: String!, $dataset: String!, $code: String!, $column: String!, $note: String!) {
      discardQuarantine(source: $source, dataset: $dataset, code: $code, column: $column, note: $note) { count decidedAt }
    }`,
    { source: reason.sourceSlug, dataset: reason.dataset, code: reason.code, column: reason.column ?? '', note },
  )
  return discardQuarantine
}

/** Takes one decision back; gives how many entries wait again. */
export async function bringBack(source: string, dataset: string, decidedAt: string): Promise<number> {
  const { restoreQuarantine } = await ask<{ restoreQuarantine: { count: number } }>(
    `mutation BringBack($source: String!, $dataset: String!, $decidedAt: DateTime!) {
      restoreQuarantine(source: $source, dataset: $dataset, decidedAt: $decidedAt) { count }
    }`,
    { source, dataset, decidedAt },
  )
  return restoreQuarantine.count
}
