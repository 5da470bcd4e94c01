import { Arg, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { NotFoundError } from '../shared/errors.ts'
import { SourceType } from '../sources/source.types.ts'
import type { SourcesService } from '../sources/sources.service.ts'
import { balances } from './balance.ts'
import type { LoadDataset } from './load-dataset.entity.ts'
import type { Load } from './load.entity.ts'
import { BalanceType, LoadConnection, LoadErrorType, LoadType, LogLineType } from './load.types.ts'
import type { LoadsService } from './loads.service.ts'

/** Answers what was loaded, asks for loads and ends them. */
@Resolver(() => LoadType)
export class LoadResolver {
  readonly #loads: LoadsService
  readonly #sources: SourcesService

  constructor(loads: LoadsService, sources: SourcesService) {
    this.#loads = loads
    this.#sources = sources
  }

  @Query(() => LoadConnection, { description: 'Newest first; of one source (its slug) or dataset where that is given.' })
  async loads(
    @Arg('source', () => String, { nullable: true }) slug: string | null,
    @Arg('dataset', () => String, { nullable: true }) dataset: string | null,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<LoadConnection> {
    const { nodes, totalCount, ...pageInfo } = await this.#loads.list({ slug, dataset, first, after })
    return { nodes, totalCount, pageInfo }
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

  @Mutation(() => LoadType, { description: 'Ends a load at the edge of a batch; what is committed stays.' })
  cancelLoad(@Arg('id', () => ID) id: string): Promise<LoadType> {
    return this.#loads.cancel(id)
  }

  @FieldResolver(() => SourceType, { nullable: true, description: 'null when the source was removed.' })
  async source(@Root() load: Load): Promise<SourceType | null> {
    const source = await this.#sources.find(load.slug)
    return source?.id === load.sourceId ? source : null
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
  balance(@Root() load: Load): Promise<BalanceType[]> {
    return this.#loads.balance(load.id)
  }

  @FieldResolver(() => [LogLineType], { description: 'Oldest first.' })
  log(@Root() load: Load, @Arg('first', () => Int, { defaultValue: 200 }) first: number): Promise<LogLineType[]> {
    return this.#loads.log(load.id, first)
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
