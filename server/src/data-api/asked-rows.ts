import { coerceInputValue, GraphQLList, GraphQLNonNull, type GraphQLInputType, type GraphQLSchema } from 'graphql'
import { RequestError } from '../shared/errors.ts'
import type { Order, Where } from '../warehouse/warehouse.service.ts'
import type { DatasetModel } from './dataset-model.ts'
import { toWhere } from './where.ts'

/** Which rows and in which order, as texts of an address: the JSON that `where` and `orderBy` are in a GraphQL variable. null = all, in the order of the key. */
export interface AskedTexts {
  readonly where: string | null
  readonly orderBy: string | null
}

/** Reads a filter and an order by the types that the API itself has for this dataset, so that both take and refuse the same. Throws a `RequestError`. */
export function readAsked(schema: GraphQLSchema, model: DatasetModel, asked: AskedTexts): { where: Where | null; orderBy: Order[] } {
  const typed = (ending: string) => schema.getType(model.typeName + ending) as GraphQLInputType
  const where = read('where', asked.where, typed('_Where'))
  const orderBy = read('orderBy', asked.orderBy, new GraphQLList(new GraphQLNonNull(typed('_Order'))))
  return { where: toWhere(model, where as Record<string, unknown> | null), orderBy: (orderBy as Order[] | null) ?? [] }
}

function read(name: string, text: string | null, type: GraphQLInputType): unknown {
  if (text === null || text.trim() === '') return null
  return coerceInputValue(parse(name, text), type, (path, _value, error) => {
    throw new RequestError(`"${[name, ...path].join('.')}" is not right: ${error.message}`)
  })
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RequestError(`"${name}" is not JSON. Write it as a variable of GraphQL is written, such as {"id":{"gte":5}}.`, { cause })
  }
}
