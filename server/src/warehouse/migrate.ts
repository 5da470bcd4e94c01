import type { DataSource } from 'typeorm'
import { StartError } from '../shared/errors.ts'
import type { Dialect } from './dialect.ts'

/** Runs the migrations that these tables have not had. Throws a `StartError`, and changes nothing, when they have had one that this version does not know. */
export async function migrate(source: DataSource, dialect: Dialect): Promise<void> {
  const there = await dialect.tablesLike(source, 'handover_')
  if (there.includes('handover_migration')) await refuseNewer(source, there.includes('handover_version'))
  await source.runMigrations({ transaction: 'each' })
}

async function refuseNewer(source: DataSource, hasVersions: boolean): Promise<void> {
  const done: { name: string }[] = await source.query('SELECT name FROM handover_migration')
  const known = new Set(source.migrations.map((migration) => migration.name ?? migration.constructor.name))
  if (done.every(({ name }) => known.has(name))) return
  const [last]: { version: string }[] = hasVersions
    ? await source.query('SELECT version FROM handover_version ORDER BY id DESC LIMIT 1')
    : []
  const newer = last === undefined ? 'a newer Handover than this one' : `Handover ${last.version}, which is newer than this one`
  throw new StartError(
    `The tables were made by ${newer}, so nothing was changed. Start that version or a newer one, or restore a backup of before into an empty database.`,
  )
}

/** Writes down which version works on the tables from now on, when it is another one than before. Throws when the tables may only be read. */
export async function noteVersion(write: DataSource, version: string, at: Date): Promise<void> {
  const [last]: { id: number; version: string }[] = await write.query('SELECT id, version FROM handover_version ORDER BY id DESC LIMIT 1')
  // Changes nothing, and finds out now that nothing may be changed.
  if (last?.version === version) return void (await write.query('UPDATE handover_version SET version = version WHERE id = ?', [last.id]))
  const time = at.toISOString().replace('T', ' ').replace('Z', '')
  await write.query('INSERT INTO handover_version (version, at) VALUES (?, ?)', [version, time])
}
