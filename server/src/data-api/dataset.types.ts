import { Field, ObjectType } from 'type-graphql'
import { DateTimeScalar, Int64Scalar } from '../shared/scalars.types.ts'
import type { Source } from '../sources/sources.service.ts'
import type { DatasetModel } from './dataset-model.ts'

/** What a whole column holds. */
@ObjectType('ColumnFacts', { description: 'What a whole column holds; computed when asked.' })
export class ColumnFactsType {
  @Field(() => Int64Scalar, { description: 'Rows without a value.' })
  empty!: number

  @Field(() => Int64Scalar, { nullable: true, description: 'Different values.' })
  distinct!: number | null

  @Field(() => String, { nullable: true })
  min!: string | null

  @Field(() => String, { nullable: true })
  max!: string | null

  @Field(() => String, { nullable: true, description: 'The value of some row; null when all are empty, and for what is about a person.' })
  example!: string | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when the table has the column.' })
  since!: Date | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a row with a value in it last changed.' })
  lastAt!: Date | null
}

/** One column of a dataset in the API. */
@ObjectType('Column')
export class ColumnType {
  @Field(() => String, { description: 'As it is called in GraphQL.' })
  name!: string

  @Field(() => String)
  title!: string

  @Field(() => String)
  about!: string

  @Field(() => String, { description: 'text, int, double, decimal, boolean, date, instant, json or image.' })
  kind!: string

  @Field(() => Boolean)
  nullable!: boolean

  @Field(() => Boolean, { description: 'True when it is part of what makes a row unique.' })
  key!: boolean

  @Field(() => String, { nullable: true })
  unit!: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'time, latitude, longitude, label, image, category, url or identifier; of a number also when only its name says that it names a thing.',
  })
  role!: string | null

  @Field(() => Boolean, { description: 'True when it says something about a person.' })
  personal!: boolean

  @Field(() => [String], { nullable: true, description: 'All values it may have, when they are known.' })
  values!: readonly string[] | null
}

/** A dataset in the API. What its loads say is added by the loads. */
@ObjectType('Dataset', { description: 'One table of a source: `{ <sourceField> { <field>(…) { nodes { … } } } }` asks for its rows.' })
export class DatasetType {
  @Field(() => String)
  sourceSlug!: string

  @Field(() => String)
  name!: string

  @Field(() => String)
  title!: string

  @Field(() => String)
  about!: string

  @Field(() => String, { description: 'Name of the table in the warehouse.' })
  table!: string

  @Field(() => String, { description: 'Field of the source in GraphQL that lists its rows.' })
  field!: string

  @Field(() => String, { description: 'Type of a row in GraphQL.' })
  type!: string

  @Field(() => String, { description: 'Field of its source in GraphQL.' })
  sourceField!: string

  @Field(() => String, { description: 'merge, append or replace.' })
  load!: string

  @Field(() => [String], { description: 'Columns that make a row unique.' })
  key!: string[]

  @Field(() => Boolean, { description: 'True when its records are made up.' })
  invented!: boolean

  @Field(() => Int64Scalar)
  rows!: number

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a load last succeeded, whether or not it changed a row.' })
  loadedAt!: Date | null

  @Field(() => DateTimeScalar, { nullable: true, description: 'When a load last changed a row.' })
  changedAt!: Date | null
}

/** What the resolvers below a dataset go on from. */
export interface DatasetRoot extends DatasetType {
  readonly source: Source
  readonly model: DatasetModel
  /** Names of the other datasets of its source. */
  readonly beside: readonly string[]
}
