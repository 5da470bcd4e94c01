import type { ApolloServerPlugin } from '@apollo/server'
import type { RequestContext } from '../../shared/request-context.ts'
import { hasFaultOfOurs } from '../error-masking.ts'
import type { Metrics } from './metrics.ts'
import type { Tracing } from './tracing.ts'

const LONGEST_NAME = 100

/** Measures GraphQL operations. Metrics have their type alone: names are made up by those who ask, so there is no end to them. */
export function watchOperations(metrics: Metrics, tracing: Tracing): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart({ request }) {
      const startedAt = performance.now()
      const name = request.operationName?.slice(0, LONGEST_NAME)
      const step = tracing.begin('GraphQL', name ? { 'graphql.operation.name': name } : {})
      return {
        async willSendResponse({ operation, errors = [] }) {
          const outcome = errors.length === 0 ? 'ok' : hasFaultOfOurs(errors) ? 'failed' : 'refused'
          const type = operation?.operation ?? 'none'
          metrics.observe('handover_graphql_duration_seconds', { operation: type, outcome }, (performance.now() - startedAt) / 1000)
          step.end({ 'graphql.operation.type': type, 'handover.outcome': outcome }, outcome === 'failed' ? 'INTERNAL' : null)
        },
      }
    },
  }
}
