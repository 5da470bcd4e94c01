import { expect, test } from 'vitest'
import { temporaryDatabase } from '../testing/temporary.ts'

const start = async (patience?: number) => {
  const db = await temporaryDatabase(patience === undefined ? {} : { patience })
  await db.write.query('CREATE TABLE notes (text TEXT)')
  const notes = async (): Promise<string[]> =>
    (await db.read.query('SELECT text FROM notes ORDER BY rowid')).map((row: { text: string }) => row.text)
  return { db, notes }
}

test("keeps what one flow committed when another flow's transaction rolls back", async () => {
  const { db, notes } = await start()
  const undone = db.transaction(async (m) => {
    await m.query(`INSERT INTO notes VALUES ('undone')`)
    await new Promise(setImmediate)
    throw new Error('changed my mind')
  })
  const kept = db.transaction((m) => m.query(`INSERT INTO notes VALUES ('kept')`))
  const alone = db.write.query(`INSERT INTO notes VALUES ('alone')`)
  await expect(undone).rejects.toThrow('changed my mind')
  await Promise.all([kept, alone])
  expect(await notes()).toEqual(['kept', 'alone'])
})

test('lets many transactions through one by one, in their order', async () => {
  const { db, notes } = await start()
  const names = Array.from({ length: 200 }, (_, n) => `note ${n}`)
  await Promise.all(names.map((name) => db.transaction((m) => m.query('INSERT INTO notes VALUES (?)', [name]))))
  expect(await notes()).toEqual(names)
})

test('keeps the outer part when an inner transaction rolls back', async () => {
  const { db, notes } = await start()
  await db.transaction(async (m) => {
    await m.query(`INSERT INTO notes VALUES ('outer')`)
    const inner = m.transaction(async (nested) => {
      await nested.query(`INSERT INTO notes VALUES ('inner')`)
      throw new Error('inner')
    })
    await expect(inner).rejects.toThrow('inner')
  })
  expect(await notes()).toEqual(['outer'])
})

test('refuses code that waits for its own transaction, in words, and goes on afterwards', async () => {
  const { db, notes } = await start(30)
  const waitsForItself = db.transaction(async (m) => {
    await m.query(`INSERT INTO notes VALUES ('lost')`)
    await db.write.query(`INSERT INTO notes VALUES ('never')`)
  })
  await expect(waitsForItself).rejects.toMatchObject({
    code: 'DATABASE_BUSY',
    detail: expect.stringContaining('inside a transaction used `write`'),
  })
  await db.write.query(`INSERT INTO notes VALUES ('after')`)
  expect(await notes()).toEqual(['after'])
})

test('lets the next one in when a transaction cannot begin', async () => {
  const { db, notes } = await start(500)
  const outside = db.write.createQueryRunner()
  await outside.query('BEGIN')
  await expect(db.transaction((m) => m.query(`INSERT INTO notes VALUES ('no')`))).rejects.toThrow('within a transaction')
  await outside.query('COMMIT')
  await db.write.query(`INSERT INTO notes VALUES ('yes')`)
  expect(await notes()).toEqual(['yes'])
})

test('writes nothing more in a transaction that SQLite has rolled back by itself', async () => {
  const { db, notes } = await start(500)
  await db.write.query('CREATE TABLE full_disk (text TEXT UNIQUE ON CONFLICT ROLLBACK)')
  const lost = db.transaction(async (m) => {
    await m.query(`INSERT INTO notes VALUES ('before')`)
    await m.query(`INSERT INTO full_disk VALUES ('a'), ('a')`).catch(() => undefined)
    await m.query(`INSERT INTO notes VALUES ('after')`)
  })
  await expect(lost).rejects.toThrow('rolled this transaction back')
  await db.write.query(`INSERT INTO notes VALUES ('next')`)
  expect(await notes()).toEqual(['next'])
})

test('says how many rows a change affected', async () => {
  const { db } = await start()
  await db.write.query(`INSERT INTO notes VALUES ('a'), ('b'), ('c')`)
  const result = await db.write.createQueryBuilder().update('notes').set({ text: 'd' }).where('text <> :kept', { kept: 'a' }).execute()
  expect(result.affected).toBe(2)
})
