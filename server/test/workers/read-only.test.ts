import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openPlatformDatabase } from '../../src/app/platform-database.ts'
import { administer, testDatabase } from '../../src/warehouse/testing/databases.ts'

it('a database that may only be read is found out at the start, and not by the first load', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'handover-read-only-'))
  const database = await testDatabase(dataFolder)
  const user = `ho_ro_${process.pid}`
  const url = new URL(database.url!)
  try {
    await (await openPlatformDatabase({ dataFolder, databaseUrl: database.url })).close()
    await administer(`CREATE USER ${user} IDENTIFIED BY 'Tulpan-9-groda'`)
    await administer(`GRANT SELECT ON ${url.pathname.slice(1)}.* TO ${user}`)
    url.username = user
    url.password = 'Tulpan-9-groda'
    const opening = openPlatformDatabase({ dataFolder, databaseUrl: String(url) })
    await expect(opening).rejects.toMatchObject({ code: 'START_REFUSED', message: expect.stringContaining('lacks the right UPDATE') })
  } finally {
    await administer(`DROP USER IF EXISTS ${user}`)
    await database.drop()
    await rm(dataFolder, { recursive: true, force: true })
  }
})
