import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { ProviderType } from '../catalog/provider.types.ts'
import type { ScheduleService } from '../schedule/schedule.service.ts'
import type { Clock } from '../shared/clock.ts'
import type { RequestContext } from '../shared/request-context.ts'
import { DateTimeScalar } from '../shared/scalars.types.ts'
import { SourceType } from '../sources/source.types.ts'
import { tableOf, type Source, type SourcesService, type StoredDataset } from '../sources/sources.service.ts'
import type { WarehouseService } from '../warehouse/warehouse.service.ts'
import { roleOf } from './column-role.ts'
import { datasetModel, type DatasetModel } from './dataset-model.ts'
import { ColumnFactsType, ColumnType, DatasetType, type DatasetRoot } from './dataset.types.ts'
import { KnownFacts } from './known-facts.ts'
import { sourceField } from './names.ts'

interface ColumnRoot extends ColumnType {
  readonly column: string
  readonly model: DatasetModel
  /** Another one whenever a load has changed the table. */
  readonly mark: string
}

/** What dataset and source resolvers ask. */
export interface DatasetDeps {
  readonly sources: SourcesService
  readonly catalog: CatalogService
  readonly schedule: ScheduleService
}

/** Answers which datasets there are. */
@Resolver(() => DatasetType)
export class DatasetResolver {
  readonly #deps: DatasetDeps

  constructor(deps: DatasetDeps) {
    this.#deps = deps
  }

  @Query(() => [DatasetType], { description: 'The datasets of every source.' })
  datasets(@Ctx() context: RequestContext): Promise<DatasetType[]> {
    return allDatasets(this.#deps, context)
  }

  @Query(() => DatasetType, { nullable: true })
  async dataset(
    @Arg('source', () => String) source: string,
    @Arg('name', () => String) name: string,
    @Ctx() context: RequestContext,
  ): Promise<DatasetType | null> {
    const datasets = await context.once(`datasets of ${source}`, () => readDatasets(this.#deps, source))
    return datasets.find((dataset) => dataset.name === name) ?? null
  }

  @FieldResolver(() => SourceType)
  source(@Root() dataset: DatasetRoot): SourceType {
    return dataset.source
  }

  @FieldResolver(() => ProviderType, { nullable: true, description: "Whose data it is; null when it is nobody else's." })
  provider(@Root() dataset: DatasetRoot): ProviderType | null {
    return this.#deps.sources.providerOf(dataset.source)
  }

  @FieldResolver(() => [ColumnType], { description: 'Its declared columns.' })
  columns(@Root() { model, beside, changedAt, rows }: DatasetRoot): ColumnType[] {
    const mark = [changedAt?.getTime(), rows, ...model.table.shape.columns.map((column) => column.name)].join(' ')
    return model.table.shape.columns.map((column, index): ColumnRoot => {
      const isKey = model.table.shape.key.includes(column.name)
      const role = roleOf(column, beside)
      return { ...column, role, name: model.fields[index]!.field, column: column.name, key: isKey, model, mark }
    })
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: 'The next load that is planned.' })
  async nextLoadAt(@Root() dataset: DatasetRoot, @Ctx() context: RequestContext): Promise<Date | null> {
    const next = await context.once('next loads', () => this.#deps.schedule.nextAll())
    return next.get(dataset.source.id) ?? null
  }
}

/** Adds its datasets to a source. */
@Resolver(() => SourceType)
export class SourceDatasetsResolver {
  readonly #deps: DatasetDeps

  constructor(deps: DatasetDeps) {
    this.#deps = deps
  }

  @FieldResolver(() => [DatasetType])
  async datasets(@Root() source: SourceType, @Ctx() context: RequestContext): Promise<DatasetType[]> {
    return (await allDatasets(this.#deps, context)).filter((dataset) => dataset.sourceSlug === source.slug)
  }
}

/** Adds what a column holds. */
@Resolver(() => ColumnType)
export class ColumnResolver {
  readonly #warehouse: WarehouseService
  readonly #facts: KnownFacts

  constructor(warehouse: WarehouseService, clock: Clock) {
    this.#warehouse = warehouse
    this.#facts = new KnownFacts(warehouse, clock)
  }

  @FieldResolver(() => ColumnFactsType, { nullable: true })
  async facts(@Root() { model, mark, column, personal }: ColumnRoot, @Ctx() context: RequestContext): Promise<ColumnFactsType | null> {
    const { table } = model
    const facts = await context.once(`facts of ${table.name}`, () => this.#facts.of(table, mark))
    const ages = await context.once(`ages of ${table.name}`, () => this.#warehouse.columnAges(table))
    const found = facts.find((each) => each.column === column)
    const since = ages.find((age) => age.column === column)?.since ?? null
    return found ? { ...found, example: personal ? null : found.example, since } : null
  }
}

/** Every dataset that a source fills, read once per request. */
const allDatasets = (deps: DatasetDeps, context: RequestContext): Promise<DatasetRoot[]> =>
  context.once('datasets', () => readDatasets(deps))

/** What sources fill, or one of them by its slug. */
async function readDatasets({ sources, catalog }: DatasetDeps, slug?: string): Promise<DatasetRoot[]> {
  const [rows, list] = await Promise.all([sources.datasets(slug), slug === undefined ? sources.list() : sources.find(slug)])
  const found = new Map([list ?? []].flat().map((source) => [source.id, source]))
  const filled = rows.filter(({ sourceId, detachedAt }) => detachedAt === null && sourceId !== null && found.has(sourceId))
  return filled.map((row) => {
    const beside = filled.filter((other) => other.sourceId === row.sourceId && other !== row).map(({ name }) => name)
    return datasetOf(row, found.get(row.sourceId!)!, beside, catalog)
  })
}

function datasetOf(row: StoredDataset, source: Source, beside: readonly string[], catalog: CatalogService): DatasetRoot {
  const table = tableOf(row)
  const { name, title, about, load, key, columns } = table.shape
  const model = datasetModel(row.slug, sourceField(row.slug), table)
  return {
    sourceSlug: row.slug,
    name,
    title,
    about,
    table: table.name,
    load,
    field: model.field,
    type: model.typeName,
    sourceField: model.sourceField,
    key: key.map((part) => model.fields[columns.findIndex((column) => column.name === part)]!.field),
    invented: catalog.find(source.connector)?.invented === true,
    rows: row.rowCount,
    loadedAt: row.loadedAt,
    changedAt: row.changedAt,
    source,
    model,
    beside,
  }
}
