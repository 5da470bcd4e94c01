import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getMetadataArgsStorage } from 'typeorm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { onMysql, testDatabase } from '../warehouse/testing/databases.ts'
import { openDatabase } from '../warehouse/warehouse.service.ts'
import { migrations } from './index.ts'

const rooms = new URL('../', import.meta.url)
const files = readdirSync(rooms, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.entity.ts'))
const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(new URL(file, rooms).href)))
const declared = new Set(getMetadataArgsStorage().tables.map((table) => table.target))
const entities = modules
  .flatMap((module) => Object.values(module))
  .filter((value): value is Function => typeof value === 'function' && declared.has(value))

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'handover-'))))
afterEach(async () => {
  await (await testDatabase(folder)).drop()
  rmSync(folder, { recursive: true, force: true })
})

const open = async () => openDatabase({ ...(await testDatabase(folder)), entities, migrations })

test('make exactly the tables that the entities declare', async () => {
  const db = await open()
  const runner = db.write.createQueryRunner()
  for (const { tableName, columns } of db.write.entityMetadatas) {
    const made = (await runner.getTable(tableName))!.columns.map(({ name, isNullable, isPrimary }) => [name, isNullable, isPrimary])
    const wanted = columns.map(({ databaseName, isNullable, isPrimary }) => [databaseName, isNullable, isPrimary])
    expect([tableName, made.toSorted()]).toEqual([tableName, wanted.toSorted()])
  }
  await runner.release()
  // MySQL reports types of its own (`longtext` and collations), which the entities leave open.
  const pending = onMysql ? null : await db.write.driver.createSchemaBuilder().log()
  expect(pending?.upQueries.map((query) => query.query) ?? []).toEqual([])
  expect(db.write.entityMetadatas).toHaveLength(15)
  await db.close()
})

test('can be taken back and run again', async () => {
  const db = await open()
  for (const _ of migrations) await db.write.undoLastMigration()
  expect(await db.dialect.tablesLike(db.write, 'handover')).toEqual(['handover_migration'])
  expect(await db.write.runMigrations()).toHaveLength(migrations.length)
  await db.close()
})

test('run only once on the same file', async () => {
  await (await open()).close()
  const db = await open()
  const [{ n }] = await db.write.query('SELECT count(*) AS n FROM handover_migration')
  expect(Number(n)).toBe(migrations.length)
  await db.close()
})
