import { GraphQLNonNull, GraphQLObjectType, GraphQLSchema, type GraphQLFieldConfigMap, type GraphQLOutputType } from 'graphql'
import type { SourceModel } from './dataset-model.ts'
import type { DatasetResolvers } from './dataset-resolvers.ts'
import { sourceType } from './dataset-types.ts'

/** Adds one field per source to `Query`; nothing of the platform's own schema is touched. */
export function withData(platform: GraphQLSchema, sources: readonly SourceModel[], resolvers: DatasetResolvers): GraphQLSchema {
  const config = platform.toConfig()
  const query = config.query!.toConfig()
  const pageInfo = platform.getType('PageInfo') as GraphQLOutputType
  const data: GraphQLFieldConfigMap<unknown, unknown> = {}
  for (const source of sources) {
    const type = new GraphQLNonNull(sourceType(source, resolvers, pageInfo))
    data[source.field] = { type, description: `Data of the source "${source.title}".`, resolve: () => ({}) }
  }
  return new GraphQLSchema({
    ...config,
    query: new GraphQLObjectType({ ...query, fields: { ...query.fields, ...data } }),
    types: config.types.filter((type) => type !== config.query),
  })
}
