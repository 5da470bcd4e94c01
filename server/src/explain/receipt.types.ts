import { Field, Float, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { RawRecordType } from '../lake/raw-record.types.ts'
import { LoadType } from '../loads/load.types.ts'
import { Int64Scalar, JsonScalar } from '../shared/scalars.types.ts'
import type { Measure } from '../warehouse/warehouse.service.ts'

/** What may be measured over the rows. */
export const ReceiptFunctions = { SUM: 'sum', AVG: 'avg', MIN: 'min', MAX: 'max' } as const
registerEnumType(ReceiptFunctions, { name: 'ReceiptFunction', description: 'What is measured over the rows.' })

/** A measure of a column instead of the count of rows. */
@InputType('ReceiptMeasure', { description: 'A measure of a column instead of the count of rows.' })
export class ReceiptMeasureInput implements Measure {
  @Field(() => ReceiptFunctions)
  fn!: Measure['fn']

  @Field(() => String, { description: 'As GraphQL calls it.' })
  column!: string
}

/** Where a number comes from. */
@ObjectType('Receipt', { description: 'Where a number comes from, and how to have it again.' })
export class ReceiptType {
  @Field(() => String, { description: 'What it counts, from where, loaded when, what is set aside, and the filter.' })
  sentence!: string

  @Field(() => Float, { nullable: true, description: 'The number itself, as a double; null when no row has a value.' })
  value!: number | null

  @Field(() => Int64Scalar, { description: 'Rows that the filter leaves.' })
  rows!: number

  @Field(() => Int64Scalar, { description: 'Rows of the whole table.' })
  total!: number

  @Field(() => [String], { description: 'The conditions in words; all of them hold.' })
  filters!: readonly string[]

  @Field(() => String, { description: 'A question of GraphQL that gives the number again.' })
  query!: string

  @Field(() => String, { description: 'The statement that the warehouse ran.' })
  sql!: string

  @Field(() => [JsonScalar], { nullable: 'items', description: 'They stand in the places of its question marks.' })
  parameters!: readonly unknown[]

  @Field(() => LoadType, { nullable: true, description: 'The last load of the dataset that succeeded.' })
  load!: LoadType | null

  @Field(() => Int, { description: 'Records and rows of the dataset that are set aside now.' })
  quarantined!: number

  @Field(() => [String], { description: 'The most common reasons, with how many each.' })
  reasons!: readonly string[]

  @Field(() => RawRecordType, {
    nullable: true,
    description: 'The record behind the row with the smallest or largest value, else behind the first that is counted.',
  })
  rawRecord!: RawRecordType | null

  @Field(() => String, { nullable: true, description: 'Why there is no raw record.' })
  rawProblem!: string | null
}
