import { expect, it } from 'vitest'
import { z } from 'zod'
import { checkDiscovery } from './check-connector.ts'
import type { Connector, Context, Partition } from './contract.ts'
import { openStreams } from './streams.ts'

const connector: Connector = {
  ...{ name: 'weather', title: 'Weather', about: 'For a test.', config: z.object({}) },
  discover: async () => ({ streams: [], datasets: [] }),
  async *extract() {},
  transform: () => null,
}

/** The partitions of a stream that was found with these. */
async function partitionsOf(partitions: readonly Partition[] | undefined): Promise<Partition[] | null> {
  const stream = { name: 'values', about: 'Values.', ...(partitions && { partitions }) }
  const [opened] = openStreams(connector, { streams: [stream], datasets: [] }).streams
  if (opened!.partitions === null) return null
  const found: Partition[] = []
  for await (const partition of opened!.partitions({} as Context)) found.push(partition)
  return found
}

it('reads a discovered stream in the pieces that were discovered with it, and as one piece without', async () => {
  const stations = [
    { key: '71420', value: { name: 'Göteborg A' } },
    { key: '98230', value: null },
  ]
  expect(await partitionsOf(stations)).toEqual(stations)
  expect(await partitionsOf([])).toEqual([])
  expect(await partitionsOf(undefined)).toBeNull()
})

it('refuses two pieces of one name, whoever named them', async () => {
  const twice = [
    { key: '71420', value: null },
    { key: '71420', value: null },
  ]
  await expect(partitionsOf(twice)).rejects.toThrow('names the partition "71420" twice')
})

it('refuses a discovered stream that has a parent and pieces of its own', () => {
  const stream = { name: 'values', about: 'Values.', parent: 'stations', partitions: [] }
  expect(() => checkDiscovery({ streams: [stream], datasets: [] })).toThrow('Stream values has a parent and partitions')
})
