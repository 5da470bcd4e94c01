import { defineConnector, type Connector, type Dataset, type ExtractContext, type LoadMode, type Page, type Stream } from '@handover/sdk'
import { z } from 'zod'

/** Pages of one stream, as a test wants them. */
export type Extract = (context: ExtractContext) => AsyncIterable<Page>

/** A connector whose streams do what a test says; each feeds a dataset of its own name with columns `id` and `value`. */
export function listed(streams: Record<string, Extract>, load: LoadMode = 'merge', extra: Partial<Connector> = {}): Connector {
  const columns = z.object({ id: z.int().describe('Number'), value: z.string().max(10).nullable().describe('Value') })
  const about = 'For a test.'
  const dataset = (from: string): Dataset<typeof columns> => ({
    ...{ from, about, load, columns, transform: (record: { id: number }) => ({ value: null, ...record }) },
    ...(load !== 'append' && { key: ['id'] as const }),
  })
  const names = Object.keys(streams)
  return defineConnector({
    ...{ name: 'listed', title: 'Listed', about, config: z.object({}) },
    streams: Object.fromEntries(names.map((name): [string, Stream] => [name, { about, extract: streams[name]! }])),
    datasets: Object.fromEntries(names.map((name) => [name, dataset(name)])),
    ...extra,
  } as never) as unknown as Connector
}

/** Records with ids from `first` on. */
export const records = (first: number, count: number): { id: number }[] =>
  Array.from({ length: count }, (_, index) => ({ id: first + index }))

/** A stream that gives these pages. */
export const giving = (...pages: Page[]): Extract =>
  async function* () {
    yield* pages
  }

/** A promise and the way to keep it. */
export function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open: () => open(), opened }
}

/** A stream that waits without end, and does not even look at its signal. */
export const stuck = (page: Page, reached: () => void): Extract =>
  async function* () {
    yield page
    reached()
    await new Promise(() => undefined)
  }
