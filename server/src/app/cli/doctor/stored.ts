import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { CatalogService } from '../../../catalog/catalog.service.ts'
import { LakeService } from '../../../lake/lake.service.ts'
import { fault, ok, warning, type Check } from '../../../shared/check.ts'
import { systemClock } from '../../../shared/clock.ts'
import { StartError } from '../../../shared/errors.ts'
import { checkSecrets } from '../../../sources/sources.service.ts'
import type { Database } from '../../../warehouse/warehouse.service.ts'
import type { Settings } from '../../config.ts'
import { createLogger } from '../../logger.ts'
import { openTables } from '../../platform-database.ts'
import { count } from '../words.ts'

/**
 * Whether what the tables point at is there: raw files, the key of secrets, connectors. Nothing is said of a place where nothing was started yet, or whose
 * database cannot be read, which another check tells.
 */
export async function checkStored(settings: Settings): Promise<Check[]> {
  const db = await openStored(settings)
  if (db === null) return []
  try {
    return [await checkLake(db, settings), await checkKey(db, settings), ...(await checkSources(db, settings))]
  } finally {
    await db.close()
  }
}

async function openStored(settings: Settings): Promise<Database | null> {
  if (settings.databaseUrl === null && (await access(join(settings.dataFolder, 'handover.db')).catch(() => 'none')) === 'none') return null
  try {
    const db = await openTables(settings, { readOnly: true })
    if ((await db.dialect.tablesLike(db.read, 'handover_version')).length > 0) return db
    await db.close()
    return null
  } catch (error) {
    if (error instanceof StartError) return null
    throw error
  }
}

async function checkLake(db: Database, { dataFolder }: Settings): Promise<Check> {
  const lake = new LakeService(join(dataFolder, 'lake'), db, systemClock)
  const { looked, missing } = await lake.missing()
  if (looked === 0) return ok('lake', 'There are no raw files yet.')
  if (missing === 0) return ok('lake', `The newest raw files are in ${join(dataFolder, 'lake')}.`)
  const what =
    missing === looked
      ? 'None of the newest raw files is'
      : `${count(missing, 'raw file')} of the newest ${looked} ${missing === 1 ? 'is' : 'are'} not`
  const todo = 'Is this the data folder that belongs to the database? With Docker: the volume. Else put the files back from a backup.'
  return fault('lake', `${what} in ${join(dataFolder, 'lake')}.`, todo)
}

async function checkKey(db: Database, { dataFolder, secretKey }: Settings): Promise<Check> {
  const { sealed, closed } = await checkSecrets(db, join(dataFolder, 'secret.key'), secretKey)
  if (sealed === 0) return ok('key', 'No source keeps a password or token.')
  if (closed.length === 0) return ok('key', `The key opens the passwords and tokens of ${count(sealed, 'source')}.`)
  const todo = 'Put the right secret.key back, or give it in HANDOVER_SECRET_KEY, or type the passwords in again.'
  return fault('key', `The key does not open the passwords and tokens of ${closed.join(', ')}.`, todo)
}

async function checkSources(db: Database, { connectorFolders }: Settings): Promise<Check[]> {
  const catalog = await CatalogService.load(connectorFolders, createLogger('silent'))
  const rows: { slug: string; connector: string }[] = await db.read.query('SELECT slug, connector FROM handover_source ORDER BY slug')
  const lost = rows.filter(({ connector }) => catalog.find(connector) === null)
  if (lost.length === 0) return [ok('sources', `${count(rows.length, 'source')}, and a connector for each.`)]
  const names = lost.map(({ slug, connector }) => `${slug} (${connector})`).join(', ')
  return [
    warning(
      'sources',
      `There is no connector that can be used for ${names}: ${lost.length === 1 ? 'it does' : 'they do'} not load.`,
      'Put it into a folder of HANDOVER_CONNECTORS.',
    ),
  ]
}
