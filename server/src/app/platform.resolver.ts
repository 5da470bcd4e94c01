import { Field, Int, ObjectType, Query, Resolver } from 'type-graphql'
import type { LakeService } from '../lake/lake.service.ts'
import { DateTimeScalar, Int64Scalar } from '../shared/scalars.types.ts'

/** The running server in the API. */
@ObjectType('Platform', { description: 'The running server.' })
export class PlatformType {
  @Field(() => String)
  version!: string

  @Field(() => DateTimeScalar)
  startedAt!: Date

  @Field(() => String, { description: 'Time zone of the machine; all times of the API are UTC.' })
  timeZone!: string

  @Field(() => Int, { description: 'Pages that are kept raw.' })
  lakeParts!: number

  @Field(() => Int64Scalar, { description: 'Size of the raw pages on disk, pictures not counted.' })
  lakeBytes!: number

  @Field(() => String, { description: 'The one folder below which connectors may read files.' })
  filesFolder!: string
}

/** What about the server does not change while it runs. */
export interface PlatformFacts {
  readonly version: string
  readonly startedAt: Date
  readonly filesFolder: string
}

/** Answers what server this is. */
@Resolver(() => PlatformType)
export class PlatformResolver {
  readonly #facts: PlatformFacts
  readonly #lake: LakeService

  constructor(facts: PlatformFacts, lake: LakeService) {
    this.#facts = facts
    this.#lake = lake
  }

  @Query(() => PlatformType)
  async platform(): Promise<PlatformType> {
    const { parts, bytes } = await this.#lake.size()
    return { ...this.#facts, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, lakeParts: parts, lakeBytes: bytes }
  }
}
