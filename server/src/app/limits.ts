import type { ApolloServerPlugin } from '@apollo/server'
import {
  getArgumentValues,
  getNamedType,
  getNullableType,
  getVariableValues,
  GraphQLError,
  isListType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { fieldsOf, type SelectionContext } from '../data-api/selection.ts'

/** What one request may ask for at most. */
export const LIMITS = { depth: 12, page: 1000, cost: 100_000, tokens: 4000 }

/** Entries that a list without a `first` is taken to have. */
const USUAL_LIST = 5
/** Cost of one statement over a whole table, in fields. */
const STATEMENT = 100
const STATEMENTS = new Set(['totalCount', 'facts', 'trend', 'rawRecord'])

/** Refuses requests that ask for too much, with their variables filled in: a limit that reads only what is written out is no limit. */
export const limitsPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ request, document, operation, schema }) {
        if (!operation) return
        const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {})
        if (!coerced) return // execution says what is wrong with them
        const fragments = document.definitions.filter((part) => part.kind === Kind.FRAGMENT_DEFINITION)
        checkLimits(schema, operation, fragments, coerced)
      },
    }
  },
}

/** Throws a `GraphQLError` in plain words when the operation is nested too deeply, pages too widely or costs too much. */
export function checkLimits(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
  variableValues: Record<string, unknown>,
): void {
  const root = schema.getRootType(operation.operation)
  if (!root) return
  const context = { variableValues, fragments: Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment])) }
  new Meter(context).measure(root, operation.selectionSet)
}

class Meter {
  readonly #context: SelectionContext
  #cost = 0

  constructor(context: SelectionContext) {
    this.#context = context
  }

  measure(type: GraphQLObjectType, set: SelectionSetNode): void {
    this.#walk(type, set, 1, 1)
  }

  /** Adds what every field costs, `times` over; in a page of a list its entries count `page` times that. It stops at the first one too many, so a request made to be slow to measure is not. */
  #walk(type: GraphQLObjectType, set: SelectionSetNode, depth: number, times: number, page = 1): void {
    for (const node of fieldsOf(set, this.#context)) {
      const field = type.getFields()[node.name.value]
      if (!field) {
        this.#add(1) // __typename and introspection, which graphql-js itself keeps in bounds
        continue
      }
      if (depth > LIMITS.depth) throw refused(`The question is nested more than ${LIMITS.depth} levels deep. Ask in two steps.`, node)
      const args = getArgumentValues(field, node, this.#context.variableValues)
      const paged = pageSize(args['first'], node)
      this.#add(times * (paged !== null || STATEMENTS.has(field.name) ? STATEMENT : 1))
      const inner = getNamedType(field.type)
      if (!node.selectionSet || !isObjectType(inner)) continue
      const isList = isListType(getNullableType(field.type))
      const entries = isPage(type) && isList ? page : (paged ?? (isList ? USUAL_LIST : 1))
      // What a page says about the whole list, such as its count, is said once.
      if (paged !== null && isPage(inner)) this.#walk(inner, node.selectionSet, depth + 1, times, paged)
      else this.#walk(inner, node.selectionSet, depth + 1, times * entries)
    }
  }

  #add(cost: number): void {
    this.#cost += cost
    if (this.#cost > LIMITS.cost) {
      throw refused(
        `The question asks for too much at once (over ${LIMITS.cost.toLocaleString('en')} values). Ask for fewer rows, columns or datasets.`,
      )
    }
  }
}

/** The list inside a page has as many entries as the `first` of the page says. */
const isPage = (type: GraphQLObjectType) => 'pageInfo' in type.getFields() || type.name === 'Groups'

function pageSize(first: unknown, node: FieldNode): number | null {
  if (typeof first !== 'number') return null
  if (first >= 1 && first <= LIMITS.page) return first
  throw refused(
    `"first" must be from 1 to ${LIMITS.page.toLocaleString('en')}; ${first} was asked for. Use "after" to get the next page.`,
    node,
  )
}

const refused = (message: string, node?: FieldNode) =>
  new GraphQLError(message, { nodes: node, extensions: { code: 'REQUEST_INVALID', http: { status: 400 } } })
