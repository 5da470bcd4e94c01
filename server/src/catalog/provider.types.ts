import { Field, ObjectType } from 'type-graphql'

/** Whose data it is, in the API. */
@ObjectType('Provider', { description: 'Who data come from and on what terms; to be shown wherever the data are shown.' })
export class ProviderType {
  @Field(() => String)
  name!: string

  @Field(() => String, { description: 'Their page about the data.' })
  url!: string

  @Field(() => String, { description: 'The terms in a few words, for example "CC BY 4.0".' })
  licence!: string

  @Field(() => String, { nullable: true, description: 'The page that holds the terms.' })
  licenceUrl?: string

  @Field(() => String, { nullable: true, description: 'The sentence they ask for, word for word.' })
  attribution?: string
}
