import type { Connector, Context } from '@handover/sdk'
import type { LakeService } from '../lake/lake.service.ts'
import type { Table, WarehouseService } from '../warehouse/warehouse.service.ts'
import type { Batch } from './batch.ts'
import type { LoadLog } from './load-log.ts'
import type { PlannedDataset } from './stream-plan.ts'

const atOnce = 4
/** Failures that are told one by one. */
const mostTold = 10

/** What a media fetcher works with. */
export interface MediaTools {
  readonly connector: Connector
  readonly context: Context<Record<string, unknown>>
  readonly slug: string
  readonly lake: LakeService
  readonly warehouse: WarehouseService
  readonly log: LoadLog
}

/** Fetches pictures that written rows point at, beside the load. A picture that fails is a line in the log and never holds up a row. */
export class MediaFetcher {
  readonly #tools: MediaTools
  readonly #known = new Set<string>()
  readonly #wanted: string[] = []
  readonly #workers = new Set<Promise<void>>()
  #failed = 0

  constructor(tools: MediaTools) {
    this.#tools = tools
  }

  /** Asks for the pictures of a batch that is committed. */
  want(datasets: readonly PlannedDataset[], batch: Batch): void {
    for (const [index, { table }] of datasets.entries()) {
      const columns = table.shape.columns.flatMap((column, place) => (column.kind === 'image' ? [place] : []))
      if (columns.length === 0) continue
      for (const op of batch.datasets[index]!.ops) if ('values' in op) for (const place of columns) this.#ask(op.values[place])
    }
    this.#work()
  }

  /** Asks for every picture that rows of these tables point at: what an interrupted load left out, and what failed before. */
  async wantAll(tables: readonly Table[]): Promise<void> {
    for (const table of tables) {
      const columns = table.shape.columns.filter(({ kind }) => kind === 'image').map(({ name }) => name)
      if (columns.length === 0) continue
      const rows = this.#tools.warehouse.scan(table, { columns, where: null, orderBy: [] }, this.#tools.context.signal)
      for await (const chunk of rows) for (const row of chunk) for (const name of columns) this.#ask(row[name])
    }
    this.#work()
  }

  /** Resolves when nothing is left to fetch; true when no picture is missing. */
  async finish(): Promise<boolean> {
    while (this.#workers.size > 0) await Promise.race(this.#workers)
    if (this.#failed > mostTold) this.#tools.log.add('warning', 'More pictures could not be fetched.', { count: this.#failed - mostTold })
    return this.#failed === 0 && !this.#tools.context.signal.aborted
  }

  #ask(key: unknown): void {
    if (typeof key !== 'string' || key === '' || this.#known.has(key)) return
    this.#known.add(key)
    this.#wanted.push(key)
  }

  #work(): void {
    while (this.#workers.size < atOnce && this.#workers.size < this.#wanted.length) {
      const worker: Promise<void> = this.#fetchAll().finally(() => this.#workers.delete(worker))
      this.#workers.add(worker)
    }
  }

  async #fetchAll(): Promise<void> {
    const { lake, slug, context } = this.#tools
    for (let keys = this.#wanted.splice(0, 50); keys.length > 0 && !context.signal.aborted; keys = this.#wanted.splice(0, 50)) {
      for (const key of await lake.missingMedia(slug, keys).catch(() => keys)) await this.#fetch(key)
    }
  }

  async #fetch(key: string): Promise<void> {
    const { lake, slug, connector, context, log } = this.#tools
    if (context.signal.aborted) return
    try {
      await lake.putMedia(slug, key, await connector.media!(key, context))
    } catch (error) {
      if (context.signal.aborted || ++this.#failed > mostTold) return
      const reason = error instanceof Error ? error.message : String(error)
      log.add('warning', 'A picture could not be fetched; the next load tries again.', { key, reason })
    }
  }
}
