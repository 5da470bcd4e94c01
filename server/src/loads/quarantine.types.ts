import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { PageInfo } from '../shared/page-info.types.ts'
import { DateTimeScalar, Int64Scalar } from '../shared/scalars.types.ts'
import type { QuarantineState } from './quarantine.entity.ts'

/** What became of an entry. */
export const QuarantineStates = { OPEN: 'open', RESOLVED: 'resolved', DISCARDED: 'discarded' } as const
registerEnumType(QuarantineStates, {
  name: 'QuarantineState',
  description: 'OPEN waits for a person, RESOLVED is in the table after all or was read anew, DISCARDED was given up by a person.',
})

/** A record or row that was set aside, in the API. */
@ObjectType('QuarantinedRecord', { description: 'A record, or a row made from it, that did not fit and was set aside with its raw text.' })
export class QuarantinedRecordType {
  @Field(() => ID)
  id!: number

  @Field(() => String)
  dataset!: string

  @Field(() => ID)
  loadId!: string

  @Field(() => String)
  code!: string

  @Field(() => String, { nullable: true })
  column!: string | null

  @Field(() => String, { description: 'What does not fit, in plain words.' })
  reason!: string

  @Field(() => String, { description: 'What the source said, word for word.' })
  raw!: string

  @Field(() => Int64Scalar)
  part!: number

  @Field(() => Int)
  line!: number

  @Field(() => DateTimeScalar)
  at!: Date

  @Field(() => QuarantineStates)
  state!: QuarantineState

  @Field(() => String, { nullable: true, description: 'Why a person gave it up.' })
  note!: string | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a person or a replay decided about it.' })
  decidedAt!: Date | null
}

/** A page of records that were set aside. */
@ObjectType('QuarantineConnection')
export class QuarantineConnection {
  @Field(() => [QuarantinedRecordType])
  nodes!: QuarantinedRecordType[]

  @Field(() => Int)
  totalCount!: number

  @Field(() => PageInfo)
  pageInfo!: PageInfo
}

/** Why records wait. */
@ObjectType('QuarantineReason', { description: 'Open entries of one dataset that break the same rule in the same column.' })
export class QuarantineReasonType {
  @Field(() => String)
  dataset!: string

  @Field(() => String)
  code!: string

  @Field(() => String, { nullable: true, description: 'null when it is about no single column.' })
  column!: string | null

  @Field(() => Int)
  count!: number

  @Field(() => DateTimeScalar)
  firstAt!: Date

  @Field(() => DateTimeScalar)
  lastAt!: Date

  @Field(() => String, { description: 'What the newest entry says, in plain words.' })
  example!: string

  @Field(() => ID, { description: 'The newest entry.' })
  exampleId!: number
}

/** A page of reasons. */
@ObjectType('QuarantineReasons')
export class QuarantineReasonsType {
  @Field(() => [QuarantineReasonType])
  nodes!: QuarantineReasonType[]

  @Field(() => Int, { description: 'Reasons over all pages.' })
  totalCount!: number

  @Field(() => Int, { description: 'Entries of all reasons over all pages.' })
  entries!: number

  @Field(() => PageInfo)
  pageInfo!: PageInfo
}

/** What a person gave up in one go. */
@ObjectType('QuarantineDiscarded', { description: 'Entries of one dataset that a person gave up in one go.' })
export class QuarantineDiscardedType {
  @Field(() => String)
  dataset!: string

  @Field(() => Int)
  count!: number

  @Field(() => DateTimeScalar)
  decidedAt!: Date

  @Field(() => String, { description: 'Why it was given up.' })
  note!: string

  @Field(() => QuarantinedRecordType, { description: 'The newest of the entries.' })
  newest!: QuarantinedRecordType
}

/** A page of what people gave up. */
@ObjectType('QuarantineDiscardedConnection')
export class QuarantineDiscardedConnection {
  @Field(() => [QuarantineDiscardedType])
  nodes!: QuarantineDiscardedType[]

  @Field(() => Int)
  totalCount!: number

  @Field(() => PageInfo)
  pageInfo!: PageInfo
}

/** What a decision about entries did. */
@ObjectType('QuarantineDecision')
export class QuarantineDecisionType {
  @Field(() => Int, { description: 'Entries that it changed.' })
  count!: number

  @Field(() => DateTimeScalar, { description: 'When it was taken; `restoreQuarantine` takes exactly this decision back by it.' })
  decidedAt!: Date
}
