import type { Column, DatasetShape } from '@handover/sdk'
import { buildSchema } from 'graphql'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { DataApiService, type DataSource } from './data-api.service.ts'
import type { DatasetResolvers } from './dataset-resolvers.ts'

const platform = buildSchema('type PageInfo { hasNextPage: Boolean! } type Query { jobs: Int }')
const column = { name: 'id', title: 'Id', about: 'Number', kind: 'int', unit: null } as Column
const shape: DatasetShape = { name: 'items', title: 'Items', about: 'Items.', from: 'items', key: [], load: 'append', columns: [column] }
const source = (slug: string): DataSource => ({ slug, title: slug, tables: [{ name: `${slug}__items`, shape }] })
const unasked = {} as DatasetResolvers // a schema is built without asking anything

it('keeps a source out whose name the platform took for itself in a later version, and serves the others', async () => {
  const dataApi = new DataApiService(platform, async () => [source('jobs'), source('shop')], unasked, pino({ level: 'silent' }))
  dataApi.changed()
  await dataApi.settled()
  expect(Object.keys(dataApi.schema.getQueryType()!.getFields())).toEqual(['jobs', 'shop'])
  expect(dataApi.problem('jobs')).toContain('something else already has that name')
  expect([dataApi.problem('shop'), dataApi.find('jobs', 'items')]).toEqual([null, null])
})

it('gathers changes that come while it rebuilds into one more rebuild', async () => {
  let slugs = ['a']
  let reads = 0
  const read = async () => {
    reads += 1
    return slugs.map(source)
  }
  const dataApi = new DataApiService(platform, read, unasked, pino({ level: 'silent' }))
  const served: string[][] = []
  dataApi.onSchema((schema) => served.push(Object.keys(schema.getQueryType()!.getFields())))
  dataApi.changed()
  slugs = ['a', 'b']
  for (let times = 0; times < 5; times++) dataApi.changed()
  await dataApi.settled()
  expect(served.at(-1)).toEqual(['jobs', 'a', 'b'])
  expect(reads).toBe(2)
})

it('keeps the last schema when the sources cannot be read', async () => {
  let broken = false
  const read = async () => {
    if (broken) throw new Error('no database')
    return [source('shop')]
  }
  const dataApi = new DataApiService(platform, read, unasked, pino({ level: 'silent' }))
  dataApi.changed()
  await dataApi.settled()
  broken = true
  dataApi.changed()
  await dataApi.settled()
  expect(dataApi.find('shop', 'items')).not.toBeNull()
})
