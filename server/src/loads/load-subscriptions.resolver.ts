import { Arg, Field, FieldResolver, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql'
import { LoadType } from './load.types.ts'
import type { Change, LoadChoice } from './load-watch.ts'
import type { LoadsService } from './loads.service.ts'

/** Loads that one event tells of at most. */
const most = 50

/** Something that the dashboard shows has changed. */
@ObjectType('Change', { description: 'Something that the dashboard shows has changed.' })
export class ChangeType {
  @Field(() => Boolean, { description: 'True when a source was made, changed or removed.' })
  sources!: boolean
}

/** Adds to a change the loads that it is about. */
@Resolver(() => ChangeType)
export class ChangeResolver {
  readonly #loads: LoadsService

  constructor(loads: LoadsService) {
    this.#loads = loads
  }

  @FieldResolver(() => [LoadType], { description: `Loads that were asked for, went on or ended, as they are now; the newest ${most}.` })
  loads(@Root() { loads }: Change): Promise<LoadType[]> {
    return this.#loads.these([...loads], most)
  }
}

/** Tells of loads while they run. Events come over `/graphql/stream`; no listener gets more than four in a second. */
@Resolver()
export class LoadSubscriptionsResolver {
  readonly #loads: LoadsService

  constructor(loads: LoadsService) {
    this.#loads = loads
  }

  @Subscription(() => LoadType, {
    topics: 'load',
    topicId: ({ args }: { args: LoadChoice }) => args,
    description: 'A load whenever it changes: one (which comes at once, as it is), those of a source, or all.',
  })
  loadChanged(
    @Root() loadId: string,
    @Arg('id', () => ID, { nullable: true }) _id: string | null,
    @Arg('source', () => String, { nullable: true }) _source: string | null,
  ): Promise<LoadType> {
    return this.#loads.get(loadId)
  }

  @Subscription(() => ChangeType, { topics: 'change', description: 'Comes whenever something changes that the dashboard shows.' })
  changed(@Root() change: Change): Change {
    return change
  }
}
