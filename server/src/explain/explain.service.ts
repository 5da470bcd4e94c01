import type { DatasetShape } from '@handover/sdk'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { graphqlName, sourceField } from '../data-api/data-api.service.ts'
import type { LakeService } from '../lake/lake.service.ts'
import type { ChangesSince, Load, LoadDataset, LoadsService } from '../loads/loads.service.ts'
import { describeSchedule } from '../schedule/schedule.service.ts'
import { NotFoundError } from '../shared/errors.ts'
import { tableOf, type Source, type SourcesService, type StoredDataset } from '../sources/sources.service.ts'
import type { WarehouseService } from '../warehouse/warehouse.service.ts'
import { changedWords, loadWords, type NewColumn } from './change-words.ts'
import { pipelineSteps, type PipelineStep } from './pipeline.ts'

export type { PipelineStep, StepKind } from './pipeline.ts'

interface ExplainDeps {
  readonly sources: SourcesService
  readonly catalog: CatalogService
  readonly loads: LoadsService
  readonly lake: LakeService
  readonly warehouse: WarehouseService
}

/** What has changed in one table since some moment. */
export interface DatasetChanges extends ChangesSince {
  /** Columns that the table got since then. */
  readonly columns: readonly string[]
  readonly text: string
}

/** Says in words how data come about and what has changed, from what connectors declared and loads counted. */
export class ExplainService {
  readonly #deps: ExplainDeps

  constructor(deps: ExplainDeps) {
    this.#deps = deps
  }

  /**
   * The way of a dataset from its source to the screen; days are those of that time zone. `openEntries` is given by
   * those who ask for many datasets, so that it is counted once. Throws a `NotFoundError`.
   */
  async pipeline(slug: string, dataset: string, timeZone: string, openEntries = () => this.openEntries()): Promise<PipelineStep[]> {
    const { sources, catalog, lake } = this.#deps
    const [source, stored] = await Promise.all([sources.get(slug), this.#dataset(slug, dataset)])
    const { shape, name: table } = tableOf(stored)
    const connector = catalog.find(source.connector)
    const [kept, last, open] = await Promise.all([lake.streamSize(source.id, shape.from), this.#lastBalance(slug, dataset), openEntries()])
    const { title, schedule, paused } = source
    return pipelineSteps({
      ...{ title, slug, paused, table, shape, timeZone, last, lake: kept },
      connector: {
        name: source.connector,
        title: connector?.title ?? source.connector,
        about: connector?.about ?? 'Its connector is not installed any more, so it cannot be loaded; what it loaded stays',
      },
      streamAbout: this.#streamAbout(source, shape),
      provider: sources.providerOf(source),
      schedule: describeSchedule(schedule),
      rows: stored.rowCount,
      setAside: open.get(`${slug}/${dataset}`) ?? 0,
      question: `{ ${sourceField(slug)} { ${graphqlName(dataset)} { totalCount nodes { … } } } }`,
    })
  }

  /** How many entries of the quarantine are open, by `<slug>/<dataset>`. */
  openEntries(): Promise<Map<string, number>> {
    return this.#deps.loads.quarantined()
  }

  /** What a load changed, in sentences. */
  async loadWords(load: Load, balance: readonly LoadDataset[]): Promise<string[]> {
    const datasets = (await this.#deps.sources.datasets(load.slug)).filter(({ sourceId }) => sourceId === load.sourceId)
    const before = await this.#deps.loads.beside(load, 'before')
    // What a table is made with is not new in it: only what it got after some earlier load is.
    const from = before && (before.startedAt ?? before.queuedAt)
    const to = load.finishedAt ?? load.startedAt ?? load.queuedAt
    const columns = from === null ? [] : await this.#newColumns(datasets, from, to)
    return loadWords(load, balance, new Map(datasets.map((each) => [each.name, tableOf(each).shape.title])), columns)
  }

  /** What has changed in every table since then, the largest change first. */
  async changesSince(since: Date): Promise<DatasetChanges[]> {
    const [changes, datasets] = await Promise.all([this.#deps.loads.changesSince(since), this.#deps.sources.datasets()])
    const known = changes.filter(({ slug, dataset }) => datasets.some((each) => each.slug === slug && each.name === dataset))
    const told = await Promise.all(
      known.map(async (change) => {
        const dataset = datasets.filter((each) => each.slug === change.slug && each.name === change.dataset)
        const columns = (await this.#newColumns(dataset, since, null)).map(({ column }) => column)
        return { ...change, columns, text: changedWords(change, columns) }
      }),
    )
    return told.toSorted((a, b) => sum(b) - sum(a))
  }

  /** Columns that tables got in that time; those of a table that was made in it are not new. */
  async #newColumns(datasets: readonly StoredDataset[], from: Date, to: Date | null): Promise<NewColumn[]> {
    const found = datasets.map(async (stored) => {
      const ages = await this.#deps.warehouse.columnAges(tableOf(stored))
      const made = Math.min(...ages.map(({ since }) => since.getTime()))
      const isNew = (since: Date) => since.getTime() > made && since > from && (to === null || since <= to)
      return ages.filter(({ since }) => isNew(since)).map(({ column }) => ({ dataset: stored.name, column }))
    })
    return (await Promise.all(found)).flat()
  }

  async #dataset(slug: string, name: string): Promise<StoredDataset> {
    const stored = (await this.#deps.sources.datasets(slug)).find((each) => each.name === name)
    if (!stored) throw new NotFoundError(`The source "${slug}" has no dataset "${name}".`)
    return stored
  }

  /** What the last load that succeeded did with a dataset. */
  async #lastBalance(slug: string, dataset: string): Promise<LoadDataset | null> {
    const { nodes } = await this.#deps.loads.list({ slug, dataset, states: ['succeeded'], first: 1 })
    const balance = nodes[0] ? await this.#deps.loads.balance(nodes[0].id) : []
    return balance.find((each) => each.dataset === dataset) ?? null
  }

  #streamAbout(source: Source, { from }: DatasetShape): string | null {
    const { catalog, sources } = this.#deps
    const declared = catalog.find(source.connector)?.streams?.[from]?.about
    return declared ?? sources.discoveryOf(source)?.streams.find(({ name }) => name === from)?.about ?? null
  }
}

const sum = ({ inserted, updated, removed, setAside }: ChangesSince): number => inserted + updated + removed + setAside
