import type { DatasetShape } from '@handover/sdk'
import { ConfigError } from '../shared/errors.ts'
import type { Clock } from '../shared/clock.ts'
import type { Database } from './database.ts'
import type { Dialect, StoredColumn } from './dialect.ts'
import { epochOf, stagingName } from './names.ts'
import { allColumns, keyOf, systemColumns, type Table } from './table.ts'

/** Makes tables fit their datasets, step by step outside of transactions, and keeps a log of the steps in `handover_schema_step`. */
export class Schema {
  readonly #db: Database
  readonly #dialect: Dialect
  readonly #clock: Clock

  constructor(db: Database, dialect: Dialect, clock: Clock) {
    this.#db = db
    this.#dialect = dialect
    this.#clock = clock
  }

  /** Runs what is missing and gives the statements. Doing it again does nothing. */
  async prepare(table: Table): Promise<string[]> {
    refuseClashes(table.shape)
    await this.#dialect.finishSwaps(this.#db.write, [table.name])
    if ((await this.#steps(table)).length === 0) return []
    // Another process may be about the same: looked at again when nobody else is at it.
    return this.#db.exclusively(`table ${table.name}`, async () => {
      const steps = await this.#steps(table)
      for (const step of steps) await this.#run(table.name, step)
      return steps
    })
  }

  /** An empty table for a replace to fill. What earlier epochs left behind is dropped, so a worker that lost its lease finds nothing to swap. */
  async startReplace(table: Table, epoch: number): Promise<Table> {
    await this.#dialect.finishSwaps(this.#db.write, [table.name])
    await this.#dropStaging(table, epoch)
    const staging = { name: stagingName(table.name, epoch), shape: table.shape }
    for (const step of this.#dialect.createTable(staging.name, staging.shape)) await this.#db.write.query(step)
    return staging
  }

  /** Drops what was filled up to that epoch, but for what is decided to be shown. */
  async dropStaging(table: Table, upTo = Number.MAX_SAFE_INTEGER): Promise<void> {
    await this.#dropStaging(table, upTo)
  }

  async drop(table: Table): Promise<void> {
    await this.#dialect.finishSwaps(this.#db.write, [table.name])
    await this.dropStaging(table)
    await this.#run(table.name, `DROP TABLE IF EXISTS ${this.#dialect.quote(table.name)}`)
  }

  async #dropStaging(table: Table, upTo: number): Promise<void> {
    const decided = await this.#dialect.decidedSwaps(this.#db.write, [table.name])
    for (const name of await this.#dialect.tablesLike(this.#db.write, stagingName(table.name, 0).slice(0, -1))) {
      const epoch = epochOf(table.name, name)
      if (epoch !== null && epoch <= upTo && !decided.includes(name))
        await this.#db.write.query(`DROP TABLE IF EXISTS ${this.#dialect.quote(name)}`)
    }
  }

  async #steps(table: Table): Promise<string[]> {
    const stored = await this.#dialect.columnsOf(this.#db.write, table.name)
    return stored.length === 0 ? this.#dialect.createTable(table.name, table.shape) : this.#changes(table, stored)
  }

  /** What is missing: new columns, and room in old ones. */
  async #changes(table: Table, stored: readonly StoredColumn[]): Promise<string[]> {
    refuseOtherKey(table.shape, stored)
    const steps: string[] = []
    for (const column of allColumns(table.shape)) {
      const known = stored.find((each) => each.name.toLowerCase() === column.name.toLowerCase())
      if (!known) steps.push(this.#dialect.addColumn(table.name, column))
      else if (known.name !== column.name) throw changedColumn(table.shape, known.name, column.name)
      else if (!this.#dialect.holds(known.type, column)) {
        const step = await this.#dialect.widen(this.#db.write, table.name, known, column)
        if (step === null) throw changedColumn(table.shape, known.name, column.name)
        steps.push(step)
      }
    }
    return steps
  }

  async #run(table: string, statement: string): Promise<void> {
    await this.#db.write.query(statement)
    const at = this.#clock.now().toISOString().replace('T', ' ').replace('Z', '')
    await this.#db.write.query('INSERT INTO handover_schema_step (table_name, statement, at) VALUES (?, ?, ?)', [table, statement, at])
  }
}

function refuseClashes(shape: DatasetShape): void {
  const seen = new Map<string, string>(systemColumns.map((column) => [column.name, column.name]))
  for (const { name } of shape.columns) {
    const other = seen.get(name.toLowerCase())
    if (other)
      throw new ConfigError(
        `In dataset "${shape.name}" the columns "${other}" and "${name}" would be one and the same in a table. Rename one.`,
      )
    seen.set(name.toLowerCase(), name)
  }
}

function refuseOtherKey(shape: DatasetShape, stored: readonly StoredColumn[]): void {
  const before = stored.filter((column) => column.key > 0).toSorted((a, b) => a.key - b.key)
  const key = keyOf(shape)
  if (before.length === key.length && before.every((column, index) => column.name === key[index])) return
  const [was, is] = [before.map((column) => column.name), key].map((names) => names.join(', '))
  throw new ConfigError(`The rows of dataset "${shape.name}" were told apart by ${was} and now would be by ${is}. ${remedy}`)
}

const changedColumn = (shape: DatasetShape, before: string, now: string): ConfigError =>
  before === now
    ? new ConfigError(
        `Column "${now}" of dataset "${shape.name}" now holds another kind of value than its table. Give the column a new name. ${remedy}`,
      )
    : new ConfigError(
        `Columns "${before}" and "${now}" of dataset "${shape.name}" differ only in upper and lower case. Keep the old name. ${remedy}`,
      )

const remedy = 'Or delete the source together with its tables and load it again.'
