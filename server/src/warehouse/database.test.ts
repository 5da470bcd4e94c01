import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../migrations/index.ts'
import { openDatabase } from './database.ts'
import { onMysql, testDatabase } from './testing/databases.ts'
import { temporaryDatabase, temporaryFolder } from './testing/temporary.ts'

test('is set up for many readers beside one writer', async () => {
  const { write, read } = await temporaryDatabase()
  if (onMysql) {
    const [settings] = await write.query('SELECT @@time_zone AS zone, @@transaction_isolation AS level, @@sql_mode AS mode')
    expect(settings).toEqual({ zone: '+00:00', level: 'READ-COMMITTED', mode: expect.stringContaining('STRICT_ALL_TABLES') as string })
    return
  }
  expect(await write.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
  expect(await write.query('PRAGMA synchronous')).toEqual([{ synchronous: 1 }])
  expect(await write.query('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1 }])
  await expect(read.query('CREATE TABLE no (n INT)')).rejects.toThrow('readonly')
})

test('reads what is committed while a transaction is open', async () => {
  const db = await temporaryDatabase()
  await db.write.query('CREATE TABLE notes (text TEXT)')
  await db.transaction(async (m) => {
    await m.query(`INSERT INTO notes VALUES ('new')`)
    expect(await db.read.query('SELECT * FROM notes')).toEqual([])
  })
  expect(await db.read.query('SELECT * FROM notes')).toEqual([{ text: 'new' }])
})

test('holds a whole number of batches after a kill inside a transaction', async () => {
  const { file, url, drop } = await testDatabase(temporaryFolder())
  onTestFinished(drop)
  const writer = fileURLToPath(new URL('./testing/write-until-killed.ts', import.meta.url))
  const child = spawn(process.execPath, [writer, file, '4', url ?? ''], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  expect(String(said)).toBe('inside 4\n')
  child.kill('SIGKILL')
  await once(child, 'exit')

  const db = await openDatabase({ file, url, entities: [], migrations })
  onTestFinished(() => db.close())
  const rows = await db.read.query(
    'SELECT batch, count(*) AS "rows", min(id) AS least, max(id) AS most FROM test__things GROUP BY batch ORDER BY batch',
  )
  const numbers = rows.map((row: object) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])))
  expect(numbers).toEqual([
    { batch: 1, rows: 500, least: 500, most: 999 },
    { batch: 2, rows: 500, least: 1000, most: 1499 },
    { batch: 3, rows: 1000, least: 1500, most: 2499 },
  ])
  if (!onMysql) expect(await db.read.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
})

test('streams the rows of one moment while others are written', async () => {
  const db = await temporaryDatabase()
  await db.write.query('CREATE TABLE numbers (n BIGINT)')
  const add = (from: number) =>
    db.write.query(
      `INSERT INTO numbers WITH RECURSIVE up(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM up WHERE n < ${from + 24}) SELECT n FROM up`,
    )
  await add(0)
  const seen: unknown[] = []
  for await (const chunk of db.stream('SELECT n FROM numbers WHERE n >= ? ORDER BY n', [5], 10)) {
    await add(100)
    seen.push(chunk.map((row) => Number(row['n'])))
  }
  expect(seen).toEqual([Array.from({ length: 10 }, (_, n) => n + 5), Array.from({ length: 10 }, (_, n) => n + 15)])
})

test('ends a stream with its signal', async () => {
  const db = await temporaryDatabase()
  const stop = new AbortController()
  const chunks = db.stream('SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3', [], 1, stop.signal)
  const read = async () => {
    for await (const chunk of chunks) if (Number(chunk[0]!['n']) === 2) stop.abort(new Error('enough'))
  }
  await expect(read()).rejects.toThrow('enough')
})
