import type { Json, Partition } from '@handover/sdk'
import type { EntityManager } from 'typeorm'
import { SourceError } from '../shared/errors.ts'
import type { Tracer } from '../shared/tracer.ts'
import { turn } from '../shared/turn.ts'
import type { LakeService } from '../lake/lake.service.ts'
import type { Checkpoint, Cursors } from './checkpoint.ts'
import { PageRecords } from './page-records.ts'
import { partitionPages, wholePages, type PartitionPage } from './partitions.ts'
import { quiet } from './quiet.ts'
import type { LoadContext, StreamPlan } from './stream-plan.ts'

/** A page that lies in the lake and waits to be written. */
export interface LandedPage {
  /** 0 for a page without records, which is not kept: only its cursor counts. */
  readonly part: number
  /** Records before this one are in the warehouse already. */
  readonly from: number
  readonly records: PageRecords
  /** Key of the partition that it belongs to; empty for a stream of one piece. */
  readonly partition: string
  /** The cursor that the page gave; undefined when it gave none. */
  readonly cursor: Json | undefined
}

/** What a page feed needs to know about its load. */
export interface FeedContext {
  readonly source: { readonly sourceId: string; readonly slug: string; readonly loadId: string }
  readonly lake: LakeService
  readonly signal: AbortSignal
  readonly tracer: Tracer
  /** What the connector is handed, but for its place in the stream. */
  readonly connector: LoadContext
  /** Throws when the source is not ours any more: nothing lands then. */
  fence(m: EntityManager): Promise<void>
  /** Called for every page that was fetched and landed. */
  landed(records: number, bytes: number): void
}

/** Pages that an earlier load landed and did not get written, oldest first. */
export async function* leftovers(context: FeedContext, plan: StreamPlan, checkpoint: Checkpoint): AsyncGenerator<LandedPage> {
  for (const part of await context.lake.after(context.source.sourceId, plan.name, checkpoint.part)) {
    const from = part.id === checkpoint.part ? checkpoint.line : 0
    if (part.id === checkpoint.part && from >= part.records) continue
    const texts = await context.lake.texts(part.id)
    const cursor = part.cursor === null ? undefined : (JSON.parse(part.cursor) as Json)
    yield { part: part.id, from, records: PageRecords.again(texts, plan.parse), partition: part.partition, cursor }
  }
}

/**
 * Pages of the source from the cursors on, of all partitions where there are some. Each lies in the lake before it is given, and the next one is
 * fetched while it is being written.
 */
export async function* extracted(
  context: FeedContext,
  plan: StreamPlan,
  partitions: AsyncIterable<Partition> | null,
  cursors: Cursors,
): AsyncGenerator<LandedPage> {
  const pages = partitions ? partitionPages(plan, context.connector, partitions, cursors) : wholePages(plan, context.connector, cursors)
  const stopped = stopper(context.signal)
  const pull = async (): Promise<LandedPage | null> => {
    const next = await context.tracer.step('fetch', {}, () => stopped.wait(pages.next()))
    // Making a page and landing it are both long steps.
    await turn()
    return next.done ? null : land(context, plan, next.value)
  }
  let ahead = quiet(pull())
  try {
    for (let page = await ahead; page !== null; page = await ahead) {
      ahead = quiet(pull())
      yield page
    }
  } finally {
    // A connector that is stuck must not keep the load; its generator ends when its own wait does.
    stopped.stop()
    await ahead.catch(() => null)
    void pages.return(undefined).catch(() => undefined)
  }
}

async function land(
  { lake, source, tracer, fence, landed }: FeedContext,
  plan: StreamPlan,
  { partition, page }: PartitionPage,
): Promise<LandedPage> {
  if (!Array.isArray(page?.records))
    throw new SourceError(`The connector gave something that is not a page, for the stream "${plan.name}".`)
  refuseBigint(page.cursor, plan.name)
  if (page.records.length === 0) return { part: 0, from: 0, records: PageRecords.none, partition, cursor: page.cursor }
  const records = PageRecords.of(page.records)
  const { texts, heads } = records
  const landing = { ...source, stream: plan.name, partition, request: page.request ?? null, cursor: page.cursor, texts, heads }
  const part = await tracer.step('land', { 'handover.records': texts.length }, () => lake.land(landing, fence))
  landed(part.records, part.bytes)
  return { part: part.id, from: 0, records, partition, cursor: page.cursor }
}

/**
 * Waits for things one after the other, and no longer when the signal aborts or it is told to stop. Not a race with one promise for the end: that
 * would remember every page until then.
 */
function stopper(signal: AbortSignal): { wait<T>(promise: Promise<T>): Promise<T>; stop(): void } {
  let leave = (_reason: unknown): void => undefined
  let stopped = false
  const stop = (): void => {
    stopped = true
    signal.removeEventListener('abort', stop)
    leave(signal.reason)
  }
  const wait = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      leave = reject
      promise.then(resolve, reject)
      if (stopped) reject(signal.reason as Error)
    })
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop)
  return { wait, stop }
}

/** JSON has no such numbers, and writing them would only say that it does not know how. */
function refuseBigint(cursor: unknown, stream: string): void {
  const parts = typeof cursor === 'object' && cursor !== null ? Object.values(cursor) : [cursor]
  if (!parts.some((part) => typeof part === 'bigint')) return
  throw new SourceError(`The cursor of the stream "${stream}" holds a whole number beyond 53 bits; the connector must give it as text.`)
}
