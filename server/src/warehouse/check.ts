import type { MigrationInterface } from 'typeorm'
import { fault, ok, warning, type Check } from '../shared/check.ts'
import type { DatabaseOptions } from './database.ts'
import { checkMysql } from './mysql/check.ts'
import { checkSqlite } from './sqlite/check.ts'

/**
 * Looks at the database without changing anything in it: a table of its own, by which it tries its rights on a MySQL server, is removed again.
 * Throws nothing that a person can mend; no message holds a password. May run beside a server that uses the database.
 */
export const checkDatabase = (options: Pick<DatabaseOptions, 'url' | 'file' | 'migrations'>): Promise<Check[]> =>
  options.url
    ? checkMysql(options.url, (done) => checkMigrations(done, options.migrations))
    : checkSqlite(options.file, (done) => checkMigrations(done, options.migrations))

/** Holds the changes that the tables have had (null: there are none yet) against those that this program knows. */
export function checkMigrations(done: readonly string[] | null, migrations: readonly (new () => MigrationInterface)[]): Check {
  const known = migrations.map((Migration) => new Migration().name ?? Migration.name)
  const newer = (done ?? []).filter((name) => !known.includes(name))
  const pending = known.filter((name) => !done?.includes(name))
  if (newer.length > 0) {
    const what = `The tables were made by a newer Handover than this one (${newer.join(', ')}).`
    return fault('tables', what, 'Run that version or a newer one, or restore a backup of before.')
  }
  if (done === null) return ok('tables', 'There are no tables yet; they are made at the first start.')
  if (pending.length === 0) return ok('tables', 'The tables are as this version needs them.')
  const what = `The tables are those of an older Handover; ${pending.length === 1 ? '1 change is' : `${pending.length} changes are`} pending.`
  return warning('tables', what, 'Make a backup, then start Handover: it makes the changes by itself.')
}
