import { Arg, Args, ArgsType, Field, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { RequestError } from '../shared/errors.ts'
import { DateTimeScalar } from '../shared/scalars.types.ts'
import type { SourcesService } from '../sources/sources.service.ts'
import { LoadType } from './load.types.ts'
import type { Discarded, LoadsService, QuarantinedRecord, QuarantineReason, QuarantineState } from './loads.service.ts'
import {
  QuarantineConnection,
  QuarantineDiscardedConnection,
  QuarantineDiscardedType,
  QuarantineDecisionType,
  QuarantinedRecordType,
  QuarantineReasonsType,
  QuarantineReasonType,
  QuarantineStates,
} from './quarantine.types.ts'

/** Which entries; what is left out does not matter. */
@ArgsType()
class FilterArgs {
  @Field(() => String, { nullable: true, description: 'Slug of the source.' })
  source?: string | null

  @Field(() => String, { nullable: true })
  dataset?: string | null

  @Field(() => String, { nullable: true })
  code?: string | null

  @Field(() => String, { nullable: true, description: 'Empty text asks for entries that are about no single column.' })
  column?: string | null
}

@ArgsType()
class PageArgs extends FilterArgs {
  @Field(() => Int, { defaultValue: 50 })
  first!: number

  @Field(() => String, { nullable: true })
  after?: string | null
}

@ArgsType()
class ChoiceArgs extends FilterArgs {
  @Field(() => [ID], { nullable: true, description: 'These entries, at most 1,000; left out: all that match.' })
  ids?: string[] | null
}

/** Answers what was set aside, and what people decide about it. */
@Resolver(() => QuarantinedRecordType)
export class QuarantineResolver {
  readonly #loads: LoadsService
  readonly #sources: SourcesService

  constructor(loads: LoadsService, sources: SourcesService) {
    this.#loads = loads
    this.#sources = sources
  }

  @Query(() => QuarantineConnection, { description: 'What was set aside, newest first.' })
  async quarantine(
    @Args(() => PageArgs) { source: slug, ...query }: PageArgs,
    @Arg('state', () => QuarantineStates, { defaultValue: 'open' }) state: QuarantineState,
  ): Promise<QuarantineConnection> {
    const { nodes, totalCount, ...pageInfo } = await this.#loads.quarantine({ slug, state, ...query })
    return { nodes, totalCount, pageInfo }
  }

  @Query(() => QuarantineReasonsType, { description: 'What waits for a person by what does not fit, the newest first.' })
  async quarantineReasons(@Args(() => PageArgs) { source: slug, ...query }: PageArgs): Promise<QuarantineReasonsType> {
    const { nodes, totalCount, entries, ...pageInfo } = await this.#loads.quarantineReasons({ slug, ...query })
    return { nodes, totalCount, entries, pageInfo }
  }

  @Query(() => QuarantineDiscardedConnection, { description: 'What people gave up, decision by decision, the newest first.' })
  async quarantineDiscarded(@Args(() => PageArgs) { source: slug, ...query }: PageArgs): Promise<QuarantineDiscardedConnection> {
    const { nodes, totalCount, ...pageInfo } = await this.#loads.discardedQuarantine({ slug, ...query })
    return { nodes, totalCount, pageInfo }
  }

  @Mutation(() => LoadType, {
    nullable: true,
    description:
      'Runs what is set aside of a source or dataset again, from what was kept raw and without asking the source. null: nothing is set aside.',
  })
  async replayQuarantine(
    @Arg('source', () => String) slug: string,
    @Arg('dataset', () => String, { nullable: true }) dataset?: string | null,
  ): Promise<LoadType | null> {
    return this.#loads.replay(await this.#sources.get(slug), dataset ?? null)
  }

  @Mutation(() => QuarantineDecisionType, { description: 'Gives open entries up and keeps why. They can be brought back.' })
  discardQuarantine(@Args(() => ChoiceArgs) choice: ChoiceArgs, @Arg('note', () => String) note: string): Promise<QuarantineDecisionType> {
    return this.#loads.discardQuarantine(choiceOf(choice), note)
  }

  @Mutation(() => QuarantineDecisionType, { description: 'Makes entries that were given up open again.' })
  restoreQuarantine(
    @Args(() => ChoiceArgs) choice: ChoiceArgs,
    @Arg('decidedAt', () => DateTimeScalar, { nullable: true, description: 'Takes back only what was decided then.' })
    decidedAt?: Date | null,
  ): Promise<QuarantineDecisionType> {
    return this.#loads.restoreQuarantine(choiceOf(choice), decidedAt ?? null)
  }

  @FieldResolver(() => String)
  sourceSlug(@Root() record: QuarantinedRecord): string {
    return record.slug
  }
}

/** Names the source of a reason. */
@Resolver(() => QuarantineReasonType)
export class QuarantineReasonResolver {
  @FieldResolver(() => String)
  sourceSlug(@Root() reason: QuarantineReason): string {
    return reason.slug
  }
}

/** Names the source of what was given up. */
@Resolver(() => QuarantineDiscardedType)
export class QuarantineDiscardedResolver {
  @FieldResolver(() => String)
  sourceSlug(@Root() discarded: Discarded): string {
    return discarded.slug
  }
}

function choiceOf({ source: slug, ids, ...filter }: ChoiceArgs) {
  return { slug, ...filter, ids: ids?.map(idOf) }
}

function idOf(text: string): number {
  const id = Number(text)
  if (!Number.isSafeInteger(id)) throw new RequestError(`"${text}" is not the id of an entry.`)
  return id
}
