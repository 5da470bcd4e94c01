import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { openTables } from '../../src/app/platform-database.ts'
import { readArchive, readKey, restoreBackup, writeBackup, type Backup, type Restored } from '../../src/backup/backup.service.ts'
import { bytesOf } from '../../src/backup/archive.ts'
import { rowsOf } from '../../src/backup/row-lines.ts'
import { migrations } from '../../src/migrations/index.ts'
import { testDatabase } from '../../src/warehouse/testing/databases.ts'

/** A database and a data folder, as a setting names them. */
export interface Place {
  readonly dataFolder: string
  readonly databaseUrl: string | null
}

/** An empty place of this run's kind of database, or an embedded one. */
export async function emptyPlace(kind: 'own' | 'embedded' = 'own'): Promise<Place & AsyncDisposable> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'handover-backup-'))
  const database = kind === 'own' ? await testDatabase(dataFolder, { empty: true }) : null
  return {
    dataFolder,
    databaseUrl: database?.url ?? null,
    async [Symbol.asyncDispose]() {
      await database?.drop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

/** Where a backup is kept for a test. */
export const archiveOf = ({ dataFolder }: Place, name = 'backup.tar'): string => join(dataFolder, name)

/** Makes a backup of a place as the command does, beside whoever works there. */
export async function backUp(
  place: Place,
  file: string,
  more: { withKey?: boolean; withFiles?: boolean; sink?: Writable } = {},
): Promise<Backup> {
  const db = await openTables(place, { readOnly: true })
  try {
    return await writeBackup({
      ...{ db, dataFolder: place.dataFolder, filesFolder: join(place.dataFolder, 'files'), version: '0.1.0', now: new Date() },
      ...{ migrations: migrations.map(({ name }) => name), key: await readKey(place.dataFolder), plans: async () => [] },
      ...{ withKey: false, withFiles: false, sink: createWriteStream(file), progress: () => undefined },
      ...more,
    })
  } finally {
    await db.close()
  }
}

/** Restores an archive into a place as the command does. */
export async function restore(file: string, place: Place, change: Partial<Parameters<typeof restoreBackup>[0]> = {}): Promise<Restored> {
  return restoreBackup({
    ...{ file, dataFolder: place.dataFolder, filesFolder: join(place.dataFolder, 'files'), clock: { now: () => new Date() } },
    ...{ migrations, key: await readKey(place.dataFolder), open: (some) => openTables(place, { migrations: some }) },
    ...{ plan: async () => undefined, progress: () => undefined },
    ...change,
  })
}

/** All that an archive holds, in a form that can be compared: rows of tables in one order, and hashes of bytes. */
export async function contents(file: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown[]> = {}
  await readArchive(file, async ({ name, chunks }, head) => {
    const [kind, table] = name.split('/')
    const bytes = await bytesOf(chunks)
    if (kind !== 'tables') return void (found[name] = [createHash('sha256').update(bytes).digest('hex')])
    const rows = await rowsOf(
      head.tables.find((each) => each.name === table)!,
      bytes,
    )
    ;(found[table!] ??= []).push(...rows.map((row) => row.map(String).join('|')))
  })
  return Object.fromEntries(Object.entries(found).map(([name, rows]) => [name, rows.toSorted()]))
}
