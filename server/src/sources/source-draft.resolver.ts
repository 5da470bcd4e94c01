import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql'
import { RequestError } from '../shared/errors.ts'
import { checkFirst } from '../shared/paging.ts'
import type { RequestContext } from '../shared/request-context.ts'
import { newSourceOf, scheduleOf, settingsOf } from './given-input.ts'
import { previewAnswer, PreviewDatasetType } from './preview.types.ts'
import { CreateSourceInput, ScheduleForecastType, ScheduleInput, TestResultType, TestSourceInput } from './source.types.ts'
import type { SourcesService, TrySettings } from './sources.service.ts'

const MOST_ROWS = 100
const MOST_TIMES = 20

/**
 * Helps to fill in a source before it is kept. What takes settings is a mutation although it changes nothing: only mutations are always
 * sent in the body of a request, and secrets must not stand in an address.
 */
@Resolver()
export class SourceDraftResolver {
  readonly #sources: SourcesService

  constructor(sources: SourcesService) {
    this.#sources = sources
  }

  @Mutation(() => TestResultType, { description: 'Tries settings out without keeping them.' })
  testSource(@Arg('input', () => TestSourceInput) input: TestSourceInput, @Ctx() context: RequestContext): Promise<TestResultType> {
    return this.#sources.test(triedOf(input), context.signal)
  }

  @Mutation(() => Boolean, {
    description:
      'Refuses what `createSource` would refuse, or `updateSource` where there is a source of that slug. Changes nothing, and does not ask the source.',
  })
  async checkSource(@Arg('input', () => CreateSourceInput) input: CreateSourceInput): Promise<boolean> {
    await this.#sources.check(newSourceOf(input))
    return true
  }

  @Mutation(() => [PreviewDatasetType], {
    description:
      'The first rows of every dataset, read from the source now and not kept. Give settings to try as `input`, or the slug of a source as `source`.',
  })
  async previewSource(
    @Arg('input', () => TestSourceInput, { nullable: true }) input: TestSourceInput | null,
    @Arg('source', () => String, { nullable: true }) slug: string | null,
    @Arg('first', () => Int, { defaultValue: 10, description: 'Rows of each dataset, at most 100.' }) first: number,
    @Ctx() context: RequestContext,
  ): Promise<PreviewDatasetType[]> {
    if ((input == null) === (slug == null)) throw new RequestError('Give either settings to try, or the slug of a source.')
    const options = { first: checkFirst(first, MOST_ROWS), signal: context.signal }
    const datasets = await this.#sources.preview(input == null ? slug! : triedOf(input), options)
    return datasets.map(previewAnswer)
  }

  @Query(() => ScheduleForecastType, { description: 'What a schedule means, before it is kept; null: only when somebody asks.' })
  describeSchedule(
    @Arg('schedule', () => ScheduleInput, { nullable: true }) schedule: ScheduleInput | null,
    @Arg('times', () => Int, { defaultValue: 3, description: 'How many of its next times, at most 20.' }) times: number,
  ): ScheduleForecastType {
    return this.#sources.drafts.forecast(scheduleOf(schedule), checkFirst(times, MOST_TIMES))
  }

  @Query(() => String, { description: 'A slug made from a title that a new source can have.' })
  suggestSlug(@Arg('title', () => String) title: string): Promise<string> {
    return this.#sources.drafts.suggestSlug(title)
  }

  @Query(() => String, { nullable: true, description: 'Why no new source can have this slug; null when it can.' })
  slugProblem(@Arg('slug', () => String) slug: string): Promise<string | null> {
    return this.#sources.drafts.slugProblem(slug)
  }
}

const triedOf = ({ connector, config, slug }: TestSourceInput): TrySettings => ({
  connector,
  config: settingsOf(config),
  ...(slug != null && { slug }),
})
