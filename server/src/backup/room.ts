import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '../shared/errors.ts'
import { insertRows, type Database } from '../warehouse/warehouse.service.ts'
import { BackupError } from './backup-error.ts'

/** Stands in the database for as long as a restore is not whole; holds the names of the tables that it makes. */
const MARK = 'handover_restore'

/** Throws a `StartError` when a restore into this database was cut off. */
export async function refuseHalfRestored(db: Database): Promise<void> {
  if (await isHalfRestored(db)) throw new StartError(halfRestored)
}

/** What to do about a restore that was cut off. */
export const halfRestored =
  'A restore into this database was cut off, so what is there is not whole. Run "handover restore" with the same archive again.'

/** True while a restore into this database is not whole. */
export const isHalfRestored = async ({ read, dialect }: Database): Promise<boolean> => (await dialect.tablesLike(read, MARK)).includes(MARK)

/**
 * Makes room for tables of these names: refuses to write over anything, marks the database, and takes away the tables of the platform, which are empty or
 * half filled. Throws a `BackupError`.
 */
export async function makeRoom(db: Database, dataFolder: string, names: readonly string[]): Promise<void> {
  if (await isHalfRestored(db)) await dropDatasets(db)
  else await refuseFull(db, dataFolder, names)
  await mark(db, names)
  await dropPlatform(db)
}

async function refuseFull(db: Database, dataFolder: string, names: readonly string[]): Promise<void> {
  for (const table of ['handover_source', 'handover_dataset', 'handover_load', 'handover_lake_part']) {
    const [{ count }] = await db.write.query(`SELECT COUNT(*) AS count FROM ${table}`)
    if (Number(count) > 0) throw notEmpty('The database holds sources or loads already')
  }
  const taken = (await db.dialect.tablesLike(db.write, '')).find((name) => names.includes(name))
  if (taken !== undefined) throw notEmpty(`The database holds a table "${taken}" already`)
  const lake = await readdir(join(dataFolder, 'lake')).catch(() => [])
  if (lake.length > 0) throw notEmpty(`The folder ${join(dataFolder, 'lake')} holds raw files already`)
}

const notEmpty = (what: string): BackupError =>
  new BackupError(`${what}, and a restore writes over nothing. Restore into an empty database and an empty data folder.`)

/** Drops the tables that a restore made which was cut off. */
async function dropDatasets({ write, dialect }: Database): Promise<void> {
  const made: { name: string }[] = await write.query(`SELECT table_name AS name FROM ${MARK}`)
  for (const { name } of made) await write.query(`DROP TABLE IF EXISTS ${dialect.quote(name)}`)
}

/** Writes down, for as long as the restore is not whole, which tables it will make. */
async function mark({ write, dialect }: Database, names: readonly string[]): Promise<void> {
  await write.query(`CREATE TABLE IF NOT EXISTS ${MARK} (table_name VARCHAR(191) NOT NULL)`)
  await write.query(`DELETE FROM ${MARK}`)
  await insertRows(
    write.manager,
    dialect,
    { name: MARK, columns: ['table_name'] },
    names.map((name) => [name]),
  )
}

/** Two underlines stand in the names of datasets alone. The list of migrations goes last: without it, those that are left would be made once more. */
async function dropPlatform({ write, dialect }: Database): Promise<void> {
  const last = 'handover_migration'
  const names = (await dialect.tablesLike(write, 'handover_')).filter((name) => ![MARK, last].includes(name) && !name.includes('__'))
  for (const name of [...names, last]) await write.query(`DROP TABLE ${dialect.quote(name)}`)
}

/** Takes the mark away: now it is whole. */
export async function removeMark({ write }: Database): Promise<void> {
  await write.query(`DROP TABLE ${MARK}`)
}
