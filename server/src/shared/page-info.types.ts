import { Field, ObjectType } from 'type-graphql'

/** Where a page of a list ends and whether another one follows. */
@ObjectType({ description: 'Where a page ends and whether another one follows.' })
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean

  @Field(() => String, { nullable: true, description: 'Give it as `after` to get the next page.' })
  endCursor!: string | null
}
