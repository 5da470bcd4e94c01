import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import type { DataApiService } from '../data-api/data-api.service.ts'
import type { ScheduleService } from '../schedule/schedule.service.ts'
import type { RequestContext } from '../shared/request-context.ts'
import { DateTimeScalar } from '../shared/scalars.types.ts'
import { SourceType } from '../sources/source.types.ts'
import type { Source } from '../sources/sources.service.ts'
import { LoadType } from './load.types.ts'
import type { KeyLoads, LoadsService, SourceState, SourceStateName } from './loads.service.ts'
import { SourceStates } from './source-state.types.ts'

/** What the state of a source is told from. */
export interface SourceLoadsDeps {
  readonly loads: LoadsService
  readonly schedule: ScheduleService
  readonly dataApi: DataApiService
}

/** Adds to a source what its loads and its schedule say. */
@Resolver(() => SourceType)
export class SourceLoadsResolver {
  readonly #deps: SourceLoadsDeps

  constructor(deps: SourceLoadsDeps) {
    this.#deps = deps
  }

  @FieldResolver(() => SourceStates)
  async state(@Root() source: Source, @Ctx() context: RequestContext): Promise<SourceStateName> {
    return (await this.#state(source, context)).state
  }

  @FieldResolver(() => DateTimeScalar)
  async stateSince(@Root() source: Source, @Ctx() context: RequestContext): Promise<Date> {
    return (await this.#state(source, context)).since
  }

  @FieldResolver(() => String, { description: 'What is so, since when, and what to do.' })
  async stateText(@Root() source: Source, @Ctx() context: RequestContext): Promise<string> {
    const { text } = await this.#state(source, context)
    const problem = this.#deps.dataApi.problem(source.slug)
    return problem === null ? text : `${text} Its rows cannot be asked for through the API: ${problem}`
  }

  @FieldResolver(() => LoadType, { nullable: true })
  async lastLoad(@Root() source: Source, @Ctx() context: RequestContext): Promise<LoadType | null> {
    return (await this.#keyLoads(source, context)).last
  }

  @FieldResolver(() => LoadType, { nullable: true })
  async lastSuccess(@Root() source: Source, @Ctx() context: RequestContext): Promise<LoadType | null> {
    return (await this.#keyLoads(source, context)).lastSuccess
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: 'The next load that is planned.' })
  async nextLoadAt(@Root() source: Source, @Ctx() context: RequestContext): Promise<Date | null> {
    const next = await context.once('next loads', () => this.#deps.schedule.nextAll())
    return next.get(source.id) ?? null
  }

  @FieldResolver(() => [DateTimeScalar], { description: 'Planned times from `from` to before `to`, at most 400.' })
  due(@Root() source: Source, @Arg('from', () => DateTimeScalar) from: Date, @Arg('to', () => DateTimeScalar) to: Date): Promise<Date[]> {
    return this.#deps.loads.due(source, from, to)
  }

  @FieldResolver(() => [LoadType], { description: 'Newest first.' })
  loads(
    @Root() source: Source,
    @Arg('since', () => DateTimeScalar, { nullable: true }) since: Date | null,
    @Arg('first', () => Int, { defaultValue: 100 }) first: number,
  ): Promise<LoadType[]> {
    return this.#deps.loads.recent(source.id, since, first)
  }

  @FieldResolver(() => Int, { description: 'Records and rows that are set aside.' })
  async quarantined(@Root() source: Source, @Ctx() context: RequestContext): Promise<number> {
    const counts = await context.once('quarantined', () => this.#deps.loads.quarantined())
    return [...counts].reduce((sum, [place, count]) => (place.startsWith(`${source.slug}/`) ? sum + count : sum), 0)
  }

  async #state(source: Source, context: RequestContext): Promise<SourceState> {
    const states = await context.once('source states', () => this.#deps.loads.sourceStates())
    // A source removed by this very request has none any more.
    return states.get(source.id) ?? { state: 'NEVER_LOADED', since: source.createdAt, text: `${source.title} is being removed.` }
  }

  #keyLoads(source: Source, context: RequestContext): Promise<KeyLoads> {
    return context.once(`loads of ${source.id}`, () => this.#deps.loads.keyLoads(source.id))
  }
}
