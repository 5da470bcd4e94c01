import { expect, test } from 'vitest'
import { temporaryDatabase } from '../testing/temporary.ts'

test('says in words that its disk is full, takes back what was half done, and goes on when there is room', async () => {
  const db = await temporaryDatabase()
  await db.write.query('CREATE TABLE notes (text TEXT)')
  const [{ page_count: pages }] = await db.write.query('PRAGMA page_count')
  await db.write.query(`PRAGMA max_page_count = ${pages + 3}`)
  const fill = () =>
    db.transaction(async (m) => {
      for (let note = 0; note < 50; note++) await m.query('INSERT INTO notes VALUES (?)', ['x'.repeat(4000)])
    })
  await expect(fill()).rejects.toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('Make room') })
  expect(await db.read.query('SELECT COUNT(*) AS n FROM notes')).toEqual([{ n: 0 }])
  await db.write.query('PRAGMA max_page_count = 1000000')
  await fill()
  expect(await db.read.query('SELECT COUNT(*) AS n FROM notes')).toEqual([{ n: 50 }])
})
