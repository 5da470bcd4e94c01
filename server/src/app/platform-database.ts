import { join } from 'node:path'
import { LakePart, MediaEntry } from '../lake/lake.service.ts'
import { loadEntities } from '../loads/entities.ts'
import { First1764000000000 } from '../migrations/1764000000000-first.ts'
import { AcceptedLoads1764100000000 } from '../migrations/1764100000000-accepted-loads.ts'
import { scheduleEntities } from '../schedule/entities.ts'
import { sourceEntities } from '../sources/entities.ts'
import { openDatabase, type Database } from '../warehouse/warehouse.service.ts'
import { SchemaStep } from '../warehouse/schema-step.entity.ts'
import type { Settings } from './config.ts'

/** Opens the one database of the server, with the tables of every feature in it. */
export function openPlatformDatabase({ dataFolder }: Settings): Promise<Database> {
  const entities = [...sourceEntities, ...loadEntities, LakePart, MediaEntry, SchemaStep, ...scheduleEntities]
  return openDatabase({ file: join(dataFolder, 'handover.db'), entities, migrations: [First1764000000000, AcceptedLoads1764100000000] })
}
