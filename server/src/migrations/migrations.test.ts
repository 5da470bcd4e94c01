import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getMetadataArgsStorage } from 'typeorm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../warehouse/warehouse.service.ts'
import { First1764000000000 } from './1764000000000-first.ts'
import { AcceptedLoads1764100000000 } from './1764100000000-accepted-loads.ts'

const rooms = new URL('../', import.meta.url)
const files = readdirSync(rooms, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.entity.ts'))
const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(new URL(file, rooms).href)))
const declared = new Set(getMetadataArgsStorage().tables.map((table) => table.target))
const entities = modules
  .flatMap((module) => Object.values(module))
  .filter((value): value is Function => typeof value === 'function' && declared.has(value))

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'handover-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const migrations = [First1764000000000, AcceptedLoads1764100000000]
const open = () => openDatabase({ file: join(folder, 'handover.db'), entities, migrations })

test('make exactly the tables that the entities declare', async () => {
  const db = await open()
  const pending = await db.write.driver.createSchemaBuilder().log()
  expect(pending.upQueries.map((query) => query.query)).toEqual([])
  expect(db.write.entityMetadatas).toHaveLength(12)
  await db.close()
})

test('can be taken back and run again', async () => {
  const db = await open()
  for (const _ of migrations) await db.write.undoLastMigration()
  const left: { name: string }[] = await db.write.query(`SELECT name FROM sqlite_schema WHERE name LIKE 'handover%'`)
  expect(left.map((row) => row.name)).toEqual(['handover_migration'])
  expect(await db.write.runMigrations()).toHaveLength(migrations.length)
  expect((await db.write.driver.createSchemaBuilder().log()).upQueries).toEqual([])
  await db.close()
})

test('run only once on the same file', async () => {
  await (await open()).close()
  const db = await open()
  expect(await db.write.query('SELECT count(*) AS n FROM handover_migration')).toEqual([{ n: migrations.length }])
  await db.close()
})
