import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { PageInfo } from '../shared/page-info.types.ts'
import { DateTimeScalar, Int64Scalar, JsonScalar } from '../shared/scalars.types.ts'
import type { LoadAnswer, LoadState, LoadTrigger } from './load.entity.ts'

/** Why a load was asked for. */
export const LoadTriggers = { SCHEDULE: 'schedule', PERSON: 'person', FIRST: 'first', RETRY: 'retry', REPLAY: 'replay' } as const
registerEnumType(LoadTriggers, { name: 'LoadTrigger', description: 'Why a load was asked for.' })

/** How far a load is. */
export const LoadStates = {
  QUEUED: 'queued',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  HELD: 'held',
} as const
registerEnumType(LoadStates, { name: 'LoadState', description: 'How far a load is; HELD waits for a person.' })

/** Where a load is. */
export const LoadStages = {
  WAITING: 'WAITING',
  EXTRACT: 'EXTRACT',
  CHECK: 'CHECK',
  FINISH: 'FINISH',
  ENDED: 'ENDED',
} as const
registerEnumType(LoadStages, {
  name: 'LoadStage',
  description:
    'What a load waits for, while all steps go on page by page. EXTRACT: for the source. CHECK: records are in the checks. FINISH: everything is written and is counted again.',
})

/** What a person said about a held load. */
export const LoadAnswers = { KEPT: 'kept', ACCEPTED: 'accepted' } as const
registerEnumType(LoadAnswers, {
  name: 'LoadAnswer',
  description: 'What a person said about a held load. KEPT: the rows of before stay. ACCEPTED: the short list was taken.',
})

/** What was removed from the lake, or would be. */
@ObjectType('PrunedLake', { description: 'What was removed from the lake, or would be.' })
export class PrunedLakeType {
  @Field(() => Int, { description: 'Raw pages.' })
  parts!: number

  @Field(() => Int64Scalar, { description: 'Their size on disk.' })
  bytes!: number

  @Field(() => Int64Scalar, { description: 'Rows whose raw record cannot be shown any more.' })
  rows!: number
}

/** Why a load did not succeed. */
@ObjectType('LoadError')
export class LoadErrorType {
  @Field(() => String)
  code!: string

  @Field(() => String, { description: 'What happened and what to try.' })
  message!: string

  @Field(() => String, { nullable: true, description: 'Exact words for the engineer.' })
  detail!: string | null
}

/** The balance of one dataset in one load. */
@ObjectType('Balance', {
  description:
    'Records: read = transformed + filtered + quarantinedRecords. Rows: made = inserted + updated + unchanged + superseded + quarantinedRows.',
})
export class BalanceType {
  @Field(() => String)
  dataset!: string

  @Field(() => Int64Scalar)
  read!: number

  @Field(() => Int64Scalar)
  transformed!: number

  @Field(() => Int64Scalar)
  filtered!: number

  @Field(() => Int64Scalar)
  quarantinedRecords!: number

  @Field(() => Int64Scalar)
  made!: number

  @Field(() => Int64Scalar)
  inserted!: number

  @Field(() => Int64Scalar)
  updated!: number

  @Field(() => Int64Scalar)
  unchanged!: number

  @Field(() => Int64Scalar, { description: 'The same key came again in the batch.' })
  superseded!: number

  @Field(() => Int64Scalar)
  quarantinedRows!: number

  @Field(() => Int64Scalar)
  removed!: number

  @Field(() => Int64Scalar, { nullable: true, description: 'Rows in the table when the load was done with it.' })
  rowsAfter!: number | null

  @Field(() => Int64Scalar, { nullable: true, description: 'Rows in the table when a replace of it was held.' })
  rowsBefore!: number | null

  @Field(() => Int64Scalar, { nullable: true, description: 'Rows that the held replace would have left.' })
  rowsOffered!: number | null
}

/** One line of a load's log. */
@ObjectType('LogLine')
export class LogLineType {
  @Field(() => DateTimeScalar)
  at!: Date

  @Field(() => String)
  level!: string

  @Field(() => String)
  message!: string

  @Field(() => JsonScalar, { nullable: true })
  fields!: unknown
}

/** One run of a source in the API. */
@ObjectType('Load', { description: 'One run of a source, from the request to its end.' })
export class LoadType {
  @Field(() => ID)
  id!: string

  @Field(() => LoadTriggers)
  trigger!: LoadTrigger

  @Field(() => LoadStates)
  state!: LoadState

  @Field(() => DateTimeScalar, { nullable: true, description: 'The time of the schedule that it answers.' })
  plannedAt!: Date | null

  @Field(() => DateTimeScalar)
  queuedAt!: Date

  @Field(() => DateTimeScalar, { nullable: true })
  startedAt!: Date | null

  @Field(() => DateTimeScalar, { nullable: true })
  finishedAt!: Date | null

  @Field(() => Int, { description: '1 for the first try.' })
  attempt!: number

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a failed load is tried again by itself.' })
  retryAt!: Date | null

  @Field(() => Int, { description: 'Pages that were fetched and kept raw.' })
  pages!: number

  @Field(() => Int64Scalar, { description: 'Records that were fetched and kept raw.' })
  records!: number

  @Field(() => Int64Scalar, { description: 'Bytes of record text that were kept raw.' })
  bytes!: number

  @Field(() => LoadAnswers, { nullable: true, description: 'What a person said about a held load.' })
  answer!: LoadAnswer | null

  @Field(() => DateTimeScalar, { nullable: true })
  answeredAt!: Date | null
}

/** Which loads are listed. */
@ArgsType()
export class LoadsArgs {
  @Field(() => String, { nullable: true, description: 'Slug of a source.' })
  source!: string | null

  @Field(() => String, { nullable: true })
  dataset!: string | null

  @Field(() => [LoadStates], { nullable: true, description: 'In one of these states.' })
  state!: LoadState[] | null

  @Field(() => LoadTriggers, { nullable: true })
  trigger!: LoadTrigger | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'Asked for since then.' })
  since!: Date | null

  @Field(() => Int, { defaultValue: 50 })
  first!: number

  @Field(() => String, { nullable: true, description: 'Older than the end of that page.' })
  after!: string | null

  @Field(() => String, { nullable: true, description: 'Newer than the beginning of that page, which it called `newer`.' })
  before!: string | null
}

/** A page of loads. */
@ObjectType('LoadConnection')
export class LoadConnection {
  @Field(() => [LoadType])
  nodes!: LoadType[]

  @Field(() => Int)
  totalCount!: number

  @Field(() => PageInfo)
  pageInfo!: PageInfo

  @Field(() => String, { nullable: true, description: 'Give it as `before` to get the page of newer ones; null on the newest.' })
  newer!: string | null
}
