import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntitySchema } from 'typeorm'
import { onTestFinished } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { openDatabase, type Database } from '../database.ts'
import { WarehouseService } from '../warehouse.service.ts'
import { readAddress } from '../mysql/address.ts'
import { MysqlDialect } from '../mysql/dialect.ts'
import { mysqlUrl, onMysql, testDatabase } from './databases.ts'

/** The one moment at which tests happen. */
export const testClock = { now: () => new Date('2026-01-31T12:00:00.000Z') }

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handover-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A real database of its own, closed and removed when the test ends. */
export async function temporaryDatabase(
  options: { entities?: readonly (Function | EntitySchema)[]; patience?: number } = {},
): Promise<Database> {
  const { file, url, drop } = await testDatabase(temporaryFolder())
  onTestFinished(drop)
  const db = await openDatabase({ entities: [], ...options, file, url, migrations })
  onTestFinished(() => db.close())
  return db
}

/** The ways in which rows are written here: on MySQL with and without files from the client. */
export const bulkWays = onMysql ? (['files', 'inserts'] as const) : (['inserts'] as const)

/** A warehouse on a real database of its own. */
export async function temporaryWarehouse(bulk?: 'files' | 'inserts'): Promise<{ db: Database; warehouse: WarehouseService }> {
  const opened = await temporaryDatabase()
  const db = onMysql && bulk === 'inserts' ? withoutFiles(opened) : opened
  return { db, warehouse: new WarehouseService(db, testClock) }
}

/** A MySQL server that takes no files from its clients, and only short statements. */
function withoutFiles(db: Database): Database {
  const dialect = new MysqlDialect({ address: readAddress(mysqlUrl!.replace(/\/?$/, '/x')), localInfile: false, statementLength: 4_000 })
  return Object.assign(Object.create(db) as Database, {
    ...{ dialect, write: db.write, read: db.read, transaction: db.transaction.bind(db), exclusively: db.exclusively.bind(db) },
    stream: db.stream.bind(db),
  })
}
