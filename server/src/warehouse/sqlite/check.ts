import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from '../../shared/errors.ts'
import { faultFrom, ok, type Check } from '../../shared/check.ts'
import { startErrorOf } from './open.ts'

/** Looks at the embedded database, read-only; a running server is not disturbed. A file that is not there yet is no fault. */
export async function checkSqlite(file: string, checkMigrations: (done: readonly string[] | null) => Check): Promise<Check[]> {
  const version = `SQLite ${process.versions['sqlite']}`
  if (!existsSync(file)) return [ok('database', `${version} inside Handover; its file ${file} is made at the first start.`)]
  try {
    const done = migrationsIn(file)
    return [ok('database', `${version} inside Handover, in ${file}.`), checkMigrations(done)]
  } catch (error) {
    const refusal = startErrorOf(error, file)
    if (refusal instanceof StartError) return [faultFrom('database', refusal)]
    throw error
  }
}

function migrationsIn(file: string): string[] | null {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 1000 })
  try {
    const table = db.prepare(`SELECT name FROM sqlite_master WHERE name = 'handover_migration'`).get()
    return table
      ? db
          .prepare('SELECT name FROM handover_migration')
          .all()
          .map(({ name }) => String(name))
      : null
  } finally {
    db.close()
  }
}
