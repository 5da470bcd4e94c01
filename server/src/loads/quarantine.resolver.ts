import { Arg, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql'
import { QuarantineConnection, QuarantinedRecordType } from './load.types.ts'
import type { LoadsService } from './loads.service.ts'
import type { QuarantinedRecord } from './quarantine.entity.ts'

/** Answers what was set aside. */
@Resolver(() => QuarantinedRecordType)
export class QuarantineResolver {
  readonly #loads: LoadsService

  constructor(loads: LoadsService) {
    this.#loads = loads
  }

  @Query(() => QuarantineConnection, { description: 'What waits for a person, newest first.' })
  async quarantine(
    @Arg('source', () => String, { nullable: true }) slug: string | null,
    @Arg('dataset', () => String, { nullable: true }) dataset: string | null,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<QuarantineConnection> {
    const { nodes, totalCount, ...pageInfo } = await this.#loads.quarantine({ slug, dataset, first, after })
    return { nodes, totalCount, pageInfo }
  }

  @FieldResolver(() => String)
  sourceSlug(@Root() record: QuarantinedRecord): string {
    return record.slug
  }
}
