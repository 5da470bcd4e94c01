import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getMetadataArgsStorage, type QueryRunner } from 'typeorm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { onMysql, testDatabase } from '../warehouse/testing/databases.ts'
import { noteVersion, openDatabase, type Database } from '../warehouse/warehouse.service.ts'
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
  expect(db.write.entityMetadatas).toHaveLength(18)
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

/** The same migration, cut off after so many statements that change something. */
function cutOff(Migration: (typeof migrations)[number], after: number): (typeof migrations)[number] {
  return class {
    readonly name = Migration.name
    async up(runner: QueryRunner): Promise<void> {
      let left = after
      const query: QueryRunner['query'] = async (sql: string, ...rest: never[]) => {
        const result = await runner.query(sql, ...rest)
        if (/^(CREATE|ALTER|DROP|INSERT|UPDATE|DELETE)/i.test(sql) && --left === 0) throw new Error('cut off')
        return result
      }
      await new Migration().up(Object.create(runner, { query: { value: query } }) as QueryRunner)
    }
    async down(): Promise<void> {}
  }
}

const described = async (db: Database) => {
  const names = await db.dialect.tablesLike(db.read, 'handover_')
  return Promise.all(names.toSorted().map(async (name) => [name, await db.dialect.columnsOf(db.read, name)] as const))
}

// A database that cannot take DDL back (MySQL) is left with the half of a migration by whoever is killed in it.
test('can be cut off after any statement, and are then run to the end', { timeout: 240_000 }, async () => {
  // TypeORM says there that a migration has failed.
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const clean = await open()
  const wanted = await described(clean)
  await clean.close()
  for (const [index, Migration] of migrations.entries()) {
    for (let after = 1; ; after++) {
      const place = await testDatabase(mkdtempSync(join(folder, 'cut-')), { empty: true })
      const options = { ...place, entities }
      const before = await openDatabase({ ...options, migrations: migrations.slice(0, index) })
      await before.close()
      const wasCut = await openDatabase({ ...options, migrations: [...migrations.slice(0, index), cutOff(Migration, after)] }).then(
        async (db) => (await db.close(), false),
        () => true,
      )
      if (wasCut) {
        const db = await openDatabase({ ...options, migrations })
        expect([Migration.name, after, await described(db)]).toEqual([Migration.name, after, wanted])
        await db.close()
      }
      await place.drop()
      if (!wasCut) break
      expect(after).toBeLessThan(100)
    }
  }
  said.mockRestore()
})

test('run once when several processes start at the same moment on tables of before', async () => {
  const options = { ...(await testDatabase(folder, { empty: true })), entities }
  await (await openDatabase({ ...options, migrations: migrations.slice(0, 1) })).close()
  if (!onMysql) return expect((await open()).close()).resolves.toBeUndefined()
  const all = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ ...options, migrations })))
  const done: { name: string }[] = await all[0]!.read.query('SELECT name FROM handover_migration ORDER BY id')
  expect(done.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name))
  for (const db of all) await db.close()
})

test('of a newer version refuse this one with its name, before anything is changed', async () => {
  const db = await open()
  await noteVersion(db.write, '7.1.0', new Date())
  await db.close()
  const older = { ...(await testDatabase(folder)), entities, migrations: migrations.slice(0, 2) }
  await expect(openDatabase(older)).rejects.toThrow('The tables were made by Handover 7.1.0, which is newer than this one')
  const again = await open()
  expect(await again.read.query('SELECT version FROM handover_version')).toEqual([{ version: '7.1.0' }])
  await again.close()
})
