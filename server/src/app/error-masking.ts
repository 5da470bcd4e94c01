import { unwrapResolverError } from '@apollo/server/errors'
import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { HandoverError } from '../shared/errors.ts'
import type { RequestContext } from '../shared/request-context.ts'

/** Codes of GraphQL itself, for questions that are not put right; the reference page of errors lists them beside ours. */
export const GRAPHQL_CODES: Readonly<Record<string, string>> = {
  GRAPHQL_PARSE_FAILED: 'The question is not GraphQL: the message says where.',
  GRAPHQL_VALIDATION_FAILED: 'The question does not fit the schema, for example a field that does not exist.',
  BAD_USER_INPUT: 'A variable does not fit its type.',
  BAD_REQUEST: 'The HTTP request is not one of GraphQL, for example its body is not JSON or it came from another web site.',
  OPERATION_RESOLUTION_FAILURE: 'The question holds several operations and does not say which one is meant.',
}

/** What a person reads when the fault is ours. */
export const INTERNAL_MESSAGE = 'Something went wrong inside Handover. The log holds the details under the request id.'

/** Writes down what nobody is to see, and gives every error the id under which it stands in the log. */
export const errorLogPlugin: ApolloServerPlugin<RequestContext> = {
  async requestDidStart() {
    return {
      async didEncounterErrors({ errors, contextValue }) {
        for (const err of errors) noteError(err, contextValue)
      },
    }
  },
}

function noteError(err: GraphQLError, { requestId, logger }: RequestContext): void {
  err.extensions['requestId'] = requestId
  if (!publicCode(err)) logger.error({ err, path: err.path }, 'A request failed inside Handover')
}

/** The same for answers that do not pass through Apollo: notes what is to be noted, and gives what a reader may see. */
export function errorsForReader(errors: readonly GraphQLError[], context: RequestContext): GraphQLFormattedError[] {
  return errors.map((error) => {
    const known = error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error })
    noteError(known, context)
    return maskError(known.toJSON(), known)
  })
}

/** Lets known errors through with their code and sentence, and turns all others into INTERNAL; no stack, no SQL, no cause. */
export function maskError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { locations, path } = formatted
  const place = { ...(locations && { locations }), ...(path && { path }) }
  const requestId = formatted.extensions?.['requestId']
  const code = publicCode(error)
  if (!code) return { message: INTERNAL_MESSAGE, ...place, extensions: { code: 'INTERNAL', ...(requestId ? { requestId } : {}) } }
  return { message: formatted.message, ...place, extensions: { code, ...fieldsOf(error) } }
}

/** The code of an error that may be shown; null for everything that is a fault of ours. */
function publicCode(error: unknown): string | null {
  const inner = unwrapResolverError(error)
  if (inner instanceof HandoverError) return inner.code === 'INTERNAL' ? null : inner.code
  if (!(error instanceof GraphQLError)) return null
  const code = String(error.extensions['code'])
  const isRaisedByResolver = error.originalError !== undefined && error.path !== undefined
  return !isRaisedByResolver && (code in GRAPHQL_CODES || code === 'REQUEST_INVALID') ? code : null
}

/** True when one of the errors is masked: the fault is ours and the log holds it. */
export const hasFaultOfOurs = (errors: readonly GraphQLError[]): boolean => errors.some((error) => publicCode(error) === null)

/** Settings at fault, so that a form can show each sentence beside its field. */
function fieldsOf(error: unknown): { fields?: unknown } {
  const inner = unwrapResolverError(error)
  return inner instanceof HandoverError && 'fields' in inner ? { fields: inner.fields } : {}
}
