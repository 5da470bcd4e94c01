import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import type { GraphQLSchema } from 'graphql'
import type { DataApiService } from '../data-api/data-api.service.ts'
import type { RequestContext } from '../shared/request-context.ts'
import { errorLogPlugin, maskError } from './error-masking.ts'
import { LIMITS, limitsPlugin } from './limits.ts'

/** Makes the Apollo server; it must be started before requests come. `page` is what a browser sees at its address, `measure` watches operations. */
export function createGraphqlServer(
  dataApi: DataApiService,
  page: string,
  measure: ApolloServerPlugin<RequestContext>,
): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway: swappingSchema(dataApi),
    // A plugin that watches fields, as cache control does, wraps every resolver of the platform once more with each new schema.
    plugins: [landingPage(page), limitsPlugin, errorLogPlugin, measure, ApolloServerPluginCacheControlDisabled()],
    formatError: maskError,
    includeStacktraceInErrorResponses: false,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    // The process ends through `Handover.stop`, which knows the order.
    stopOnTerminationSignals: false,
  })
}

/** Apollo takes a new schema while it runs only from a "gateway"; without an executor it executes the schema itself, as always. */
function swappingSchema(dataApi: DataApiService) {
  return {
    onSchemaLoadOrUpdate: (use: (schema: { apiSchema: GraphQLSchema; coreSupergraphSdl: string }) => void) =>
      dataApi.onSchema((apiSchema) => use({ apiSchema, coreSupergraphSdl: '' })),
    load: async () => ({ executor: null }),
    stop: async () => {},
  }
}

const landingPage = (html: string): ApolloServerPlugin => ({
  async serverWillStart() {
    return { renderLandingPage: async () => ({ html }) }
  },
})
