import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { NotFoundError, RequestError } from '../shared/errors.ts'
import { gathered } from '../shared/gathered.ts'
import type { RequestContext } from '../shared/request-context.ts'
import { Int64Scalar } from '../shared/scalars.types.ts'
import { SourceType } from '../sources/source.types.ts'
import type { Source, SourcesService } from '../sources/sources.service.ts'
import { balances } from './balance.ts'
import type { LoadDataset } from './load-dataset.entity.ts'
import type { Load } from './load.entity.ts'
import { checkedRecords, stageOf, type LoadStage } from './load-stage.ts'
import { BalanceType, LoadConnection, LoadErrorType, LoadsArgs, LoadStages, LoadType, LogLineType, PrunedLakeType } from './load.types.ts'
import type { LoadsService } from './loads.service.ts'

const DAY_MS = 86_400_000

/** Answers what was loaded, asks for loads and ends them. */
@Resolver(() => LoadType)
export class LoadResolver {
  readonly #loads: LoadsService
  readonly #sources: SourcesService

  constructor(loads: LoadsService, sources: SourcesService) {
    this.#loads = loads
    this.#sources = sources
  }

  @Query(() => LoadConnection, { description: 'Newest first; those that match everything that is given.' })
  async loads(
    @Args(() => LoadsArgs) { source: slug, dataset, state: states, trigger, since, first, after, before }: LoadsArgs,
  ): Promise<LoadConnection> {
    const page = await this.#loads.list({ slug, dataset, states, trigger, since, first, after, before })
    const { nodes, totalCount, newer, ...pageInfo } = page
    return { nodes, totalCount, newer, pageInfo }
  }

  @Query(() => LoadType, { nullable: true })
  load(@Arg('id', () => ID) id: string): Promise<LoadType | null> {
    return this.#loads.get(id).catch(nullIfMissing)
  }

  @Mutation(() => LoadType, { description: 'Asks for a load; answers with the one that already runs where there is one.' })
  async loadNow(@Arg('source', () => String) slug: string): Promise<LoadType> {
    const source = await this.#sources.get(slug)
    return this.#loads.request(source.id, 'person')
  }

  @Mutation(() => PrunedLakeType, {
    description:
      'Removes raw pages of that age, also such that replays would need; rows stay. What loads or a person still need stays too.',
  })
  pruneLake(
    @Arg('olderThanDays', () => Int) days: number,
    @Arg('dryRun', () => Boolean, { defaultValue: true, description: 'Only says what would be lost.' }) dryRun: boolean,
  ): Promise<PrunedLakeType> {
    if (days < 1) throw new RequestError('Raw pages of the last day stay: olderThanDays must be 1 or more.')
    return this.#loads.pruneLake(days * DAY_MS, dryRun)
  }

  @Mutation(() => LoadType, { description: 'Ends a load at the edge of a batch; what is committed stays.' })
  cancelLoad(@Arg('id', () => ID) id: string): Promise<LoadType> {
    return this.#loads.cancel(id)
  }

  @Mutation(() => LoadType, { description: 'Takes the short list of a held load: answers with the load that may now remove the rows.' })
  acceptLoad(@Arg('id', () => ID) id: string): Promise<LoadType> {
    return this.#loads.accept(id)
  }

  @Mutation(() => LoadType, { description: 'Keeps the rows of before; the held load waits no more.' })
  dismissLoad(@Arg('id', () => ID) id: string): Promise<LoadType> {
    return this.#loads.dismiss(id)
  }

  @FieldResolver(() => SourceType, { nullable: true, description: 'null when the source was removed.' })
  source(@Root() load: Load, @Ctx() context: RequestContext): Promise<SourceType | null> {
    return this.#source(load, context)
  }

  @FieldResolver(() => String)
  sourceSlug(@Root() load: Load): string {
    return load.slug
  }

  @FieldResolver(() => LoadErrorType, { nullable: true })
  error(@Root() { errorCode: code, errorMessage, errorDetail: detail }: Load): LoadErrorType | null {
    return code === null ? null : { code, message: errorMessage ?? '', detail }
  }

  @FieldResolver(() => [BalanceType], { description: 'What each dataset came to.' })
  balance(@Root() load: Load, @Ctx() context: RequestContext): Promise<BalanceType[]> {
    return this.#balance(load, context)
  }

  @FieldResolver(() => Int64Scalar, {
    description: 'Records that went through the checks, also those that an earlier load had kept raw. The rest is still in the checks.',
  })
  async checked(@Root() load: Load, @Ctx() context: RequestContext): Promise<number> {
    return checkedRecords(await this.#balance(load, context), await this.#streams(load, context))
  }

  @FieldResolver(() => LoadStages)
  async stage(@Root() load: Load, @Ctx() context: RequestContext): Promise<LoadStage> {
    return stageOf(load, await this.#balance(load, context), await this.#streams(load, context))
  }

  @FieldResolver(() => Int64Scalar, { nullable: true, description: 'Milliseconds from its start to its end.' })
  duration(@Root() { startedAt, finishedAt }: Load): number | null {
    return startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : null
  }

  @FieldResolver(() => Boolean, { description: 'True while a held load waits for a person: `acceptLoad` or `dismissLoad` answers it.' })
  waits(@Root() load: Load): Promise<boolean> {
    return this.#loads.waits(load)
  }

  @FieldResolver(() => LoadType, { nullable: true, description: 'The load of the same source before this one.' })
  previous(@Root() load: Load): Promise<LoadType | null> {
    return this.#loads.beside(load, 'before')
  }

  @FieldResolver(() => LoadType, { nullable: true, description: 'The load of the same source after this one.' })
  next(@Root() load: Load): Promise<LoadType | null> {
    return this.#loads.beside(load, 'after')
  }

  @FieldResolver(() => [LogLineType], { description: 'Oldest first.' })
  log(@Root() load: Load, @Arg('first', () => Int, { defaultValue: 200 }) first: number): Promise<LogLineType[]> {
    return this.#loads.log(load.id, first)
  }

  /** One statement for all loads of an answer. */
  async #balance({ id }: Load, context: RequestContext): Promise<LoadDataset[]> {
    const find = context.once('balances', () => gathered((ids) => this.#loads.balances(ids)))
    return (await context.once(`balance of ${id}`, () => find(id))) ?? []
  }

  async #source({ slug, sourceId }: Load, context: RequestContext): Promise<Source | null> {
    const source = await context.once(`source ${slug}`, () => this.#sources.find(slug))
    return source?.id === sourceId ? source : null
  }

  /** The stream of every dataset that the source has now; none when it was removed or its connector is gone. */
  async #streams(load: Load, context: RequestContext): Promise<Map<string, string>> {
    const source = await this.#source(load, context)
    try {
      return new Map((source ? this.#sources.tables(source) : []).map(({ shape }) => [shape.name, shape.from]))
    } catch {
      return new Map()
    }
  }
}

/** Adds the proof to a balance. */
@Resolver(() => BalanceType)
export class BalanceResolver {
  @FieldResolver(() => Boolean, { description: 'True when every record and every row is accounted for exactly once.' })
  balances(@Root() balance: LoadDataset): boolean {
    return balances(balance)
  }
}

function nullIfMissing(error: unknown): null {
  if (error instanceof NotFoundError) return null
  throw error
}
