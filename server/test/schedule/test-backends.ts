import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { migrations } from '../../src/migrations/index.ts'
import { EmbeddedBackend } from '../../src/schedule/agenda-backend.ts'
import { AgendaRepository } from '../../src/schedule/agenda-repository.ts'
import { scheduleEntities } from '../../src/schedule/entities.ts'
import { MongoBackend } from '../../src/schedule/mongo-backend.ts'
import type { MongoJobs } from '../../src/schedule/mongo-jobs.ts'
import { newId } from '../../src/shared/ids.ts'
import { testDatabase } from '../../src/warehouse/testing/databases.ts'
import { openDatabase } from '../../src/warehouse/warehouse.service.ts'

/** A place for jobs of one test's own. */
export interface TestStore {
  /** What a process that shares this place would open; the test ends it. */
  open(): Promise<(EmbeddedBackend | MongoBackend) & { readonly repository: AgendaRepository | MongoJobs }>
  /** Removes everything. */
  end(): Promise<void>
}

/** One kind of backend to run a test on. */
export interface TestBackend {
  readonly name: string
  /** Why it cannot be tested here; null when it can. */
  readonly missing: string | null
  make(): Promise<TestStore>
}

/** Where the tests find MongoDB; undefined when they are to do without. */
export const MONGODB = process.env['TEST_MONGODB_URL'] || undefined
/** A script that starts a MongoDB server on `MONGODB_PORT` and takes `stop` and `kill`; undefined when there is none. */
export const MONGODB_SERVICE = process.env['TEST_MONGODB_SERVICE'] || undefined
export const NO_MONGODB = 'no MongoDB: set TEST_MONGODB_URL'
export const NO_MONGODB_SERVICE = 'no MongoDB to kill: set TEST_MONGODB_SERVICE'

/** Every backend; a test that begins with the skip of `missing` says so in the summary of the run. */
export const BACKENDS: readonly TestBackend[] = [
  { name: 'the embedded database', missing: null, make: embedded },
  { name: 'MongoDB', missing: MONGODB === undefined ? NO_MONGODB : null, make: () => mongo(MONGODB!) },
]

/** The address of a database with a name of its own on the server of `url`. */
export function databaseAt(url: string, name = `test_${newId().replaceAll('-', '')}`): string {
  const [server = '', options] = url.split('?')
  return `${server.replace(/\/+$/, '')}/${name}${options === undefined ? '' : `?${options}`}`
}

/** True for a server that speaks MongoDB's protocol but finds and changes a job in two steps, so that two may get it. */
export async function claimsTwice(url: string): Promise<boolean> {
  const client = await MongoClient.connect(url)
  try {
    return 'ferretdbVersion' in (await client.db('admin').command({ buildInfo: 1 }))
  } finally {
    await client.close()
  }
}

async function embedded(): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'handover-schedule-'))
  const { file, url, drop } = await testDatabase(folder)
  const db = await openDatabase({ file, url, entities: scheduleEntities, migrations })
  return {
    open: async () => new EmbeddedBackend(db),
    end: async () => {
      await db.close()
      await drop()
      await rm(folder, { recursive: true })
    },
  }
}

async function mongo(server: string): Promise<TestStore> {
  const url = databaseAt(server)
  return { open: () => MongoBackend.open(url), end: () => dropDatabase(url) }
}

/** Removes the database that the address names. */
export async function dropDatabase(url: string): Promise<void> {
  const client = await MongoClient.connect(url)
  await client.db().dropDatabase()
  await client.close()
}
