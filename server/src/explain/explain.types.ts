import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Int64Scalar } from '../shared/scalars.types.ts'
import type { StepKind } from './explain.service.ts'

/** The five places that a number comes through. */
export const StepKinds = { SOURCE: 'SOURCE', LAKE: 'LAKE', RULES: 'RULES', TABLE: 'TABLE', SCREEN: 'SCREEN' } as const
registerEnumType(StepKinds, { name: 'StepKind', description: 'The five places that a number comes through, in their order.' })

/** One place on the way of a dataset. */
@ObjectType('PipelineStep', { description: 'One place on the way of a dataset, told twice with the same figures.' })
export class PipelineStepType {
  @Field(() => StepKinds)
  kind!: StepKind

  @Field(() => String)
  title!: string

  @Field(() => String)
  technicalTitle!: string

  @Field(() => Int64Scalar, { nullable: true, description: 'The one figure of this place.' })
  number!: number | null

  @Field(() => String, { nullable: true, description: 'What it counts.' })
  counts!: string | null

  @Field(() => String, { description: 'For those who look.' })
  plain!: string

  @Field(() => String, { description: 'For those who build.' })
  technical!: string
}

/** What has changed in a table. */
@ObjectType('DatasetChanges', { description: 'What all loads since a moment did to one table.' })
export class DatasetChangesType {
  @Field(() => String)
  sourceSlug!: string

  @Field(() => String)
  dataset!: string

  @Field(() => Int)
  loads!: number

  @Field(() => Int64Scalar)
  inserted!: number

  @Field(() => Int64Scalar)
  updated!: number

  @Field(() => Int64Scalar)
  removed!: number

  @Field(() => Int64Scalar, { description: 'Records and rows that did not fit.' })
  setAside!: number

  @Field(() => [String], { description: 'Columns that the table got.' })
  columns!: readonly string[]

  @Field(() => String, { description: 'All of it in words.' })
  text!: string
}
