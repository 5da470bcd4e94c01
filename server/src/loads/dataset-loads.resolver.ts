import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql'
import type { DatasetRoot } from '../data-api/dataset.types.ts'
import { DatasetType } from '../data-api/dataset.types.ts'
import type { RequestContext } from '../shared/request-context.ts'
import { DateTimeScalar, Int64Scalar } from '../shared/scalars.types.ts'
import type { LoadsService } from './loads.service.ts'

/** Rows of a dataset after one load. */
@ObjectType('TrendPoint')
export class TrendPointType {
  @Field(() => DateTimeScalar)
  at!: Date

  @Field(() => Int64Scalar)
  rows!: number
}

/** Adds to a dataset what its loads say. */
@Resolver(() => DatasetType)
export class DatasetLoadsResolver {
  readonly #loads: LoadsService

  constructor(loads: LoadsService) {
    this.#loads = loads
  }

  @FieldResolver(() => Int, { description: 'Records and rows that are set aside.' })
  async quarantined(@Root() { sourceSlug, name }: DatasetType, @Ctx() context: RequestContext): Promise<number> {
    const counts = await context.once('quarantined', () => this.#loads.quarantined())
    return counts.get(`${sourceSlug}/${name}`) ?? 0
  }

  @FieldResolver(() => [TrendPointType], { description: 'Rows after each of its last 30 loads, oldest first.' })
  trend(@Root() dataset: DatasetRoot): Promise<TrendPointType[]> {
    return this.#loads.trend(dataset.source.id, dataset.name)
  }
}
