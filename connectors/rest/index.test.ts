import { join } from 'node:path'
import { collectPages, MemoryTable, openConnector, readFixtures, replay, testConnector } from '@handover/sdk/testing'
import { describe, expect, it } from 'vitest'
import rest from './index.ts'
import { FORGE, PARKS, PRICES, STOCK } from './testing/definitions.ts'

const fixtures = join(import.meta.dirname, 'fixtures')

testConnector(rest, {
  folder: import.meta.dirname,
  fixtures,
  configs: {
    'Link paging, bearer, cursor': { definition: FORGE, secret: 'token-1' },
    'offset, key in a header': { definition: STOCK, secret: 'key-1' },
    'parent and child, page numbers': { definition: PARKS },
    'partitions, each with a cursor': { definition: PRICES },
  },
})

async function tables(config: { definition: string; secret?: string }) {
  const open = await openConnector(rest as never, { config, filesFolder: fixtures, fetcher: replay(readFixtures(fixtures)) })
  const filled = open.datasets.map((dataset) => new MemoryTable(dataset))
  for (const stream of open.streams)
    for (const page of await collectPages(stream)) for (const table of filled) if (table.dataset.shape.from === stream.name) table.add(page)
  return { open, rows: Object.fromEntries(filled.map((table) => [table.dataset.shape.name, table.rows()])) }
}

describe('what comes out', () => {
  it('finds columns, takes those that are named, and leaves out what is not wanted', async () => {
    const { open, rows } = await tables({ definition: FORGE, secret: 'x' })
    expect(rows['issues']).toHaveLength(5)
    expect(rows['issues']![1]).toEqual({
      author: 'bo',
      depth: 'bug',
      id: 9007199254740997n,
      number: 2,
      title: 'Numbers beyond 2^53',
      state: 'open',
      comments: 3,
      labels: '[{"name":"bug"}]',
      closed_at: null,
      updated_at: '2026-01-06T09:30:00.000Z',
      html_url: 'https://forge.example/handover/handover/issues/2',
    })
    const { columns } = open.discovery!.datasets[0]!
    expect(columns.filter(({ personal }) => personal).map(({ name }) => name)).toEqual(['author'])
    expect(columns.find(({ role }) => role === 'time')!.name).toBe('updated_at')
  })

  it('keeps decimals exact, reads seconds as moments, and takes only the columns that are named', async () => {
    const { open, rows } = await tables({ definition: STOCK, secret: 'x' })
    expect(rows['articles']![1]).toEqual({
      price: '1999.90',
      changed: '2026-01-01T01:00:00.000Z',
      articleNo: 'A-101',
      count: 0,
      place: 'Göteborg',
      name: 'Tent',
    })
    expect(open.discovery!.provider).toEqual({ name: 'Stock AB', url: 'https://stock.example', licence: 'Own data' })
    expect(open.discovery!.datasets[0]!.columns[0]).toMatchObject({ kind: 'decimal', precision: 12, scale: 2, unit: 'SEK' })
  })

  it('asks once for each part, and knows its rows by it', async () => {
    const { open, rows } = await tables({ definition: PRICES })
    expect(open.discovery!.datasets[0]!.columns[0]).toMatchObject({ name: 'partition', kind: 'text', role: 'category', nullable: false })
    expect(rows['prices']!.map((row) => `${String(row['partition'])} ${String(row['price'])}`)).toEqual([
      'SE3 0.5',
      'SE3 0.6',
      'SE3 0.7',
      'SE4 1',
      'SE4 1.1',
      'SE4 1.2',
    ])
  })

  it('asks a child for each row of its parent, and knows its rows by both', async () => {
    const { open, rows } = await tables({ definition: PARKS })
    expect(open.discovery!.datasets[1]!.key).toEqual(['parks_id', 'id'])
    expect(rows['rides']!.map((row) => [row['park'], row['parks_id'], row['id'], row['name']])).toEqual([
      ['Liseberg', 5, 1, 'Valkyria'],
      ['Liseberg', 5, 2, 'Helix'],
      ['Gröna Lund', 11, 1, 'Insane'],
    ])
  })
})
