import { expect, test } from 'vitest'
import { temporaryDatabase } from '../testing/temporary.ts'

const all = async (chunks: AsyncIterable<Record<string, unknown>[]>) => {
  const rows: unknown[] = []
  for await (const chunk of chunks) rows.push(...chunk)
  return rows
}

test('a moment keeps tables as they are until each was read, and lets go of each as soon as it was', async () => {
  const db = await temporaryDatabase()
  for (const name of ['first', 'second']) {
    await db.write.query(`CREATE TABLE ${name} (n INT)`)
    await db.write.query(`INSERT INTO ${name} VALUES (1), (2), (3)`)
  }
  const replace = async (name: string) => {
    const runner = db.write.createQueryRunner()
    try {
      await runner.query('SET SESSION lock_wait_timeout = 1')
      await runner.query(`RENAME TABLE ${name} TO ${name}_old`)
    } finally {
      await runner.query('SET SESSION lock_wait_timeout = 10')
      await runner.release()
    }
  }
  await db.snapshot(async (moment) => {
    expect(await moment.hold(['first', 'second'])).toBe(true)
    await moment.query('SELECT n FROM second')
    await db.write.query('INSERT INTO first VALUES (4)')
    await db.write.query('DELETE FROM second')
    await expect(replace('first')).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
    expect(await all(moment.rows('first', ['n'], 2))).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    await replace('first')
    await expect(replace('second')).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
    expect(await all(moment.rows('second', ['n'], 2))).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    await replace('second')
  })
})

test('a moment is that of the first read, when all tables are held, and says that one of them is not there', async () => {
  const db = await temporaryDatabase()
  await db.write.query('CREATE TABLE notes (n INT)')
  await db.snapshot(async (moment) => {
    expect(await moment.hold(['notes'])).toBe(true)
    await db.write.query('INSERT INTO notes VALUES (1)')
    expect(await moment.query('SELECT n FROM notes')).toEqual([{ n: 1 }])
    await db.write.query('INSERT INTO notes VALUES (2)')
    expect(await all(moment.rows('notes', ['n'], 10))).toEqual([{ n: 1 }])
  })
  expect(await db.snapshot((moment) => moment.hold(['notes', 'none']))).toBe(false)
})
