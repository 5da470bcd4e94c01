import { partitionOfRow, WHOLE, type Page, type Partition } from '@handover/sdk'
import { ConfigError, SourceError } from '../shared/errors.ts'
import type { Table, WarehouseService } from '../warehouse/warehouse.service.ts'
import type { Cursors } from './checkpoint.ts'
import type { LoadContext, StreamPlan } from './stream-plan.ts'

/** A page, and the key of the partition that it belongs to. */
export interface PartitionPage {
  readonly partition: string
  readonly page: Page
}

/** Partitions that are read at the same time. */
const together = 4

/** So many partitions may fail before the others are not tried any more. */
const mostFailures = 5

const rowsAsked = 1_000

/** The pieces of a stream that is read in pieces; null for one that is one piece. */
export function partitionsOf(plan: StreamPlan, context: LoadContext, warehouse: WarehouseService): AsyncIterable<Partition> | null {
  if (plan.parent) return rowsOf(plan.parent, warehouse)
  return plan.partitions?.(context) ?? null
}

async function* rowsOf(table: Table, warehouse: WarehouseService): AsyncGenerator<Partition> {
  const columns = table.shape.columns.map(({ name }) => name)
  let after: string | null = null
  do {
    const page = await warehouse.page(table, { columns, where: null, orderBy: [], first: rowsAsked, after })
    for (const row of page.rows) yield partitionOfRow(table.shape, row)
    after = page.hasNextPage ? page.endCursor : null
  } while (after !== null)
}

/** The pages of a stream of one piece. */
export async function* wholePages(plan: StreamPlan, context: LoadContext, cursors: Cursors): AsyncGenerator<PartitionPage> {
  const cursor = cursors.get('') ?? null
  for await (const page of plan.extract({ ...context, cursor, partition: WHOLE })) yield { partition: '', page }
}

/**
 * The pages of all partitions, each in its own order, of up to four at the same time. A partition that fails does not stop the others: what went
 * wrong is thrown when they are done. A `ConfigError` stops at once, because it would meet all of them. A row of the parent that the source
 * does not know any more is passed over, unless that is said of all of them: then it is the address that is wrong.
 */
export async function* partitionPages(
  plan: StreamPlan,
  context: LoadContext,
  partitions: AsyncIterable<Partition>,
  cursors: Cursors,
): AsyncGenerator<PartitionPage> {
  const waiting = partitions[Symbol.asyncIterator]()
  const open = new Map<Piece, Promise<Piece>>()
  const failures: Piece[] = []
  const gone: Piece[] = []
  let [hasMore, isAnyThere] = [true, false]
  try {
    for (;;) {
      while (hasMore && open.size < together && failures.length < mostFailures) {
        const next = await waiting.next()
        if (next.done) hasMore = false
        else {
          const piece = new Piece(
            next.value.key,
            plan.extract({ ...context, cursor: cursors.get(next.value.key) ?? null, partition: next.value }),
          )
          open.set(piece, piece.pull())
        }
      }
      if (open.size === 0) break
      const piece = await Promise.race(open.values())
      const { next, error } = piece
      if (next !== null) {
        isAnyThere = true
        if (next.done) open.delete(piece)
        else {
          open.set(piece, piece.pull())
          yield { partition: piece.key, page: next.value }
        }
        continue
      }
      open.delete(piece)
      if (error instanceof ConfigError || context.signal.aborted) throw error
      const isGone = plan.parent !== null && (error as { code?: unknown }).code === 'SOURCE_NOT_FOUND'
      const [words, list] = isGone ? [passedOver, gone] : [goesOn, failures]
      list.push(piece)
      context.log(words, { stream: plan.name, part: piece.key, reason: wordsOf(error) })
    }
  } finally {
    for (const piece of open.keys()) piece.close()
    void waiting.return?.()
  }
  if (!isAnyThere) failures.push(...gone)
  if (failures.length > 0) throw failureOf(plan, failures)
}

const goesOn = 'A part of the stream could not be read; the others go on'
const passedOver = 'The source does not know this part any more; it is passed over'

/** One partition that is being read. */
class Piece {
  readonly key: string
  /** What came last, a page or the end; null when there was an error. */
  next: IteratorResult<Page> | null = null
  error: unknown = undefined
  readonly #pages: AsyncIterator<Page>

  constructor(key: string, pages: AsyncIterable<Page>) {
    this.key = key
    this.#pages = pages[Symbol.asyncIterator]()
  }

  /** Asks for the next page; never rejects. */
  async pull(): Promise<Piece> {
    try {
      this.next = await this.#pages.next()
    } catch (error) {
      this.next = null
      this.error = error ?? new Error('The connector threw nothing.')
    }
    return this
  }

  close(): void {
    void this.#pages.return?.().catch(() => undefined)
  }
}

function failureOf({ name }: StreamPlan, [first, ...others]: readonly Piece[]): SourceError {
  const more = others.length === 0 ? '' : ` ${others.length} more could not be read either.`
  const { code, detail } = first!.error as { code?: string; detail?: string | null }
  return new SourceError(`"${first!.key}" of ${name} could not be read: ${wordsOf(first!.error)}${more}`, {
    ...(typeof code === 'string' && { code }),
    ...(typeof detail === 'string' && { detail }),
    cause: first!.error,
  })
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
