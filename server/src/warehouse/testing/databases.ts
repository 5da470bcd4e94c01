import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createConnection } from 'mysql2/promise'
import { migrations } from '../../migrations/index.ts'
import type { Database } from '../database.ts'
import { openMysql } from '../mysql/open.ts'

/** Address of the MySQL server that this run of the tests uses; null where they run on the embedded database. */
export const mysqlUrl: string | null = process.env['TEST_DATABASE'] === 'mysql' ? (process.env['TEST_MYSQL_URL'] ?? null) : null

/** The word for a database that these tests run on; for the few promises that only one of them makes. */
export const onMysql = mysqlUrl !== null

/** A database that belongs to one test. */
export interface TestDatabase {
  readonly file: string
  readonly url: string | null
  /** Its tables are gone afterwards. A file is left to whoever made its folder. */
  drop(): Promise<void>
}

/**
 * The database that belongs to a folder: on the MySQL server of the tests where one is given, else a file in it. The same folder has the same one. On MySQL the
 * platform's tables are there already, unless it is to be empty.
 */
export async function testDatabase(folder: string, { empty = false } = {}): Promise<TestDatabase> {
  const file = join(folder, 'handover.db')
  if (mysqlUrl === null) return { file, url: null, drop: async () => undefined }
  const name = nameOf(folder)
  await (empty ? administer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`) : copyTemplate(name))
  const url = new URL(mysqlUrl)
  url.pathname = name
  return { file, url: String(url), drop: () => administer(`DROP DATABASE IF EXISTS ${name}`) }
}

/** Gives a folder that was copied the database of the first one too; a file has been copied with it. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  if (mysqlUrl === null) return
  const [old, name] = [nameOf(from), nameOf(to)]
  await administer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`)
  const connection = await createConnection({ uri: mysqlUrl })
  const [tables] = await connection.query(`SHOW TABLES IN ${old}`)
  for (const [table] of (tables as object[]).map((row) => Object.values(row) as [string])) {
    await connection.query(`CREATE TABLE ${name}.${table} LIKE ${old}.${table}`)
    await connection.query(`INSERT INTO ${name}.${table} SELECT * FROM ${old}.${table}`)
  }
  await connection.end()
}

const nameOf = (folder: string): string => `handover_test_${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`

/** Rows that a statement gives on a connection of its own, as another process would run it: quoted in a way that every database takes. */
export async function runSql(
  { file, url }: Pick<TestDatabase, 'file' | 'url'>,
  sql: string,
  values: readonly (string | number)[] = [],
): Promise<Record<string, unknown>[]> {
  if (url === null) {
    using other = new DatabaseSync(file, { timeout: 5000 })
    return other.prepare(sql).all(...values)
  }
  const connection = await createConnection({ uri: url })
  const [rows] = await connection.query(sql, [...values])
  await connection.end()
  return rows as Record<string, unknown>[]
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

/** What makes a database with every migration run; made once in each process of the tests, because running them takes longer than the tests. */
let template: Promise<string> | undefined

/** Makes the database, unless it is there, with all the platform's tables in it. */
async function copyTemplate(name: string): Promise<void> {
  template ??= readTemplate(`handover_test_template_${process.pid}`)
  const tables = await template
  const connection = await createConnection({ uri: mysqlUrl!, multipleStatements: true })
  try {
    const [known] = await connection.query('SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?', [name])
    if ((known as unknown[]).length === 0) await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}; ${tables}`)
  } finally {
    await connection.end()
  }
}

async function readTemplate(name: string): Promise<string> {
  await administer(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`)
  const url = new URL(mysqlUrl!)
  url.pathname = name
  const db = await openMysql({ file: '', entities: [], migrations }, String(url))
  try {
    const rows: Record<string, string>[] = await db.write.query('SHOW TABLES')
    const texts = rows.map(async (row) => (await db.write.query(`SHOW CREATE TABLE ${Object.values(row)[0]}`))[0]['Create Table'] as string)
    const run: { timestamp: string; name: string }[] = await db.write.query('SELECT timestamp, name FROM handover_migration ORDER BY id')
    const values = run.map(({ timestamp, name: each }) => `(${timestamp}, '${each}')`).join(', ')
    return `${(await Promise.all(texts)).join('; ')}; INSERT INTO handover_migration (timestamp, name) VALUES ${values}`
  } finally {
    await db.close()
    await administer(`DROP DATABASE ${name}`)
  }
}

/** Tables of the sources of a test, by name. */
export async function testTables(db: Database): Promise<string[]> {
  return (await db.dialect.tablesLike(db.write, 'test__')).toSorted()
}
