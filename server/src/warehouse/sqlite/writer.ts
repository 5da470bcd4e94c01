import type { EntityManager } from 'typeorm'
import { turn } from '../../shared/turn.ts'
import { allColumns, keyOf, systemColumns, type RowBatch, type Table } from '../table.ts'
import type { SerialRunner } from './serialise.ts'
import { toStored } from './values.ts'

/** Rows of one statement: larger ones are no faster and hold more memory. The few sizes keep the prepared statements few. */
const sizes = [100, 10, 1]
const mostParameters = 32_766
/** Rows between two turns of the event loop. */
const rowsPerTurn = 500

/** What is written row by row: the statement for some of them, and how a row adds its values. */
interface Rows {
  readonly count: number
  readonly width: number
  textOf(count: number): string
  /** Puts the values of row `index` into `values`, from place `at` on. */
  bind(index: number, values: unknown[], at: number): void
}

/** Writes rows into SQLite tables with multi-row statements and counts exactly what they did. */
export class SqliteWriter {
  readonly #quote: (name: string) => string
  readonly #upserts = new WeakMap<Table, Map<number, string>>()

  constructor(quote: (name: string) => string) {
    this.#quote = quote
  }

  /**
   * Inserts or updates rows with distinct keys. SQLite says how many rows a statement touched; new rows are told apart because each
   * raises the highest row number by one.
   */
  async upsert(manager: EntityManager, table: Table, batch: RowBatch): Promise<{ inserted: number; updated: number }> {
    const before = await this.#highest(manager, table)
    const changed = await this.#run(manager, {
      count: batch.ops.length,
      width: allColumns(table.shape).length,
      textOf: (count) => this.#upsert(table, count),
      bind: binder(table, batch),
    })
    const inserted = (await this.#highest(manager, table)) - before
    return { inserted, updated: changed - inserted }
  }

  /** Removes rows by their keys and says how many there were. */
  remove(manager: EntityManager, table: Table, keys: readonly (readonly unknown[])[]): Promise<number> {
    const key = keyOf(table.shape).map(this.#quote).join(', ')
    const tuple = tupleOf(keyOf(table.shape).length)
    return this.#run(manager, {
      count: keys.length,
      width: keyOf(table.shape).length,
      textOf: (count) => `DELETE FROM ${this.#quote(table.name)} WHERE (${key}) IN (VALUES ${repeat(tuple, count)})`,
      bind: (index, values, at) => keys[index]!.forEach((value, place) => (values[at + place] = value)),
    })
  }

  async #run(manager: EntityManager, { count, width, textOf, bind }: Rows): Promise<number> {
    const runner = manager.queryRunner as SerialRunner
    const fitting = sizes.filter((size) => size * width <= mostParameters)
    let changed = 0
    let sinceTurn = 0
    for (let from = 0; from < count;) {
      const end = from + fitting.find((size) => size <= count - from)!
      const values = new Array<unknown>((end - from) * width)
      for (let index = from; index < end; index++) bind(index, values, (index - from) * width)
      changed += runner.change(textOf(end - from), values)
      sinceTurn += end - from
      from = end
      if (sinceTurn < rowsPerTurn) continue
      await turn()
      sinceTurn = 0
    }
    return changed
  }

  #upsert(table: Table, count: number): string {
    const texts = this.#upserts.get(table) ?? new Map<number, string>()
    this.#upserts.set(table, texts)
    const text = texts.get(count) ?? this.#upsertText(table, count)
    texts.set(count, text)
    return text
  }

  #upsertText(table: Table, count: number): string {
    const name = this.#quote(table.name)
    const columns = allColumns(table.shape).map((column) => this.#quote(column.name))
    const key = keyOf(table.shape)
    const declared = table.shape.columns.filter((column) => !key.includes(column.name)).map((column) => this.#quote(column.name))
    const system = systemColumns.filter((column) => !key.includes(column.name)).map((column) => this.#quote(column.name))
    const insert = `INSERT INTO ${name} (${columns.join(', ')}) VALUES ${repeat(tupleOf(columns.length), count)}`
    const conflict = `ON CONFLICT (${key.map(this.#quote).join(', ')})`
    if (declared.length === 0) return `${insert} ${conflict} DO NOTHING`
    const set = [...declared, ...system].map((column) => `${column} = excluded.${column}`).join(', ')
    const differs = declared.map((column) => `${name}.${column} IS NOT excluded.${column}`).join(' OR ')
    return `${insert} ${conflict} DO UPDATE SET ${set} WHERE ${differs}`
  }

  async #highest(manager: EntityManager, table: Table): Promise<number> {
    const [row] = await manager.query(`SELECT max(${rowNumberOf(table)}) AS highest FROM ${this.#quote(table.name)}`)
    return Number(row.highest ?? 0)
  }
}

/** Puts the values of a row in the order of `allColumns`. */
function binder({ shape: { columns } }: Table, { ops, loadId, at }: RowBatch): Rows['bind'] {
  const loadedAt = at.toISOString()
  return (index, all, from) => {
    const { values, part, line, item } = ops[index]!
    let at = from
    for (let place = 0; place < columns.length; place++) all[at++] = toStored(columns[place]!, values[place])
    for (const value of [loadId, loadedAt, part, line, item]) all[at++] = value
  }
}

const tupleOf = (width: number): string => `(${repeat('?', width)})`
const repeat = (text: string, count: number): string => Array.from({ length: count }, () => text).join(', ')

/** SQLite's own number of a row has three names; a column of ours may hide one of them. */
function rowNumberOf(table: Table): string {
  const taken = new Set(table.shape.columns.map((column) => column.name.toLowerCase()))
  return ['_rowid_', 'rowid', 'oid'].find((name) => !taken.has(name))!
}
