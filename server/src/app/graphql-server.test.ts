import { GraphQLObjectType } from 'graphql'
import { expect, test } from 'vitest'
import type { DataApiService } from '../data-api/data-api.service.ts'
import { createGraphqlServer } from './graphql-server.ts'
import { platformSchema } from './platform-schema.ts'

test('resolvers stay as they are made: a schema that changes a thousand times is no slower', async () => {
  const schema = platformSchema(() => ({ platform: () => ({ version: '1' }) }))
  const dataApi = { onSchema: (use: (given: typeof schema) => void) => (use(schema), () => {}) } as unknown as DataApiService
  const apollo = createGraphqlServer(dataApi, '', {})
  const resolveOf = () => (schema.getType('Platform') as GraphQLObjectType).getFields()['version']!.resolve
  const before = resolveOf()
  await apollo.start()
  await apollo.executeOperation({ query: '{ platform { version } }' })
  expect(resolveOf()).toBe(before)
  await apollo.stop()
})
