import { Arg, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { connectorOf, ConnectorType } from '../catalog/connector.types.ts'
import { ProviderType } from '../catalog/provider.types.ts'
import type { CatalogService } from '../catalog/catalog.service.ts'
import { describeSchedule, type Schedule } from '../schedule/schedule.service.ts'
import { JsonScalar } from '../shared/scalars.types.ts'
import { newSourceOf, scheduleOf, settingsOf } from './given-input.ts'
import { CreateSourceInput, KeptTableType, ScheduleType, SourceType, UpdateSourceInput } from './source.types.ts'
import type { Source, SourcesService } from './sources.service.ts'

/** Answers and changes the configured sources. */
@Resolver(() => SourceType)
export class SourceResolver {
  readonly #sources: SourcesService
  readonly #catalog: CatalogService

  constructor(sources: SourcesService, catalog: CatalogService) {
    this.#sources = sources
    this.#catalog = catalog
  }

  @Query(() => [SourceType])
  sources(): Promise<SourceType[]> {
    return this.#sources.list()
  }

  @Query(() => SourceType, { nullable: true })
  source(@Arg('slug', () => String) slug: string): Promise<SourceType | null> {
    return this.#sources.find(slug)
  }

  @Query(() => [KeptTableType], { description: 'Tables that no source fills any more: it was removed, or does not offer the dataset now.' })
  async keptTables(): Promise<KeptTableType[]> {
    const datasets = await this.#sources.datasets()
    return datasets.flatMap(({ slug, name, tableName: table, rowCount: rows, detachedAt, sourceId }) =>
      detachedAt === null ? [] : [{ sourceSlug: slug, name, table, rows, detachedAt, sourceRemoved: sourceId === null }],
    )
  }

  @Mutation(() => SourceType, { description: 'Makes a source and its empty tables; its first load begins at once.' })
  createSource(@Arg('input', () => CreateSourceInput) input: CreateSourceInput): Promise<SourceType> {
    return this.#sources.create(newSourceOf(input))
  }

  @Mutation(() => SourceType)
  updateSource(
    @Arg('slug', () => String) slug: string,
    @Arg('input', () => UpdateSourceInput) input: UpdateSourceInput,
  ): Promise<SourceType> {
    return this.#sources.update(slug, {
      ...(input.title != null && { title: input.title }),
      ...(input.paused != null && { paused: input.paused }),
      ...(input.config != null && { config: settingsOf(input.config) }),
      ...(input.schedule !== undefined && { schedule: scheduleOf(input.schedule) }),
    })
  }

  @Mutation(() => Boolean, { description: 'Its tables stay, unless its slug is typed again as `removeTables`.' })
  async deleteSource(
    @Arg('slug', () => String) slug: string,
    @Arg('removeTables', () => String, { nullable: true }) removeTables: string | null,
  ): Promise<boolean> {
    await this.#sources.remove(slug, removeTables ?? undefined)
    return true
  }

  @FieldResolver(() => String, { description: 'What its connector says about it, in plain words.' })
  about(@Root() source: Source): string {
    return this.#catalog.find(source.connector)?.about ?? ''
  }

  @FieldResolver(() => ConnectorType, { nullable: true, description: 'null when it is not installed any more.' })
  connector(@Root() source: Source): ConnectorType | null {
    return connectorOf(this.#catalog, source.connector)
  }

  @FieldResolver(() => ProviderType, { nullable: true, description: "Whose data it loads; null when it is nobody else's." })
  provider(@Root() source: Source): ProviderType | null {
    return this.#sources.providerOf(source)
  }

  @FieldResolver(() => JsonScalar, { description: 'Its settings; a secret shows only whether it is set.' })
  config(@Root() source: Source): unknown {
    return this.#sources.masked(source)
  }

  @FieldResolver(() => ScheduleType, { nullable: true, description: 'null: only when somebody asks.' })
  schedule(@Root() source: Source): Schedule {
    return source.schedule
  }

  @FieldResolver(() => String, { description: 'Its schedule in words, for example "Every 2 minutes".' })
  scheduleText(@Root() source: Source): string {
    return describeSchedule(source.schedule)
  }
}
