import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ResultSetHeader } from 'mysql2'
import type { EntityManager } from 'typeorm'
import { WarehouseError } from '../../shared/errors.ts'
import { turn } from '../../shared/turn.ts'
import { allColumns, keyOf, systemColumns, type RowBatch, type Table } from '../table.ts'
import type { MysqlAddress } from './address.ts'
import { withoutValues } from './faults.ts'
import { rawQuery } from './runner.ts'
import { tsv } from './tsv.ts'
import { toStored } from './values.ts'

type Rows = readonly (readonly unknown[])[]

/** What a server allows its bulk writer. */
export interface BulkOptions {
  readonly address: MysqlAddress
  /** True when the server takes files from its clients (`local_infile`). */
  readonly localInfile: boolean
  /** The longest statement that is sent, in characters. */
  readonly statementLength: number
}

const rowsPerInsert = 1_000
const keysPerDelete = 500
const savepoint = 'handover_new_rows'

/** Writes rows into MySQL tables in bulk and counts exactly what that did. Never for two batches of one connection at once. */
export class MysqlWriter {
  readonly #quote: (name: string) => string
  readonly #typeOf: (column: ReturnType<typeof allColumns>[number]) => string
  readonly #options: BulkOptions
  /** Tables whose last batch brought only new rows: their next one probably does too. */
  readonly #growing = new WeakSet<Table>()

  constructor(quote: (name: string) => string, typeOf: (column: ReturnType<typeof allColumns>[number]) => string, options: BulkOptions) {
    this.#quote = quote
    this.#typeOf = typeOf
    this.#options = options
  }

  /** Inserts or updates rows with distinct keys. Rows that are the same already are left alone. */
  async upsert(manager: EntityManager, table: Table, batch: RowBatch): Promise<{ inserted: number; updated: number }> {
    if (!this.#options.localInfile) return this.#upsertByInsert(manager, table, storedRows(table, batch))
    const expectsNew = this.#growing.has(table) || table.shape.load === 'append' || (await this.#isEmpty(manager, table))
    if (expectsNew && (await this.#addNew(manager, table, batch))) {
      this.#growing.add(table)
      return { inserted: batch.ops.length, updated: 0 }
    }
    const counts = await this.#merge(manager, table, batch)
    if (counts.inserted === batch.ops.length) this.#growing.add(table)
    else this.#growing.delete(table)
    return counts
  }

  /** Removes rows by their keys and says how many there were. */
  async remove(manager: EntityManager, table: Table, keys: Rows): Promise<number> {
    const columns = keyOf(table.shape).map(this.#quote).join(', ')
    const tuple = `(${keyOf(table.shape)
      .map(() => '?')
      .join(', ')})`
    let removed = 0
    for (let from = 0; from < keys.length; from += keysPerDelete) {
      const some = keys.slice(from, from + keysPerDelete)
      const sql = `DELETE FROM ${this.#quote(table.name)} WHERE (${columns}) IN (${some.map(() => tuple).join(', ')})`
      removed += (await manager.queryRunner!.query(sql, some.flat(), true)).affected ?? 0
      await turn()
    }
    return removed
  }

  async #isEmpty(manager: EntityManager, table: Table): Promise<boolean> {
    const rows: unknown[] = await manager.query(`SELECT 1 FROM ${this.#quote(table.name)} LIMIT 1`)
    return rows.length === 0
  }

  /** Loads rows straight into the table. False, and nothing done, when one of them is there already. */
  async #addNew(manager: EntityManager, table: Table, batch: RowBatch): Promise<boolean> {
    await manager.query(`SAVEPOINT ${savepoint}`)
    const { skipped } = await this.#load(manager, table.name, table, batch)
    if (skipped === 0) return true
    await manager.query(`ROLLBACK TO SAVEPOINT ${savepoint}`)
    return false
  }

  /** Loads rows into a table of this connection alone, and merges them from there. */
  async #merge(manager: EntityManager, table: Table, batch: RowBatch): Promise<{ inserted: number; updated: number }> {
    const staging = `handover_batch_${createHash('sha256').update(table.name).digest('hex').slice(0, 12)}`
    const key = keyOf(table.shape)
    const lines = allColumns(table.shape).map(
      (column) => `${this.#quote(column.name)} ${this.#typeOf(column)}${key.includes(column.name) ? ' NOT NULL' : ''}`,
    )
    await manager.query(
      `CREATE TEMPORARY TABLE ${staging} (${lines.join(', ')}, PRIMARY KEY (${this.#names(key)})) CHARSET = utf8mb4 COLLATE = utf8mb4_0900_bin`,
    )
    try {
      const { skipped } = await this.#load(manager, staging, table, batch)
      if (skipped > 0) throw lostRows(skipped, 'rows of one batch have the same key')
      const names = this.#names(allColumns(table.shape).map((column) => column.name))
      const sql = `INSERT INTO ${this.#quote(table.name)} (${names}) SELECT ${names} FROM ${staging} AS s ${this.#onDuplicate(table)}`
      return mergeCounts(await manager.query(sql), batch.ops.length)
    } finally {
      // Not awaited to success: a connection that died has dropped it already.
      await manager.query(`DROP TEMPORARY TABLE IF EXISTS ${staging}`).catch(() => undefined)
    }
  }

  /** LOAD DATA LOCAL never fails for a value that does not fit, so what it says of itself is checked. */
  async #load(manager: EntityManager, into: string, table: Table, batch: RowBatch): Promise<{ skipped: number }> {
    const columns = this.#names(allColumns(table.shape).map((column) => column.name))
    const result = await rawQuery<ResultSetHeader>(manager.queryRunner!, this.#options.address, {
      sql: `LOAD DATA LOCAL INFILE 'batch' INTO TABLE ${this.#quote(into)} CHARACTER SET utf8mb4 (${columns})`,
      infileStreamFactory: () => Readable.from(tsv(table, batch), { objectMode: false, highWaterMark: 512 * 1024 }),
    })
    const [, records, skipped, warnings] = /Records: (\d+) .*Skipped: (\d+) .*Warnings: (\d+)/.exec(result.info ?? '')?.map(Number) ?? []
    if (records !== batch.ops.length) throw lostRows(batch.ops.length - (records ?? 0), result.info)
    if (warnings! > skipped!) throw new WarehouseError('DATABASE_REFUSED', changed, { detail: await firstWarning(manager) })
    return { skipped: skipped! }
  }

  /** The same without files: statements of up to 1,000 rows. */
  async #upsertByInsert(manager: EntityManager, table: Table, rows: Rows): Promise<{ inserted: number; updated: number }> {
    const columns = allColumns(table.shape).map((column) => column.name)
    const head = `INSERT INTO ${this.#quote(table.name)} (${this.#names(columns)}) VALUES `
    const tail = ` AS s ${this.#onDuplicate(table)}`
    const tuple = `(${columns.map(() => '?').join(', ')})`
    const sum = { inserted: 0, updated: 0 }
    for (const some of this.#slices(rows)) {
      const sql = head + some.map(() => tuple).join(', ') + tail
      const { inserted, updated } = mergeCounts(await manager.query(sql, some.flat()), some.length)
      sum.inserted += inserted
      sum.updated += updated
      await turn()
    }
    return sum
  }

  /** Pieces that stay below the longest statement of the server. */
  *#slices(rows: Rows): Generator<Rows> {
    let from = 0
    let length = 0
    for (const [index, row] of rows.entries()) {
      const own = row.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length * 2 : 24), 0)
      if (index > from && (length + own > this.#options.statementLength || index - from >= rowsPerInsert)) {
        yield rows.slice(from, index)
        ;[from, length] = [index, 0]
      }
      length += own
    }
    if (from < rows.length) yield rows.slice(from)
  }

  /**
   * What becomes of a row that is there. System columns come first and compare with the old values: MySQL assigns from left to right, so after
   * a declared column nothing would differ any more.
   */
  #onDuplicate(table: Table): string {
    const key = keyOf(table.shape)
    const name = this.#quote(table.name)
    const declared = table.shape.columns.filter((column) => !key.includes(column.name)).map((column) => this.#quote(column.name))
    if (declared.length === 0) return `ON DUPLICATE KEY UPDATE ${this.#quote(key[0]!)} = ${name}.${this.#quote(key[0]!)}`
    const system = systemColumns.filter((column) => !key.includes(column.name)).map((column) => this.#quote(column.name))
    const same = declared.map((column) => `${name}.${column} <=> s.${column}`).join(' AND ')
    const sets = [
      ...system.map((column) => `${column} = IF(${same}, ${name}.${column}, s.${column})`),
      ...declared.map((column) => `${column} = s.${column}`),
    ]
    return `ON DUPLICATE KEY UPDATE ${sets.join(', ')}`
  }

  #names(names: readonly string[]): string {
    return names.map(this.#quote).join(', ')
  }
}

/** Rows as they are stored, in the order of `allColumns`. */
function storedRows({ shape }: Table, { ops, loadId, at }: RowBatch): unknown[][] {
  const columns = allColumns(shape)
  return ops.map(({ values, part, line, item }) =>
    [...values, loadId, at.toISOString(), part, line, item].map((value, index) => toStored(columns[index]!, value)),
  )
}

/** MySQL counts 1 for a new row, 2 for a changed one and 0 for one that is the same; its message counts the changed ones (or is empty for a single row). */
function mergeCounts({ affectedRows, info = '' }: ResultSetHeader, sent: number): { inserted: number; updated: number } {
  const duplicates = /Duplicates: (\d+)/.exec(info)
  const updated = duplicates ? Number(duplicates[1]) : sent === 1 && affectedRows === 2 ? 1 : 0
  return { inserted: affectedRows - 2 * updated, updated }
}

const changed =
  'The database would have changed a value while taking it, so the batch was taken back. This is a fault of Handover: please report it.'

const lostRows = (count: number, detail: string | undefined): WarehouseError =>
  new WarehouseError(
    'DATABASE_REFUSED',
    `The database left out ${count} rows, so the batch was taken back. This is a fault of Handover: please report it.`,
    {
      detail: detail ?? 'no message',
    },
  )

async function firstWarning(manager: EntityManager): Promise<string> {
  const [warning] = (await manager.query('SHOW WARNINGS LIMIT 1')) as { Code: number; Message: string }[]
  return warning ? `${warning.Code}: ${withoutValues(warning.Message)}` : 'no warning was kept'
}
