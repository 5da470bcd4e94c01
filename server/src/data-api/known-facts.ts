import type { Clock } from '../shared/clock.ts'
import type { ColumnFacts, Table, WarehouseService } from '../warehouse/warehouse.service.ts'

interface Kept {
  readonly mark: string
  readonly at: number
  readonly facts: Promise<ColumnFacts[]>
}

/** A load that failed half way has changed rows without a mark; after so long they are counted. */
const FRESH_MS = 60_000

/** Facts of columns, which take seconds on millions of rows: kept until a load has changed the table, for a minute at most. */
export class KnownFacts {
  readonly #warehouse: WarehouseService
  readonly #clock: Clock
  readonly #kept = new Map<string, Kept>()

  constructor(warehouse: WarehouseService, clock: Clock) {
    this.#warehouse = warehouse
    this.#clock = clock
  }

  /** `mark` is another one whenever a load has changed the table. */
  async of(table: Table, mark: string): Promise<ColumnFacts[]> {
    const now = this.#clock.now().getTime()
    const known = this.#kept.get(table.name)
    if (known?.mark === mark && now - known.at < FRESH_MS) return known.facts
    const kept = { mark, at: now, facts: this.#warehouse.columnFacts(table) }
    this.#kept.set(table.name, kept)
    try {
      return await kept.facts
    } catch (error) {
      if (this.#kept.get(table.name) === kept) this.#kept.delete(table.name)
      throw error
    }
  }
}
