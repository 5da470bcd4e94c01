import type { CatalogService } from '../catalog/catalog.service.ts'
import type { ExplainService, PipelineStep } from '../explain/explain.service.ts'
import type { Load, LoadsService, SourceOverview } from '../loads/loads.service.ts'
import type { Note, NotesService } from '../notes/notes.service.ts'
import { describeSchedule } from '../schedule/schedule.service.ts'
import type { Clock } from '../shared/clock.ts'
import { tableOf, type SourcesService } from '../sources/sources.service.ts'
import type { Table } from '../warehouse/warehouse.service.ts'

/** How this place runs, as its settings say; no secret in it. */
export interface PackPlace {
  readonly version: string
  /** Where people reach it. */
  readonly address: string
  readonly database: string
  readonly schedule: string
  readonly dataFolder: string
  /** true: SQLite in the data folder. */
  readonly embedded: boolean
  /** Settings that are not as they are by default; null for a secret that is given. */
  readonly settings: readonly { readonly name: string; readonly value: string | null }[]
  /** Who hears of a source that needs somebody; empty: nobody. */
  readonly told: readonly string[]
}

/** One dataset of a source, with its way and its rows. */
export interface PackDataset {
  readonly table: Table
  readonly rows: number
  readonly steps: readonly PipelineStep[]
  readonly reasons: readonly string[]
}

/** One source with all that somebody who takes over has to know. */
export interface PackSource {
  readonly overview: SourceOverview
  readonly about: string
  readonly connector: string
  readonly provider: string | null
  readonly schedule: string
  /** Settings as words; secrets are left out. */
  readonly settings: readonly (readonly [name: string, value: string])[]
  /** Names of secrets that are set. */
  readonly secrets: readonly string[]
  readonly notes: readonly Note[]
  readonly datasets: readonly PackDataset[]
}

/** Everything that stands in a pack. */
export interface PackFacts {
  readonly place: PackPlace
  readonly madeAt: Date
  readonly sources: readonly PackSource[]
  readonly loads: readonly Load[]
  /** What loads changed, by id. */
  readonly words: ReadonlyMap<string, readonly string[]>
}

/** What the facts are asked from. */
export interface PackDeps {
  readonly sources: SourcesService
  readonly catalog: CatalogService
  readonly loads: LoadsService
  readonly notes: NotesService
  readonly explain: ExplainService
  readonly clock: Clock
  readonly place: PackPlace
}

const LOADS = 30
const REASONS = 5

/** Gathers all of it as it is now. */
export async function packFacts({ sources, catalog, loads, notes, explain, clock, place }: PackDeps): Promise<PackFacts> {
  const [overviews, stored, allNotes, last] = await Promise.all([
    loads.sourceOverviews(),
    sources.datasets(),
    notes.list(),
    loads.list({ first: LOADS }),
  ])
  const balances = await loads.balances(last.nodes.map(({ id }) => id))
  const words = await Promise.all(
    last.nodes.map(async (load) => [load.id, await explain.loadWords(load, balances.get(load.id) ?? [])] as const),
  )
  const told: PackSource[] = []
  for (const overview of overviews) {
    const { source } = overview
    const connector = catalog.find(source.connector)
    const masked = Object.entries(sources.masked(source))
    const secret = connector ? catalog.secrets(source.connector) : new Set<string>()
    const datasets: PackDataset[] = []
    for (const dataset of stored.filter(({ sourceId, detachedAt }) => sourceId === source.id && detachedAt === null)) {
      const reasons = await loads.quarantineReasons({ slug: source.slug, dataset: dataset.name, first: REASONS })
      datasets.push({
        table: tableOf(dataset),
        rows: dataset.rowCount,
        steps: await explain.pipeline(source.slug, dataset.name, 'UTC'),
        reasons: reasons.nodes.map(({ example, count, column }) => `${count}: ${column ? `${column}: ` : ''}${example}`),
      })
    }
    const provider = sources.providerOf(source)
    told.push({
      ...{ overview, datasets, notes: allNotes.filter(({ slug }) => slug === source.slug) },
      about: connector?.about ?? 'Its connector is not installed any more.',
      connector: source.connector,
      provider: provider && `${provider.name}, ${provider.licence} (${provider.url})`,
      schedule: source.paused ? `${describeSchedule(source.schedule)}; paused` : describeSchedule(source.schedule),
      settings: masked.filter(([name]) => !secret.has(name)).map(([name, value]) => [name, settingWords(value)]),
      secrets: masked.filter(([name, value]) => secret.has(name) && value !== null && value !== undefined).map(([name]) => name),
    })
  }
  return { place, madeAt: clock.now(), sources: told, loads: last.nodes, words: new Map(words) }
}

/** A value as words; an address loses its password, which no connector has marked. */
function settingWords(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  if (!URL.canParse(value)) return value
  const url = new URL(value)
  if (url.password === '') return value
  url.password = '***'
  return url.href
}
