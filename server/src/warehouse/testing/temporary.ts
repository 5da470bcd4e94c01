import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntitySchema } from 'typeorm'
import { onTestFinished } from 'vitest'
import { First1764000000000 } from '../../migrations/1764000000000-first.ts'
import { QuarantineNotes1764200000000 } from '../../migrations/1764200000000-quarantine-notes.ts'
import { openDatabase, type Database } from '../database.ts'
import { WarehouseService } from '../warehouse.service.ts'

/** The one moment at which tests happen. */
export const testClock = { now: () => new Date('2026-01-31T12:00:00.000Z') }

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handover-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A database in a real file of its own, closed when the test ends. */
export async function temporaryDatabase(
  options: { entities?: readonly (Function | EntitySchema)[]; patience?: number } = {},
): Promise<Database> {
  const file = join(temporaryFolder(), 'handover.db')
  const db = await openDatabase({ entities: [], ...options, file, migrations: [First1764000000000, QuarantineNotes1764200000000] })
  onTestFinished(() => db.close())
  return db
}

/** A warehouse in a real file of its own. */
export async function temporaryWarehouse(): Promise<{ db: Database; warehouse: WarehouseService }> {
  const db = await temporaryDatabase()
  return { db, warehouse: new WarehouseService(db, testClock) }
}
