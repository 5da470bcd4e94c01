import { ConfigError, SourceError, type ExtractContext, type Page } from '@handover/sdk'
import { openApi } from './api.ts'
import { ofParent } from './child-record.ts'
import { Watermark } from './cursor.ts'
import { streamHint, type StreamHint } from './hints.ts'
import { stepOf } from './paging.ts'
import { findRecords, recordsAt } from './records.ts'
import { requestOf } from './request.ts'
import type { Settings } from './settings.ts'

/** Reads one stream page by page, or what one row of its parent has. */
export async function* extract(name: string, context: ExtractContext<Settings>): AsyncGenerator<Page> {
  const { config, cursor, partition, hint, now } = context
  const stream = config.definition.streams[name]!
  const { parent } = streamHint(hint)
  const { path, query } = requestOf(name, stream, { cursor, parent: partition.value, now: now() })
  const recordsOf = ({ body }: { readonly body: unknown }): readonly unknown[] => recordsOfPage(body, name, streamHint(hint))
  const step = stepOf(stream, recordsOf)
  const watermark = new Watermark(stream, cursor)
  const whole = parent === null ? null : ofParent(partition.value, parent)
  let index = 0
  for await (const page of openApi(context).pages(path, { query, next: step })) {
    const found = recordsOf(page)
    const isLast = step.next(page, index++) === null
    watermark.add(found)
    const fresh = stream.load === 'append' ? found.filter(watermark.isNew) : found
    yield { records: whole ? fresh.map(whole) : fresh, request: page.request, ...watermark.after(isLast) }
  }
}

/** One answer without a list is a fault of that answer: with a `ConfigError` the other rows of the parent would not be asked for. */
function recordsOfPage(body: unknown, name: string, { records, isList }: StreamHint): readonly unknown[] {
  try {
    return recordsAt(body, records === '' ? findRecords(body, name) : records, name, isList)
  } catch (error) {
    throw error instanceof ConfigError ? new SourceError(`${name}: ${error.message}`, { cause: error }) : error
  }
}
