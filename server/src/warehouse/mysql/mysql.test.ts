import { expect, onTestFinished, test } from 'vitest'
import { StartError } from '../../shared/errors.ts'
import { administer, mysqlUrl, testTables } from '../testing/databases.ts'
import { column, put, table } from '../testing/shapes.ts'
import { temporaryDatabase, temporaryWarehouse, testClock } from '../testing/temporary.ts'
import { openDatabase } from '../warehouse.service.ts'
import { readAddress } from './address.ts'

const batch = (...rows: unknown[][]) => ({ loadId: 'load', at: testClock.now(), ops: rows.map((row, line) => put(row, line)) })
const all = { where: null, orderBy: [], first: 100, after: null }

test('lets a text column grow, and refuses what would round a whole number', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const short = table([column('id', 'text', { max: 10 }), column('name', 'text', { max: 10 }), column('n', 'int')])
  await warehouse.prepare(short)
  await db.transaction((m) => warehouse.write(m, short, batch(['a', 'b', 9007199254740993n])))
  const long = table([column('id', 'text', { max: 100 }), column('name', 'text'), column('n', 'int')])
  expect(await warehouse.prepare(long)).toHaveLength(2)
  expect(await warehouse.prepare(long)).toEqual([])
  expect(await warehouse.prepare(short)).toEqual([])
  await db.transaction((m) => warehouse.write(m, long, batch(['x'.repeat(100), 'y'.repeat(70_000), 1])))
  expect(await warehouse.rowCount(long)).toBe(2)
  const decimals = table([column('id', 'text'), column('name', 'text'), column('n', 'double')])
  await expect(warehouse.prepare(decimals)).rejects.toThrow('Column "n" of dataset "things" now holds another kind of value')
})

test('finishes a decided swap after a crash, before anything else is done with the table', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int')], { load: 'replace' })
  await warehouse.prepare(things)
  await db.transaction((m) => warehouse.write(m, things, batch([1])))
  const staging = await warehouse.startReplace(things, 3)
  await db.transaction((m) => warehouse.write(m, staging, batch([2], [3])))
  await db.transaction((m) => warehouse.finishReplace(m, things, 3))
  // Not even tidying up touches what is decided.
  await warehouse.dropStaging(things)
  // Here the process dies. The next one begins with `prepare`, or with a replace of its own.
  await warehouse.startReplace(things, 4)
  expect((await warehouse.page(things, { ...all, columns: ['id'] })).rows).toEqual([{ id: 2 }, { id: 3 }])
  // The one that died comes back and finds nothing to swap.
  await warehouse.showReplaced([things])
  expect(await warehouse.rowCount(things)).toBe(2)
  await warehouse.dropStaging(things)
  expect(await testTables(db)).toEqual(['test__things'])
  expect(await db.read.query('SELECT * FROM handover_swap')).toEqual([])
})

test('swaps while a reader holds the table, as soon as the reader ends', async () => {
  const { db, warehouse } = await temporaryWarehouse()
  const things = table([column('id', 'int')], { load: 'replace' })
  await warehouse.prepare(things)
  await db.transaction((m) => warehouse.write(m, things, batch([1])))
  const staging = await warehouse.startReplace(things, 1)
  await db.transaction((m) => warehouse.write(m, staging, batch([2])))
  await db.transaction((m) => warehouse.finishReplace(m, things, 1))
  const runner = db.read.createQueryRunner()
  await runner.startTransaction()
  await runner.query('SELECT * FROM test__things')
  const shown = warehouse.showReplaced([things])
  await runner.commitTransaction()
  await runner.release()
  await shown
  expect((await warehouse.page(things, { ...all, columns: ['id'] })).rows).toEqual([{ id: 2 }])
})

test('runs a transaction again after a deadlock', async () => {
  const db = await temporaryDatabase()
  await db.write.query('CREATE TABLE pair (id INT PRIMARY KEY, n INT)')
  await db.write.query('INSERT INTO pair VALUES (1, 0), (2, 0)')
  let waiting: (() => void) | undefined
  const both = new Promise<void>((resolve) => (waiting = resolve))
  let here = 0
  const run = (order: readonly number[]) => {
    let first = true
    return db.transaction(async (m) => {
      await m.query('UPDATE pair SET n = n + 1 WHERE id = ?', [order[0]])
      if (first && ++here === 2) waiting!()
      if (first) await both
      first = false
      await m.query('UPDATE pair SET n = n + 1 WHERE id = ?', [order[1]])
    })
  }
  await Promise.all([run([1, 2]), run([2, 1])])
  expect(await db.write.query('SELECT n FROM pair')).toEqual([{ n: 2 }, { n: 2 }])
})

test('says that a connection did not become free in time, instead of waiting for ever', async () => {
  const db = await temporaryDatabase({ patience: 1_000 })
  const runners = Array.from({ length: 10 }, () => db.write.createQueryRunner())
  for (const runner of runners) await runner.connect()
  await expect(db.write.query('SELECT 1')).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
  await expect(db.transaction(async (m) => m.query('SELECT 1'))).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
  for (const runner of runners) await runner.release()
  // A connection that came too late for somebody is handed to nobody twice.
  const next = runners.map(() => db.write.createQueryRunner())
  expect(new Set(await Promise.all(next.map((runner) => runner.connect()))).size).toBe(runners.length)
  for (const runner of next) await runner.release()
  expect(await db.write.query('SELECT 1 AS one')).toEqual([{ one: '1' }])
})

const base = new URL(mysqlUrl!)
const open = (url: string) => openDatabase({ file: '', url, entities: [], migrations: [] })
const refusal = async (change: (url: URL) => void): Promise<string> => {
  const url = new URL(base)
  url.pathname = 'mysql'
  change(url)
  const error: unknown = await open(String(url)).then(
    (db) => db.close().then(() => 'opened'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StartError)
  return (error as Error).message
}

test.each<[string, (url: URL) => void, string]>([
  ['a wrong host', (url) => (url.hostname = 'no-such-host.invalid'), 'There is no host "no-such-host.invalid".'],
  [
    'a wrong port',
    (url) => (url.port = '1'),
    'No database answers at 127.0.0.1:1. Start MySQL there, or mend host and port in DATABASE_URL.',
  ],
  [
    'a wrong user',
    (url) => Object.assign(url, { username: 'nobody', password: 'topsecret' }),
    'refuses the user "nobody" or its password.',
  ],
  ['a wrong database', (url) => (url.pathname = 'nowhere'), 'has no database "nowhere". Make it: CREATE DATABASE `nowhere`'],
  ['no database', (url) => (url.pathname = ''), 'must end with the name of one database'],
  ['an unknown parameter', (url) => (url.search = '?sslmode=off'), 'has the parameter "sslmode", which means nothing here.'],
  ['a certificate that is not trusted', (url) => (url.search = '?ssl-mode=VERIFY_IDENTITY'), 'is not trusted'],
  ['a file that is not there', (url) => (url.search = '?ssl-ca=/no/ca.pem'), 'cannot be read: /no/ca.pem'],
])('refuses %s in one sentence', async (_, change, sentence) => {
  const message = await refusal(change)
  expect(message).toContain(sentence)
  expect(message).not.toMatch(/topsecret|\n/)
})

test('works encrypted, with a password, and with rights on its own database only', async () => {
  const name = `handover_test_rights_${process.pid}`
  const url = new URL(base)
  Object.assign(url, { username: name, password: 'it%27s%20%40%20secret', pathname: name, search: '?ssl-mode=REQUIRED' })
  onTestFinished(() => administer(`DROP DATABASE IF EXISTS ${name}`))
  onTestFinished(() => administer(`DROP USER IF EXISTS '${name}'@'%'`))
  await administer(`CREATE DATABASE ${name}`)
  await administer(`CREATE USER '${name}'@'%' IDENTIFIED BY 'it''s @ secret' REQUIRE SSL`)

  await expect(open(String(url))).rejects.toThrow(`may not use the database "${name}". An administrator can allow it: GRANT ALL ON`)
  await administer(`GRANT ALL ON ${name}.* TO '${name}'@'%'`)
  const db = await open(String(url))
  onTestFinished(() => db.close())
  const [{ Value: cipher }] = await db.write.query(`SHOW STATUS LIKE 'Ssl_cipher'`)
  expect(cipher).not.toBe('')
  expect(JSON.stringify(db.facts)).not.toContain('secret')
  url.search = ''
  await expect(open(String(url))).rejects.toThrow(/ssl-mode|or its password/)

  await administer(`REVOKE CREATE ON ${name}.* FROM '${name}'@'%'`)
  url.search = '?ssl-mode=REQUIRED'
  const poorer = await open(String(url))
  onTestFinished(() => poorer.close())
  await expect(poorer.write.query('CREATE TABLE t (id INT PRIMARY KEY)')).rejects.toMatchObject({
    code: 'DATABASE_RIGHTS',
    message: expect.stringContaining(`The database user "${name}" lacks the right CREATE on the database "${name}".`) as string,
  })
})

test('reads every part of an address', () => {
  expect(readAddress('mysql://me%40x:a%3Ab@[::1]:3307/shop-1?ssl-mode=DISABLED')).toEqual({
    ...{ host: '::1', port: 3307, user: 'me@x', password: 'a:b', database: 'shop-1', ssl: undefined, name: '::1:3307' },
  })
})
