import { join } from 'node:path'
import { ReloadMarkRow } from '../catalog/catalog.service.ts'
import { LakePart, MediaEntry } from '../lake/lake.service.ts'
import { loadEntities } from '../loads/entities.ts'
import { migrations } from '../migrations/index.ts'
import { scheduleEntities } from '../schedule/entities.ts'
import { sourceEntities } from '../sources/entities.ts'
import { SchemaStep } from '../warehouse/schema-step.entity.ts'
import { openDatabase, type Database } from '../warehouse/warehouse.service.ts'
import type { Settings } from './config.ts'

/** Opens the one database of the server, with the tables of every feature in it. */
export function openPlatformDatabase({ databaseUrl: url, dataFolder }: Settings): Promise<Database> {
  const entities = [...sourceEntities, ...loadEntities, LakePart, MediaEntry, SchemaStep, ReloadMarkRow, ...scheduleEntities]
  return openDatabase({ url, file: join(dataFolder, 'handover.db'), entities, migrations })
}
