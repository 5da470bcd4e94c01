import type { Comparison, Where } from '../warehouse/warehouse.service.ts'
import type { DatasetModel } from './dataset-model.ts'

type Input = Readonly<Record<string, unknown>>

/** Turns a filter as GraphQL hands it over into one of the warehouse: names of columns in the place of names of fields. */
export function toWhere(model: DatasetModel, input: Input | null | undefined): Where | null {
  if (!input) return null
  const parts = Object.entries(input).flatMap(([name, value]) => (value === null || value === undefined ? [] : [part(model, name, value)]))
  return parts.length === 1 ? parts[0]! : { and: parts }
}

function part(model: DatasetModel, name: string, value: unknown): Where {
  const all = (list: unknown) => (list as Input[]).map((each) => toWhere(model, each) ?? {})
  if (name === 'and') return { and: all(value) }
  if (name === 'or') return { or: all(value) }
  if (name === 'not') return { not: toWhere(model, value as Input) ?? {} }
  const field = model.fields.find((one) => one.field === name)!
  return { [field.column]: comparison(value as Comparison) }
}

/** `isNull: null` asks for nothing; in the warehouse it would mean false. */
function comparison({ isNull, ...rest }: Comparison): Comparison {
  return isNull === null || isNull === undefined ? rest : { ...rest, isNull }
}
