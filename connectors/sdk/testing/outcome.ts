import type { Connector } from '../contract.ts'
import { HandoverError } from '../errors.ts'
import type { Fetcher } from '../http-fetch.ts'
import { stringifyJson } from '../json.ts'
import { RawRecord, recordValue } from '../record.ts'
import type { RunOptions } from './conformance.ts'
import { collectPages, datasetsFrom, openConnector, type OpenConnector, type RunnableStream } from './host.ts'
import { requestKey } from './replay.ts'
import { fillTables } from './resume.ts'

/** What came of reading everything. */
export interface Outcome {
  /** What was thrown; null when nothing was. */
  readonly error: unknown
  /** Every record as JSON, where it can be read. */
  readonly records: ReadonlySet<string>
  readonly recordCount: number
  readonly filtered: number
  /** How many were set aside, by stream. */
  readonly setAside: ReadonlyMap<string, number>
  readonly tables: readonly (readonly string[])[]
  /** Keys of the requests that were answered, in their order. */
  readonly asked: readonly string[]
}

/** Reads every stream from its start, whatever happens. */
export async function outcomeOf(connector: Connector, options: RunOptions, fetcher: Fetcher): Promise<Outcome> {
  const asked: string[] = []
  const noting: Fetcher = {
    fetch: (request) => {
      asked.push(requestKey(request.method, request.url.href, request.body))
      return fetcher.fetch(request)
    },
    close: () => fetcher.close(),
  }
  const outcome = {
    error: null as unknown,
    records: new Set<string>(),
    recordCount: 0,
    filtered: 0,
    setAside: new Map<string, number>(),
    tables: [] as string[][],
    asked,
  }
  try {
    const open = await openConnector(connector, { ...options, fetcher: noting })
    for (const stream of open.streams) {
      const pages = await collectPages(stream)
      const records = pages.flatMap((page) => page.records)
      outcome.recordCount += records.length
      outcome.filtered += filteredOf(open, stream, records)
      for (const record of records) if (isReadable(record)) outcome.records.add(stringifyJson(recordValue(record)))
      const tables = fillTables(open, [{ stream: stream.name, partition: stream.partition, pages }])
      const aside = tables.reduce((sum, table) => sum + table.rejected.length, outcome.setAside.get(stream.name) ?? 0)
      outcome.setAside.set(stream.name, aside)
      outcome.tables.push(...tables.map((table) => table.contents()))
    }
  } catch (error) {
    outcome.error = error
  }
  return outcome
}

const filteredOf = (open: OpenConnector, { name, partition }: RunnableStream, records: readonly unknown[]): number =>
  datasetsFrom(open, name).reduce(
    (sum, dataset) => sum + records.filter((record) => dataset.rows(record, partition).kind === 'filtered').length,
    0,
  )

const isReadable = (record: unknown): boolean =>
  !(record instanceof RawRecord && record.problem !== null) && !['undefined', 'function', 'symbol'].includes(typeof recordValue(record))

/** Fails with the error itself when it is none of Handover's: nobody could tell from it what to do. */
export function expectCalm(error: unknown, when: string): void {
  if (error === null || error instanceof HandoverError) return
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error))
  const place = stack.split('\n').find((line) => line.includes('/connectors/') && !line.includes('/connectors/sdk/')) ?? ''
  throw new Error(
    `It ended with ${name}: ${message}, ${when}.${place === '' ? '' : `\n${place.trim()}`}\nThrow a SourceError with a sentence instead.`,
  )
}
