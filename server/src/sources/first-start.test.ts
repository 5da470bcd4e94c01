import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConnector, type Connector } from '@handover/sdk'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { CatalogService } from '../catalog/catalog.service.ts'
import { migrations } from '../migrations/index.ts'
import { type Database, openDatabase, WarehouseService } from '../warehouse/warehouse.service.ts'
import { SchemaStep } from '../warehouse/schema-step.entity.ts'
import { sourceEntities } from './entities.ts'
import { makeFirstSources } from './first-start.ts'
import { SourcesService } from './sources.service.ts'

const made = (name: string, config: z.ZodObject): Connector =>
  defineConnector({
    name,
    title: name,
    about: 'For a test.',
    config,
    streams: { all: { about: 'All.', async *extract() {} } },
    datasets: {
      all: {
        from: 'all',
        about: 'All.',
        key: ['id'],
        load: 'merge',
        columns: z.object({ id: z.int().describe('Number') }),
        transform: (raw) => raw,
      },
    },
  }) as Connector
const users = made('random-users', z.object({ first: z.int().describe('First'), more: z.int().describe('More') }))
const files = made('files', z.object({ folder: z.string().describe('Folder') }))

let folder: string
let db: Database

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handover-first-'))
  await mkdir(join(folder, 'connectors/files/samples/earthquakes'), { recursive: true })
  await writeFile(join(folder, 'connectors/files/samples/earthquakes/quakes.csv'), 'id\n1\n')
  db = await openDatabase({
    file: join(folder, 'handover.db'),
    entities: [...sourceEntities, SchemaStep],
    migrations,
  })
})

afterEach(async () => {
  await db.close()
  await rm(folder, { recursive: true })
})

async function start(connectors: readonly Connector[] = [users, files]) {
  const logger = pino({ level: 'silent' })
  const clock = { now: () => new Date('2026-03-01T12:00:00.000Z') }
  const catalog = new CatalogService(
    connectors.map((connector) => ({ name: connector.name, folder: join(folder, 'connectors', connector.name), connector, error: null })),
  )
  const sources = await SourcesService.open({
    db,
    catalog,
    clock,
    logger,
    warehouse: new WarehouseService(db, clock),
    secretKeyFile: join(folder, 'secret.key'),
    names: { reserved: [], fieldOf: (slug) => slug },
    openContext: (call) => ({ ...call, http: undefined as never, filesFolder: folder, now: clock.now, close: async () => {} }),
  })
  const first = await makeFirstSources({ sources, catalog, logger, dataFolder: folder, filesFolder: join(folder, 'files') })
  return { sources, made: first.map((source) => source.slug) }
}

it('makes the two example sources once and puts the sample where files are read', async () => {
  const { sources, made: slugs } = await start()
  expect(slugs).toEqual(['users', 'earthquakes'])
  expect(await sources.get('users')).toMatchObject({
    title: 'Random users',
    connector: 'random-users',
    config: { first: 10, more: 5 },
    schedule: { every: 120 },
  })
  expect(await sources.get('earthquakes')).toMatchObject({
    connector: 'files',
    config: { folder: 'earthquakes' },
    schedule: { every: 86_400 },
  })
  expect(await readFile(join(folder, 'files/earthquakes/quakes.csv'), 'utf8')).toBe('id\n1\n')
  expect((await start()).made).toEqual([])
})

it('does not bring them back when somebody deleted both', async () => {
  const { sources } = await start()
  for (const slug of ['users', 'earthquakes']) await sources.remove(slug, slug)
  const again = await start()
  expect([again.made, await again.sources.list()]).toEqual([[], []])
})

it('makes what is missing when the first start was cut short', async () => {
  expect((await start([users])).made).toEqual(['users'])
  expect((await start()).made).toEqual(['earthquakes'])
})

it('leaves a server alone that has sources of its own', async () => {
  const { sources } = await start([])
  await sources.list()
  const { sources: own } = await start([files])
  await own.create({ slug: 'mine', title: 'Mine', connector: 'files', config: { folder: 'x' }, schedule: null })
  expect((await start()).made).toEqual([])
})

it('overwrites no file that is there already', async () => {
  await mkdir(join(folder, 'files/earthquakes'), { recursive: true })
  await writeFile(join(folder, 'files/earthquakes/quakes.csv'), 'mine')
  await start()
  expect(await readFile(join(folder, 'files/earthquakes/quakes.csv'), 'utf8')).toBe('mine')
})
