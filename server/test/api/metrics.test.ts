import { expect, it } from 'vitest'
import { METRICS } from '../../src/app/observe/metric-list.ts'
import { onMysql } from '../../src/warehouse/testing/databases.ts'
import { startServer } from './server.ts'

/** What `/metrics` says, by series. */
async function scrape(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

it('tell what loads did, and how every source is', async () => {
  await using server = await startServer()
  const before = Date.now() / 1000
  await server.shelf('spoilt', { rows: 25, bad: true })
  await server.shelf('empty', { rows: 0 })
  const metrics = await scrape(server.url)
  expect(Object.fromEntries(metrics)).toMatchObject({
    handover_ready: 1,
    handover_database_up: 1,
    handover_schedule_up: 1,
    'handover_source_state{source="spoilt",state="SET_ASIDE"}': 1,
    'handover_source_state{source="empty",state="ON_TIME"}': 1,
    'handover_dataset_rows{source="spoilt",dataset="items"}': 24,
    'handover_dataset_rows{source="empty",dataset="items"}': 0,
    'handover_set_aside_open{source="spoilt",dataset="items"}': 1,
    'handover_loads_active{state="queued"}': 0,
    handover_queue_oldest_seconds: 0,
    handover_lake_parts: 1,
    'handover_loads_total{source="spoilt",state="succeeded"}': 1,
    'handover_loads_total{source="spoilt",state="failed"}': 0,
    'handover_load_duration_seconds_count{state="succeeded"}': 2,
    'handover_records_total{source="spoilt"}': 25,
    'handover_rows_total{source="spoilt",dataset="items",kind="inserted"}': 24,
    'handover_rows_total{source="spoilt",dataset="items",kind="updated"}': 0,
    'handover_set_aside_total{source="spoilt",dataset="items"}': 1,
  })
  expect(metrics.get('handover_source_last_success_timestamp_seconds{source="spoilt"}')).toBeGreaterThanOrEqual(before)
  expect(metrics.get('handover_resident_memory_bytes')).toBeGreaterThan(10_000_000)
  const pools = [...metrics.keys()].filter((series) => series.startsWith('handover_database_connections'))
  expect(pools).toHaveLength(onMysql ? 6 : 0)
})

it('forget a source that is removed', async () => {
  await using server = await startServer()
  await server.shelf('gone')
  await server.shelf('stays')
  const ofSource = async (slug: string) => [...(await scrape(server.url)).keys()].filter((series) => series.includes(`source="${slug}"`))
  expect(await ofSource('gone')).toHaveLength((await ofSource('stays')).length)
  const removed = await server.ask('mutation { deleteSource(slug: "gone") }')
  expect(removed.errors).toBeUndefined()
  expect(await ofSource('gone')).toEqual([])
  expect((await ofSource('stays')).length).toBeGreaterThan(8)
})

it('count requests by route and class, and operations by type and outcome', async () => {
  await using server = await startServer()
  await server.ask('query SomeName { sources { slug } }')
  await server.ask('{ nothing }')
  const metrics = await scrape(server.url)
  expect(Object.fromEntries(metrics)).toMatchObject({
    'handover_http_requests_total{route="/graphql",code="2xx"}': 1,
    'handover_http_requests_total{route="/graphql",code="4xx"}': 1,
    'handover_graphql_duration_seconds_count{operation="query",outcome="ok"}': 1,
    'handover_graphql_duration_seconds_count{operation="none",outcome="refused"}': 1,
  })
  // A page of the dashboard may ask the API itself, so it comes last.
  for (const path of ['/export/no/no.csv', '/some/page', '/other/page']) await fetch(`${server.url}${path}`)
  const routes = new Set([...(await scrape(server.url)).keys()].flatMap((series) => /route="([^"]+)"/.exec(series)?.[1] ?? []))
  expect([...routes].sort()).toEqual(['/export/:slug/:dataset.csv', '/graphql', '/metrics', 'pages'])
})

it('are those of the list and no others, under names that Prometheus has rules for', async () => {
  await using server = await startServer()
  const names = [...(await (await fetch(`${server.url}/metrics`)).text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [
    name,
    type,
  ])
  expect(names).toEqual(Object.entries(METRICS).map(([name, { type }]) => [name, type]))
  for (const [name, type] of names) {
    expect(name).toMatch(/^handover_[a-z_]+$/)
    expect([name, name!.endsWith('_total')]).toEqual([name, type === 'counter'])
  }
})
