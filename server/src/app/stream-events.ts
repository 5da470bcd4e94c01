import {
  createSourceEventStream,
  execute,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  Kind,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import type { RequestContext } from '../shared/request-context.ts'
import { errorsForReader } from './error-masking.ts'
import { checkLimits, LIMITS } from './limits.ts'

/** A subscription as it was asked for. */
export interface Asked {
  readonly query: string
  readonly operationName?: string | undefined
  readonly variables?: Record<string, unknown> | undefined
}

/** What the answer to a subscription is made with. */
export interface EventTools {
  /** The schema as it is now; asked again for every event, because sources come and go. */
  schema(): GraphQLSchema
  /** A new context for every event: what one event has read is old when the next one comes. */
  context(): RequestContext
}

/** The events of a subscription under the same limits as queries, or one that says why there are none. Errors are masked. */
export async function eventsOf(asked: Asked, tools: EventTools): Promise<AsyncIterableIterator<ExecutionResult>> {
  try {
    const { query, operationName = null, variables: variableValues = {} } = asked
    const document = read(query)
    const schema = tools.schema()
    check(schema, document, operationOf(document, operationName), variableValues)
    const args = { document, operationName, variableValues }
    const events = await createSourceEventStream({ ...args, schema, contextValue: tools.context() })
    if (!(Symbol.asyncIterator in events)) return refusal(events, tools.context())
    return mapped(events[Symbol.asyncIterator](), async (rootValue) => {
      const contextValue = tools.context()
      return masked(await execute({ ...args, schema: tools.schema(), rootValue, contextValue }), contextValue)
    })
  } catch (error) {
    return refusal({ errors: [error as GraphQLError] }, tools.context())
  }
}

function read(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: LIMITS.tokens })
  } catch (error) {
    throw coded(error as GraphQLError, 'GRAPHQL_PARSE_FAILED')
  }
}

/** Only subscriptions: a mutation that is asked for in this way would pass by the guard against other web sites. */
function operationOf(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operation = getOperationAST(document, name)
  if (!operation) throw coded(new GraphQLError('Say which operation is meant, with its name.'), 'OPERATION_RESOLUTION_FAILURE')
  if (operation.operation === 'subscription') return operation
  throw coded(new GraphQLError(`This address answers subscriptions. Ask for a ${operation.operation} at /graphql.`), 'REQUEST_INVALID')
}

function check(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): void {
  const fault = validate(schema, document)[0]
  if (fault) throw coded(fault, 'GRAPHQL_VALIDATION_FAILED')
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables)
  if (!coerced) throw coded(errors[0]!, 'BAD_USER_INPUT')
  const fragments = document.definitions.filter((part) => part.kind === Kind.FRAGMENT_DEFINITION)
  checkLimits(schema, operation, fragments, coerced)
}

function coded(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] = code
  return error
}

/** Formatted errors in the place of those that carry a cause; both look the same as JSON. */
const masked = ({ errors, ...result }: ExecutionResult, context: RequestContext): ExecutionResult =>
  errors ? { ...result, errors: errorsForReader(errors, context) as unknown as GraphQLError[] } : result

/** The one event of a subscription that cannot be. */
async function* refusal(result: ExecutionResult, context: RequestContext): AsyncGenerator<ExecutionResult, undefined> {
  yield masked(result, context)
}

/** Not a generator: one that waits for an event cannot be ended from outside, and its listener would never be taken away. */
function mapped<From, To>(from: AsyncIterator<From>, map: (value: From) => Promise<To>): AsyncIterableIterator<To> {
  const events: AsyncIterableIterator<To> = {
    async next() {
      const { done, value } = await from.next()
      return done ? { done, value: undefined } : { done: false, value: await map(value as From) }
    },
    async return() {
      await from.return?.()
      return { done: true, value: undefined }
    },
    async throw(error) {
      await from.return?.()
      throw error
    },
    [Symbol.asyncIterator]: () => events,
  }
  return events
}
