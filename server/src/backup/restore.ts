import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { MigrationInterface } from 'typeorm'
import { writeDurably } from '../lake/lake.service.ts'
import type { PlannedTime } from '../schedule/schedule.service.ts'
import type { Clock } from '../shared/clock.ts'
import { insertCopied, insertRows, WarehouseService, type Database } from '../warehouse/warehouse.service.ts'
import { bytesOf, readArchive, type ArchivedTable, type ArchiveEnd, type ArchiveEntry, type ArchiveHead } from './archive.ts'
import { BackupError } from './backup-error.ts'
import { keyId } from './key-id.ts'
import { makeRoom, removeMark } from './room.ts'
import { columnsOf, rowsOf, toPlatform } from './row-lines.ts'

type Migration = new () => MigrationInterface

/** What a backup is restored with. */
export interface RestoreOptions {
  readonly file: string
  readonly dataFolder: string
  readonly filesFolder: string
  readonly clock: Clock
  /** Every migration that this version knows, oldest first. */
  readonly migrations: readonly Migration[]
  /** The key of stored secrets in hex that is there already; null when there is none. */
  readonly key: string | null
  /** Opens the database to restore into, with its tables as these migrations make them. */
  open(migrations: readonly Migration[]): Promise<Database>
  /** Keeps when sources load next, where the schedule is kept. */
  plan(db: Database, plans: readonly PlannedTime[]): Promise<void>
  /** Told what is being read. */
  readonly progress: (words: string) => void
}

/** What came of it. */
export interface Restored extends ArchiveEnd {
  readonly head: ArchiveHead
  /** True when stored passwords cannot be opened, because their key is neither here nor in the archive. */
  readonly lacksKey: boolean
}

/**
 * Puts a backup into an empty database and data folder, whatever kind of database it came from. All of it is looked at before anything is changed; a restore that
 * is cut off leaves a mark, with which no server starts, and the next one begins anew. Throws a `BackupError`.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { file, migrations } = options
  options.progress('checking the archive')
  const { head, end } = await readArchive(file)
  const then = migrationsOf(head, migrations)
  const key = await fittingKey(options, head)
  // As a server would find it: what was cut off at its last step has the newest tables already, and so has a server that was started once.
  const first = await options.open(migrations)
  try {
    await first.exclusively('restore', async () => {
      await makeRoom(
        first,
        options.dataFolder,
        datasetsOf(head).map(({ name }) => name),
      )
      await first.close()
      await fill(options, then, head)
      await bringUpToDate(options)
    })
  } finally {
    await first.close()
  }
  return { ...end, head, lacksKey: head.key !== null && key === null }
}

/** The migrations that had been run where the archive was made. */
function migrationsOf({ handover, migrations: names }: ArchiveHead, migrations: readonly Migration[]): readonly Migration[] {
  const known = migrations.slice(0, names.length)
  if (known.length === names.length && known.every(({ name }, index) => name === names[index])) return known
  throw new BackupError(
    `The archive was made by Handover ${handover}, which is newer than this one. Restore it with that version, or a newer one.`,
  )
}

/** The key that will open the secrets. One that is here already must be the one that they were sealed with. */
async function fittingKey({ key, file }: RestoreOptions, head: ArchiveHead): Promise<string | null> {
  if (head.key === null) return key
  if (key !== null && keyId(key) !== head.key.id)
    throw new BackupError(
      `There is a key here already (${keyId(key)}), and not the one that sealed the secrets in the archive (${head.key.id}). Take secret.key out of the data folder, or HANDOVER_SECRET_KEY out of the settings, or bring the right one.`,
    )
  if (!head.key.inside) return key
  let inside: string | null = null
  await readArchive(file, async ({ name, chunks }) => {
    if (name === 'secret.key') inside = (await bytesOf(chunks)).toString().trim()
  })
  return inside
}

const datasetsOf = ({ tables }: ArchiveHead) => tables.filter((table) => 'shape' in table)

/** Fills an empty database and the data folder from the archive. */
async function fill(options: RestoreOptions, migrations: readonly Migration[], head: ArchiveHead): Promise<void> {
  const db = await options.open(migrations)
  try {
    const warehouse = new WarehouseService(db, options.clock)
    for (const table of datasetsOf(head)) await warehouse.prepare(table)
    // What making them has noted is in the archive already.
    await db.write.query('DELETE FROM handover_schema_step')
    await readArchive(options.file, (entry, head) => take(options, db, entry, head))
  } finally {
    await db.close()
  }
}

async function take(options: RestoreOptions, db: Database, { name, changedAt, chunks }: ArchiveEntry, head: ArchiveHead): Promise<void> {
  const [kind, ...rest] = name.split('/')
  const path = safePath(rest, name)
  switch (kind) {
    case 'tables':
      options.progress(rest[0]!)
      return insert(db, tableOf(head, rest[0]!), await bytesOf(chunks))
    case 'lake':
      return writeDurably(join(options.dataFolder, 'lake', path), await bytesOf(chunks))
    case 'files': {
      const file = join(options.filesFolder, path)
      await mkdir(dirname(file), { recursive: true })
      await pipeline(Readable.from(chunks), createWriteStream(file))
      return changedAt === null ? undefined : utimes(file, new Date(changedAt), new Date(changedAt))
    }
    case 'secret.key':
      return keepKey(join(options.dataFolder, 'secret.key'), (await bytesOf(chunks)).toString(), options.key)
    case 'schedule.json':
      return options.plan(db, JSON.parse((await bytesOf(chunks)).toString()) as PlannedTime[])
    default:
      throw new BackupError(`The archive holds "${name}", which this version of Handover does not know.`)
  }
}

/** Colon and backslash are letters like others where the backslash parts no folders. */
const LEADS_ELSEWHERE = sep === '\\' ? /[\\:\0]/ : /\0/

/** Part of a path below a folder of ours, as the archive names it: nothing in it may lead elsewhere. */
function safePath(names: readonly string[], whole: string): string {
  if (names.every((name) => name !== '' && name !== '.' && name !== '..' && !LEADS_ELSEWHERE.test(name))) return names.join('/')
  throw new BackupError(`The archive holds a file "${whole}", which leads out of its folder. It was not made by Handover.`)
}

function tableOf({ tables }: ArchiveHead, name: string): ArchivedTable {
  const table = tables.find((each) => each.name === name)
  if (table) return table
  throw new BackupError(`The archive holds rows of a table "${name}" that it does not describe. It was not made by Handover.`)
}

async function insert(db: Database, table: ArchivedTable, packed: Buffer): Promise<void> {
  const rows = await rowsOf(table, packed)
  if ('shape' in table) return insertCopied(db, table, rows)
  const columns = columnsOf(table)
  const stored = rows.map((row) => table.columns.map(({ kind }, index) => toPlatform(kind, row[index])))
  await db.transaction((manager) => insertRows(manager, db.dialect, { name: table.name, columns: columns.map(({ name }) => name) }, stored))
}

/** Readable by its owner alone. A key that is there has been compared before. */
async function keepKey(file: string, text: string, there: string | null): Promise<void> {
  if (there !== null) return
  await rm(file, { force: true })
  await writeFile(file, text, { flag: 'wx', mode: 0o600, flush: true })
}

/** Runs the migrations that came after the archive, and takes the mark away: now it is whole. */
async function bringUpToDate({ open, migrations }: RestoreOptions): Promise<void> {
  const db = await open(migrations)
  try {
    await removeMark(db)
  } finally {
    await db.close()
  }
}

/** The key in a file of the data folder; null when there is none. */
export const readKey = (dataFolder: string): Promise<string | null> =>
  readFile(join(dataFolder, 'secret.key'), 'utf8').then(
    (text) => text.trim(),
    () => null,
  )
