import { pino } from 'pino'
import { expect, it } from 'vitest'
import { CatalogService, type Installed } from '../catalog/catalog.service.ts'
import { Reloads, type ReloadParts } from './reload.ts'

const broken = (name: string): Installed => ({ name, folder: `/${name}`, connector: null, error: { message: 'For a test.', detail: '' } })

it('follows at the next reload what it could not follow because the database was away', async () => {
  const catalog = new CatalogService([], async () => [broken('fresh')])
  const fitted: (readonly string[])[] = []
  let [changes, isAway] = [0, true]
  const parts = {
    ...{ catalog, logger: pino({ level: 'silent' }), mark: { raise: async () => 'next' } },
    sources: {
      async fitTables(connectors: readonly string[]) {
        if (isAway) throw new Error('The database cannot be reached.')
        fitted.push(connectors)
        return []
      },
    },
    dataApi: { changed: () => void changes++, settled: async () => undefined },
  } as unknown as ReloadParts
  const reloads = new Reloads(parts, '')
  await expect(reloads.now()).rejects.toThrow('cannot be reached')
  isAway = false
  await reloads.now()
  expect(fitted).toEqual([['fresh']])
  expect(changes).toBe(1)
  await reloads.now()
  expect(changes).toBe(1)
})
