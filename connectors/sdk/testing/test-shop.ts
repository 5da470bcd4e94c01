import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { z } from 'zod'
import type { Connector, Dataset, ExtractContext, Page, Stream } from '../contract.ts'
import { linkHeader, recordsAt } from '../page-steps.ts'
import { runTests, type ContractTest } from './conformance.ts'
import type { Fixture } from './replay.ts'

/** An empty folder for the tests of one file. */
export const folder = mkdtempSync(join(tmpdir(), 'handover-sdk-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Address of a page of the shop. */
export const url = (page: number): string => `https://shop.test/orders?page=${page}`
/** The three pages of the shop. */
export const fixtures = [1, 2, 3].map((page): Fixture => ({
  origin: 'made for this test',
  request: { method: 'GET', body: null, url: url(page) },
  response: {
    status: 200,
    headers: { Link: page < 3 ? `<${url(page + 1)}>; rel="next"` : '' },
    body: `{"orders":[{"id": ${page * 2}, "name":"a"},{"id": ${page * 2 + 1}, "name":"b"}]}`,
  },
}))

/** Reads the pages that the fixtures hold; the cursor is the number of the page last read, which is read again. */
export async function* extract({ http, cursor }: ExtractContext): AsyncGenerator<Page> {
  for await (const page of http.pages('https://shop.test/orders', {
    query: { page: (cursor as number | null) ?? 1 },
    next: linkHeader(),
  })) {
    yield { records: recordsAt(page, 'orders'), cursor: Number(new URL(page.url).searchParams.get('page')), request: page.request }
  }
}

const dataset: Dataset = {
  from: 'orders',
  about: 'One row per order.',
  key: ['id'],
  load: 'merge',
  columns: z.object({ id: z.int().describe('Number'), name: z.string().describe('Name') }),
  transform: (record) => ({ id: record.id, name: record.name }),
}

/** What is different from a good connector. */
export interface Change {
  readonly stream?: Partial<Stream>
  readonly dataset?: Partial<Dataset>
  readonly connector?: Partial<Connector>
}

/** A good connector, but for what is changed. */
export function shop(change: Change = {}): Connector {
  return {
    name: 'web-shop',
    title: 'Web shop',
    about: 'Orders.',
    config: z.object({}),
    check: ({ http }) => http.get(url(1)),
    streams: { orders: { about: 'Orders.', extract, ...change.stream } },
    datasets: { orders: { ...dataset, ...change.dataset } },
    ...change.connector,
  }
}

/** The names of the tests that fail. */
export async function failing(tests: readonly ContractTest[]): Promise<string[]> {
  const failed: string[] = []
  for (const { name, run } of tests) await run().catch(() => failed.push(name))
  return failed
}

/** The names of the tests of a run that fail. */
export const run = (connector: Connector, setAside = 0, recorded = fixtures) =>
  failing(runTests(connector, { config: {}, filesFolder: folder, fixtures: recorded, setAside }))
