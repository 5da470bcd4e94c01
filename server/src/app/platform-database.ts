import { join } from 'node:path'
import { refuseHalfRestored } from '../backup/backup.service.ts'
import { ReloadMarkRow } from '../catalog/catalog.service.ts'
import { LakePart, MediaEntry } from '../lake/lake.service.ts'
import { loadEntities } from '../loads/entities.ts'
import { migrations } from '../migrations/index.ts'
import { Note } from '../notes/notes.service.ts'
import { Notice } from '../notify/notify.service.ts'
import { scheduleEntities } from '../schedule/entities.ts'
import { StartError, WarehouseError } from '../shared/errors.ts'
import { sourceEntities } from '../sources/entities.ts'
import { SchemaStep } from '../warehouse/schema-step.entity.ts'
import { VersionStep } from '../warehouse/version.entity.ts'
import { noteVersion, openDatabase, type Database, type DatabaseOptions } from '../warehouse/warehouse.service.ts'
import { systemClock, type Clock } from '../shared/clock.ts'
import type { Settings } from './config.ts'
import { version } from './version.ts'

type Place = Pick<Settings, 'databaseUrl' | 'dataFolder'>

/** Opens the one database of the server, with the tables of every feature in it. */
export async function openPlatformDatabase(settings: Place, clock: Clock = systemClock): Promise<Database> {
  const db = await openTables(settings)
  try {
    await refuseHalfRestored(db)
    await noteVersion(db.write, await version(), clock.now())
    return db
  } catch (error) {
    await db.close()
    throw error instanceof WarehouseError ? new StartError(error.message, { cause: error }) : error
  }
}

/** The same for backup and restore, which may want to read only, or the tables as an older version had them. */
export function openTables(
  { databaseUrl: url, dataFolder }: Place,
  how: Partial<Pick<DatabaseOptions, 'readOnly' | 'migrations'>> = {},
): Promise<Database> {
  const entities = [
    ...sourceEntities,
    ...loadEntities,
    LakePart,
    MediaEntry,
    SchemaStep,
    VersionStep,
    Note,
    Notice,
    ReloadMarkRow,
    ...scheduleEntities,
  ]
  return openDatabase({ url, file: join(dataFolder, 'handover.db'), entities, migrations, ...how })
}
