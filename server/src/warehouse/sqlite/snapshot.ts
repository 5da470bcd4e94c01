import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { Snapshot } from '../database.ts'
import { chunksOf } from './stream.ts'

/** Reads one moment of a SQLite file on a connection of its own. Writers go on beside it: their log of changes is only taken in afterwards. */
export async function withSnapshot<T>(file: string, quote: (name: string) => string, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    db.exec('BEGIN')
    return await work({
      query: async (sql, parameters = []) => db.prepare(sql).all(...(parameters as SQLInputValue[])),
      // Tables are part of what the moment holds.
      hold: async () => true,
      rows: (table, columns, chunk) => chunksOf(db, `SELECT ${columns.map(quote).join(', ')} FROM ${quote(table)}`, [], chunk),
    })
  } finally {
    db.close()
  }
}
