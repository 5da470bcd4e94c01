import { error } from '@sveltejs/kit'
import type { StoredSchedule } from '../model/schedule-form.ts'
import type { Setting } from '../model/settings-form.ts'
import type { Column, Int64, Load, LoadMark, Provider, Source } from '../model/types.ts'
import { ask } from './api.ts'
import { loadsOf } from './balances.ts'
import { PROVIDER, SOURCE } from './fields.ts'

/** A kind of source that is installed. */
export interface Connector {
  name: string
  title: string
  about: string
  invented: boolean
  provider: Provider | null
  ready: boolean
  problem: string | null
  form: Setting[]
}

/** A table that a source fills. */
export interface SourceTable {
  name: string
  title: string
  about: string
  rows: Int64
  quarantined: number
  changedAt: string | null
  columns: Pick<Column, 'kind' | 'role'>[]
}

/** A table that no source fills any more. */
export interface KeptTable {
  sourceSlug: string
  name: string
  table: string
  rows: Int64
  detachedAt: string
  sourceRemoved: boolean
}

/** A source in the list, with its last loads, newest first. */
export type ListedSource = Source & { datasets: SourceTable[]; loads: (LoadMark & { records: Int64 })[] }

/** A source on its own page. Secrets in `config` are `set` or null. */
export type OneSource = Source & { datasets: SourceTable[]; config: Record<string, unknown>; schedule: StoredSchedule | null }

const FORM = 'form { name title about kind required defaultValue choices min max document example }'
const CONNECTOR = `name title about invented ready problem ${PROVIDER} ${FORM}`
const TABLE = 'name title about rows quarantined changedAt columns { kind role }'
const KEPT = 'keptTables { sourceSlug name table rows detachedAt sourceRemoved }'
const MARKS = 24
const RECENT = 10

/** Every source, what is installed, and the tables that removed sources left behind. */
export function listSources(): Promise<{
  sources: ListedSource[]
  connectors: Omit<Connector, 'form' | 'provider'>[]
  keptTables: KeptTable[]
}> {
  return ask(`query Sources {
    sources { ${SOURCE} datasets { ${TABLE} } loads(first: ${MARKS}) { id state waits plannedAt queuedAt startedAt finishedAt records } }
    connectors { name title about invented ready problem }
    ${KEPT}
  }`)
}

/** One source with its settings, its form and its last loads; 404 when there is none. */
export async function getSource(
  slug: string,
): Promise<{ source: OneSource; connector: Connector | null; loads: { nodes: Load[]; totalCount: number }; keptTables: KeptTable[] }> {
  const document = `query Source($slug: String!) {
    source(slug: $slug) { ${SOURCE} config datasets { ${TABLE} } }
    connectors { ${CONNECTOR} }
    ${KEPT}
  }`
  const [{ source, connectors, keptTables }, loads] = await Promise.all([
    ask<{ source: OneSource | null; connectors: Connector[]; keptTables: KeptTable[] }>(document, { slug }),
    loadsOf(slug, RECENT),
  ])
  if (!source) error(404, { message: `There is no source “${slug}”.` })
  const connector = connectors.find((one) => one.name === source.connector?.name) ?? null
  return { source, connector, loads, keptTables: keptTables.filter((table) => table.sourceSlug === slug) }
}

/** What is installed, with the form of each. */
export async function listConnectors(): Promise<Connector[]> {
  const { connectors } = await ask<{ connectors: Connector[] }>(`query Connectors { connectors { ${CONNECTOR} } }`)
  return connectors.toSorted((a, b) => a.title.localeCompare(b.title, 'en'))
}

/** The form of one connector; 404 when it is not installed. */
export async function getForm(name: string): Promise<Setting[]> {
  const { connector } = await ask<{ connector: Connector | null }>(
    `query Form($name: String!) { connector(name: $name) { ${CONNECTOR} } }`,
    { name },
  )
  if (!connector) error(404, { message: `No connector “${name}” is installed.` })
  return connector.form
}
