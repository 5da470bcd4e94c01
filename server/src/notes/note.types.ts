import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { DateTimeScalar } from '../shared/scalars.types.ts'
import type { NewNote } from './notes.service.ts'

/** A note in the API. */
@ObjectType('Note', { description: 'What a person wrote down about a source, a dataset, a column or a load.' })
export class NoteType {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  sourceSlug!: string

  @Field(() => String, { nullable: true, description: 'null: about the source as a whole, or a load of it.' })
  dataset!: string | null

  @Field(() => String, { nullable: true, description: 'As GraphQL calls it.' })
  column!: string | null

  @Field(() => ID, { nullable: true })
  load!: string | null

  @Field(() => String)
  text!: string

  @Field(() => String, { nullable: true, description: 'Who wrote it, in their own words.' })
  by!: string | null

  @Field(() => DateTimeScalar)
  at!: Date
}

/** A note as a person writes it. */
@InputType('AddNote')
export class AddNoteInput implements NewNote {
  @Field(() => String, { description: 'Slug of the source.' })
  source!: string

  @Field(() => String, { nullable: true })
  dataset?: string | null

  @Field(() => String, { nullable: true, description: 'As GraphQL calls it; needs `dataset`.' })
  column?: string | null

  @Field(() => ID, { nullable: true, description: 'A load of the source.' })
  load?: string | null

  @Field(() => String, { description: '1 to 500 characters.' })
  text!: string

  @Field(() => String, { nullable: true, description: 'Who writes it, at most 64 characters.' })
  by?: string | null
}
