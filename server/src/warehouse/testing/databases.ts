import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import type { Database } from '../database.ts'

/** Address of the MySQL server that this run of the tests uses; null where they run on the embedded database. */
export const mysqlUrl: string | null = process.env['TEST_DATABASE'] === 'mysql' ? (process.env['TEST_MYSQL_URL'] ?? null) : null

/** The word for a database that these tests run on; for the few promises that only one of them makes. */
export const onMysql = mysqlUrl !== null

/** A database that is empty and belongs to one test. */
export interface TestDatabase {
  readonly file: string
  readonly url: string | null
  /** Its tables are gone afterwards. A file is left to whoever made its folder. */
  drop(): Promise<void>
}

/** Makes an empty database: on the MySQL server of the tests where one is given, else as a file in the folder. */
export async function testDatabase(folder: string): Promise<TestDatabase> {
  const file = join(folder, 'handover.db')
  if (mysqlUrl === null) return { file, url: null, drop: async () => undefined }
  const name = `handover_test_${randomBytes(6).toString('hex')}`
  await administer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`)
  const url = new URL(mysqlUrl)
  url.pathname = name
  return { file, url: String(url), drop: () => administer(`DROP DATABASE IF EXISTS ${name}`) }
}

/** Runs a statement as the administrator of the MySQL server of the tests. */
export async function administer(sql: string): Promise<void> {
  const connection = await createConnection({ uri: mysqlUrl! })
  try {
    await connection.query(sql)
  } finally {
    await connection.end()
  }
}

/** Tables of the sources of a test, by name. */
export async function testTables(db: Database): Promise<string[]> {
  return (await db.dialect.tablesLike(db.write, 'test__')).toSorted()
}
