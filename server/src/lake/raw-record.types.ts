import { Field, ID, ObjectType } from 'type-graphql'
import { DateTimeScalar } from '../shared/scalars.types.ts'

/** What a source said, in the API. */
@ObjectType('RawRecord', { description: 'What the source said, word for word, and when.' })
export class RawRecordType {
  @Field(() => String)
  text!: string

  @Field(() => String, { description: 'Slug of the source.' })
  source!: string

  @Field(() => String)
  stream!: string

  @Field(() => ID)
  loadId!: string

  @Field(() => DateTimeScalar)
  landedAt!: Date

  @Field(() => String, { nullable: true, description: 'What was asked of the source.' })
  request!: string | null
}
