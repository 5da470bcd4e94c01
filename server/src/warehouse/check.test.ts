import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface } from 'typeorm'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../migrations/index.ts'
import { testDatabase } from './testing/databases.ts'
import { temporaryFolder } from './testing/temporary.ts'
import { checkDatabase, openDatabase } from './warehouse.service.ts'

class Later1999000000000 implements MigrationInterface {
  async up(): Promise<void> {}
  async down(): Promise<void> {}
}

test('tells tables that are as they should be, older and newer ones, and changes nothing', async () => {
  const { file, url, drop } = await testDatabase(temporaryFolder(), { empty: true })
  onTestFinished(drop)
  const look = async (known: typeof migrations) =>
    (await checkDatabase({ file, url, migrations: known })).find(({ name }) => name === 'tables')

  const before = await checkDatabase({ file, url, migrations })
  expect(before.filter(({ state }) => state !== 'ok')).toEqual([])
  expect(before.at(-1)!.message).toMatch(/made at the first start/)
  expect(existsSync(file)).toBe(false)

  const db = await openDatabase({ file, url, entities: [], migrations })
  onTestFinished(() => db.close())
  expect(await look(migrations)).toMatchObject({ state: 'ok', message: 'The tables are as this version needs them.' })
  expect(await look([...migrations, Later1999000000000])).toMatchObject({
    ...{ state: 'warning', message: 'The tables are those of an older Handover; 1 change is pending.' },
  })
  expect(await look([])).toMatchObject({
    state: 'fault',
    message: expect.stringContaining('by a newer Handover than this one (First1764000000000') as string,
  })
})

test('says in words that there is no database in an address', async () => {
  const options = { file: join(temporaryFolder(), 'handover.db'), migrations }
  expect(await checkDatabase({ ...options, url: 'mysql://me:topsecret@127.0.0.1' })).toEqual([
    {
      ...{ name: 'database', state: 'fault', message: 'DATABASE_URL must end with the name of one database.' },
      todo: 'It looks like mysql://user:password@host:3306/handover.',
    },
  ])
})
