import { error } from '@sveltejs/kit'
import { dayBounds } from '../model/format.ts'
import { loadVariables, type Named } from '../model/load-filters.ts'
import { LOAD_LIVE, type LoadDetail, type LoadRow } from '../model/loads.ts'
import type { ReaderSetting } from '../model/types.ts'
import { ask } from './api.ts'
import { LOAD } from './fields.ts'

/** A page of the list of loads. `older` and `newer` are what the address takes to turn the page; null where there is none. */
export interface LoadList {
  nodes: LoadRow[]
  totalCount: number
  older: string | null
  newer: string | null
}

/** How all loads stand, whatever the list is narrowed by. */
export interface LoadSums {
  waiting: number
  active: number
  failedToday: number
  today: number
  ever: number
}

const LIST = `query LoadList($source: String, $state: [LoadState!], $trigger: LoadTrigger, $since: DateTime, $first: Int!, $after: String, $before: String, $today: DateTime!) {
  loads(source: $source, state: $state, trigger: $trigger, since: $since, first: $first, after: $after, before: $before) {
    totalCount newer pageInfo { hasNextPage endCursor }
    nodes { ${LOAD} sourceSlug source { title } }
  }
  held: loads(state: [HELD], first: 50) { nodes { waits } }
  active: loads(state: [QUEUED, RUNNING], first: 1) { totalCount }
  failed: loads(state: [FAILED], since: $today, first: 1) { totalCount }
  today: loads(since: $today, first: 1) { totalCount }
  ever: loads(first: 1) { totalCount }
  sources { slug title }
}`

interface ListAnswer extends Record<'active' | 'failed' | 'today' | 'ever', { totalCount: number }> {
  loads: { nodes: LoadRow[]; totalCount: number; newer: string | null; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
  held: { nodes: { waits: boolean }[] }
  sources: Named[]
}

/** The loads that an address asks for, with how all of them stand and the sources to choose from. */
export async function listLoads(
  params: URLSearchParams,
  now: Date,
  { timeZone }: ReaderSetting,
): Promise<{ loads: LoadList; sums: LoadSums; sources: Named[] }> {
  const today = dayBounds(now, timeZone).start.toISOString()
  const {
    loads,
    held,
    active,
    failed,
    today: todays,
    ever,
    sources,
  } = await ask<ListAnswer>(LIST, {
    ...loadVariables(params, now, timeZone),
    today,
  })
  const { nodes, totalCount, newer, pageInfo } = loads
  return {
    loads: { nodes, totalCount, newer, older: pageInfo.hasNextPage ? pageInfo.endCursor : null },
    sums: {
      waiting: held.nodes.filter(({ waits }) => waits).length,
      active: active.totalCount,
      failedToday: failed.totalCount,
      today: todays.totalCount,
      ever: ever.totalCount,
    },
    sources,
  }
}

const DETAIL = `query Load($id: ID!) {
  load(id: $id) {
    ${LOAD_LIVE} sourceSlug
    source { slug title paused scheduleText nextLoadAt datasets { name title load quarantined } }
    log(first: 1000) { at level message fields }
    previous { id } next { id } changes
  }
}`

/** One load with its log; a 404 page when there is none. */
export async function getLoad(id: string): Promise<LoadDetail> {
  const { load } = await ask<{ load: LoadDetail | null }>(DETAIL, { id })
  if (!load) error(404, { message: 'There is no such load. It may belong to another installation of Handover.' })
  return load
}
