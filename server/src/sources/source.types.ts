import { Field, InputType, Int, ObjectType } from 'type-graphql'
import { DateTimeScalar, Int64Scalar, JsonScalar } from '../shared/scalars.types.ts'

/** When a source loads, in the API: either `every`, or `cron` with `timeZone`. */
@ObjectType('Schedule', { description: 'Either `every`, or `cron` with `timeZone`.' })
export class ScheduleType {
  @Field(() => Int, { nullable: true, description: 'Seconds between two loads.' })
  every?: number

  @Field(() => String, { nullable: true, description: 'Five fields: minute, hour, day of the month, month, day of the week.' })
  cron?: string

  @Field(() => String, { nullable: true, description: 'A name of the IANA list, for example Europe/Stockholm.' })
  timeZone?: string
}

/** A source in the API. What its loads say is added by the loads, its datasets by the data API. */
@ObjectType('Source', { description: 'A configured connector: what to read, with which settings, and when.' })
export class SourceType {
  @Field(() => String, { description: 'Short name; it never changes.' })
  slug!: string

  @Field(() => String)
  title!: string

  @Field(() => Boolean, { description: 'True while its schedule is stopped by a person.' })
  paused!: boolean

  @Field(() => DateTimeScalar)
  createdAt!: Date
}

/** A table that no source fills any more. */
@ObjectType('KeptTable', {
  description: 'A table that no source fills any more. `deleteSource` with its slug typed again removes it for good.',
})
export class KeptTableType {
  @Field(() => String)
  sourceSlug!: string

  @Field(() => String)
  name!: string

  @Field(() => String, { description: 'Name of the table in the warehouse.' })
  table!: string

  @Field(() => Int64Scalar)
  rows!: number

  @Field(() => DateTimeScalar, { description: 'Since when no source fills it.' })
  detachedAt!: Date

  @Field(() => Boolean, { description: 'False when its source is still there and does not offer the dataset any more.' })
  sourceRemoved!: boolean
}

/** What a schedule that is not kept yet would mean. */
@ObjectType('ScheduleForecast', { description: 'What a schedule that is not kept yet would mean.' })
export class ScheduleForecastType {
  @Field(() => String, { description: 'The schedule in words, for example "Every 2 minutes".' })
  text!: string

  @Field(() => [DateTimeScalar], { description: 'Its next times, were it kept now.' })
  next!: readonly Date[]
}

/** When a source is to load. */
@InputType('ScheduleInput', { description: 'Either `every` (seconds, at least 60), or `cron` with `timeZone`.' })
export class ScheduleInput {
  @Field(() => Int, { nullable: true })
  every?: number | null

  @Field(() => String, { nullable: true })
  cron?: string | null

  @Field(() => String, { nullable: true })
  timeZone?: string | null
}

/** A source to be made. */
@InputType('CreateSource')
export class CreateSourceInput {
  @Field(() => String, { description: '2 to 31 small letters, digits or dashes, beginning with a letter. It never changes.' })
  slug!: string

  @Field(() => String)
  title!: string

  @Field(() => String, { description: 'Name of an installed connector.' })
  connector!: string

  @Field(() => JsonScalar, { description: 'The settings that the form of the connector asks for, by name.' })
  config!: unknown

  @Field(() => ScheduleInput, { nullable: true, description: 'Left out: it loads only when somebody asks.' })
  schedule?: ScheduleInput | null

  @Field(() => Boolean, { nullable: true, description: 'True: it does not load by itself, not even for the first time.' })
  paused?: boolean | null
}

/** What is to change in a source; what is left out stays. */
@InputType('UpdateSource', { description: 'What is left out stays as it is.' })
export class UpdateSourceInput {
  @Field(() => String, { nullable: true })
  title?: string | null

  @Field(() => JsonScalar, { nullable: true, description: 'The whole form; secrets that it leaves out stay as they are.' })
  config?: unknown

  @Field(() => ScheduleInput, { nullable: true, description: 'null: only when somebody asks.' })
  schedule?: ScheduleInput | null

  @Field(() => Boolean, { nullable: true })
  paused?: boolean | null
}

/** Settings to be tried out. */
@InputType('TestSource')
export class TestSourceInput {
  @Field(() => String)
  connector!: string

  @Field(() => JsonScalar)
  config!: unknown

  @Field(() => String, { nullable: true, description: 'Of an existing source, whose secrets are used where the settings leave them out.' })
  slug?: string | null
}

/** One setting at fault. */
@ObjectType('FieldFault')
export class FieldFaultType {
  @Field(() => String, { description: 'Name of the setting.' })
  name!: string

  @Field(() => String)
  message!: string
}

/** How a test of settings went. */
@ObjectType('TestResult', { description: 'How a test of settings went.' })
export class TestResultType {
  @Field(() => Boolean)
  ok!: boolean

  @Field(() => String)
  message!: string

  @Field(() => [FieldFaultType])
  fields!: readonly FieldFaultType[]
}
