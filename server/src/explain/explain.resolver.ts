import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { DatasetType } from '../data-api/dataset.types.ts'
import { LoadType } from '../loads/load.types.ts'
import type { Load, LoadsService } from '../loads/loads.service.ts'
import { RequestError } from '../shared/errors.ts'
import { gathered } from '../shared/gathered.ts'
import type { RequestContext } from '../shared/request-context.ts'
import { DateTimeScalar } from '../shared/scalars.types.ts'
import { isTimeZone } from '../shared/time-zone.ts'
import type { ExplainService } from './explain.service.ts'
import { DatasetChangesType, PipelineStepType } from './explain.types.ts'

/** Adds to a dataset how it comes about. */
@Resolver(() => DatasetType)
export class PipelineResolver {
  readonly #explain: ExplainService

  constructor(explain: ExplainService) {
    this.#explain = explain
  }

  @FieldResolver(() => [PipelineStepType], { description: 'Its way from the source to the screen, with the counts of now.' })
  howItWorks(
    @Root() { sourceSlug, name }: DatasetType,
    @Arg('timeZone', () => String, { defaultValue: 'UTC', description: 'Whose days are meant, for example Europe/Stockholm.' })
    timeZone: string,
    @Ctx() context: RequestContext,
  ): Promise<PipelineStepType[]> {
    if (!isTimeZone(timeZone)) throw new RequestError(`There is no time zone "${timeZone}". Give a name such as Europe/Stockholm.`)
    const openEntries = () => context.once('quarantined', () => this.#explain.openEntries())
    return this.#explain.pipeline(sourceSlug, name, timeZone, openEntries)
  }
}

/** Adds to a load what it changed, and answers what has changed since. */
@Resolver(() => LoadType)
export class ChangesResolver {
  readonly #explain: ExplainService
  readonly #loads: LoadsService

  constructor(explain: ExplainService, loads: LoadsService) {
    this.#explain = explain
    this.#loads = loads
  }

  @FieldResolver(() => [String], { description: 'What it changed, in sentences.' })
  async changes(@Root() load: Load, @Ctx() context: RequestContext): Promise<string[]> {
    const find = context.once('balances', () => gathered((ids) => this.#loads.balances(ids)))
    const balance = (await context.once(`balance of ${load.id}`, () => find(load.id))) ?? []
    return this.#explain.loadWords(load, balance)
  }

  @Query(() => [DatasetChangesType], { description: 'What loads changed in each table since then, the largest change first.' })
  async changedSince(@Arg('since', () => DateTimeScalar) since: Date): Promise<DatasetChangesType[]> {
    return (await this.#explain.changesSince(since)).map(({ slug, ...change }) => ({ sourceSlug: slug, ...change }))
  }
}
