import { newId } from '../shared/ids.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { ReloadMarkRow } from './reload-mark.entity.ts'

const ONLY_ROW = 1

/** Tells other processes on the same database that the connectors were reloaded. */
export class ReloadMark {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** The mark of the last reload in any process; empty when there was none. */
  async read(): Promise<string> {
    return (await this.#db.read.manager.findOneBy(ReloadMarkRow, { id: ONLY_ROW }))?.mark ?? ''
  }

  /** Writes a new mark down and gives it. */
  async raise(): Promise<string> {
    const mark = newId()
    await this.#db.write.manager.upsert(ReloadMarkRow, { id: ONLY_ROW, mark }, ['id'])
    return mark
  }
}
