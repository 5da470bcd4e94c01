import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Writable } from 'node:stream'
import type { DatasetShape } from '@handover/sdk'
import type { PlannedTime } from '../schedule/schedule.service.ts'
import { storedTable, valuesOf, type Database, type Snapshot, type Table } from '../warehouse/warehouse.service.ts'
import { ArchiveWriter, FORMAT, type ArchiveCounts, type ArchivedTable, type ArchiveHead } from './archive.ts'
import { BackupError } from './backup-error.ts'
import { keyId } from './key-id.ts'
import { platformTables, type PlatformTable } from './platform-tables.ts'
import { columnsOf, fromPlatform, lineOf, pack } from './row-lines.ts'

export { BackupError } from './backup-error.ts'
export { readArchive, type ArchiveCounts, type ArchiveEnd, type ArchiveHead } from './archive.ts'
export { keyId } from './key-id.ts'
export { readKey, refuseHalfRestored, restoreBackup, type Restored } from './restore.ts'

/** What a backup is made of. */
export interface BackupOptions {
  /** May be opened to read only, beside a server that runs. */
  readonly db: Database
  readonly dataFolder: string
  readonly filesFolder: string
  /** Version of Handover. */
  readonly version: string
  readonly now: Date
  /** Names of the migrations that this version knows, oldest first. */
  readonly migrations: readonly string[]
  /** The key of stored secrets in hex; null when there is none yet. */
  readonly key: string | null
  readonly withKey: boolean
  readonly withFiles: boolean
  /** When sources load next. */
  readonly plans: readonly PlannedTime[]
  /** Where the archive goes. */
  readonly sink: Writable
  /** Told what is being written. */
  readonly progress: (words: string) => void
}

/** What was written. */
export type Backup = ArchiveCounts & Pick<ArchiveHead, 'key'>

const ROWS_AT_ONCE = 1000
/** Characters of lines that are packed into one entry. */
const ENTRY_LENGTH = 4_000_000
/** Tables may be changed or replaced in the moment of the beginning; then it begins again. */
const TRIES = 30
const PAUSE_MS = 300

/**
 * Writes everything that was loaded into one archive: all tables as they are at one moment, however many loads run meanwhile, the raw files and pictures that
 * they point at, and when sources load next. Reads the database and the data folder, and changes neither. Throws a `BackupError`.
 */
export async function writeBackup(options: BackupOptions): Promise<Backup> {
  await refuseOtherTables(options)
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const end = await options.db.snapshot((moment) => writeMoment(options, moment))
    if (end !== null) return end
    await setTimeout(PAUSE_MS)
  }
  throw new BackupError('Tables are being changed all the time, so no moment for a backup was found. Try again in some minutes.')
}

/** null when a table has changed before it could be held: nothing is written then. */
async function writeMoment(options: BackupOptions, moment: Snapshot): Promise<Backup | null> {
  const { db, version, now, migrations, withKey } = options
  const platform = platformTables(db)
  const names = (await datasetTables(db, db.read)).map(({ name }) => name)
  if (!(await moment.hold([...names, ...platform.map(({ name }) => name)]))) return null
  const datasets = await datasetTables(db, moment)
  if (datasets.map(({ name }) => name).join() !== names.join() || (await isBeingReplaced(db, moment))) return null
  const tables: ArchivedTable[] = [...datasets, ...platform]
  const key = (await hasSecrets(moment)) ? options.key : null
  const inside = withKey && key !== null
  const writer = await ArchiveWriter.begin(options.sink, {
    ...{ format: FORMAT, handover: version, createdAt: now.toISOString(), migrations, tables },
    key: key === null ? null : { id: keyId(key), inside },
  })
  try {
    const rows: Record<string, number> = {}
    for (const table of datasets)
      rows[table.name] = await writeRows(options, writer, moment, table, (row) => valuesOf(db.dialect, table.shape, row))
    for (const table of platform) rows[table.name] = await writeRows(options, writer, moment, table, (row) => platformValues(table, row))
    const raw = await writeStored(options, writer, rawFiles(moment), 'raw files')
    const pictures = await writeStored(options, writer, pictureFiles(moment), 'pictures')
    await writer.add('schedule.json', Buffer.from(JSON.stringify(options.plans)))
    if (inside) await writer.add('secret.key', Buffer.from(`${key}\n`))
    const files = options.withFiles ? await writeFiles(options, writer) : 0
    const counts = { rows, rawFiles: raw.found, pictures: pictures.found, files, missing: raw.missing + pictures.missing }
    await writer.finish(counts)
    return { ...counts, key: key === null ? null : { id: keyId(key), inside } }
  } catch (error) {
    writer.abort(error as Error)
    throw error
  }
}

/** A backup is made of tables as this version knows them: with others it might leave something out. */
async function refuseOtherTables({ db, migrations }: BackupOptions): Promise<void> {
  const done: { name: string }[] = await db.read.query('SELECT name FROM handover_migration ORDER BY id')
  if (done.length === migrations.length && done.every(({ name }) => migrations.includes(name))) return
  const advice = 'Make the backup with the version that runs on them, or start this version once and try again.'
  throw new BackupError(`The tables are not those of this version of Handover. ${advice}`)
}

/** Without any, nobody needs a key: a new one is made. */
async function hasSecrets(moment: Snapshot): Promise<boolean> {
  const sealed: unknown[] = await moment.query(`SELECT 1 FROM handover_source WHERE config LIKE '%"$secret"%' LIMIT 1`)
  return sealed.length > 0
}

/** True while a table that was filled beside the shown one waits to take its place. */
async function isBeingReplaced({ facts }: Database, moment: Snapshot): Promise<boolean> {
  return facts.shared && ((await moment.query('SELECT table_name FROM handover_swap')) as unknown[]).length > 0
}

/** Tables of datasets as they stand, those that are replaced as a whole first, because they change most. */
async function datasetTables({ dialect }: Database, asked: Pick<Snapshot, 'query'>): Promise<Table[]> {
  const rows: { name: string; shape: string }[] = await asked.query('SELECT table_name AS name, shape FROM handover_dataset ORDER BY id')
  const tables: Table[] = []
  for (const { name, shape } of rows) {
    const table = await storedTable(asked, dialect, { name, shape: JSON.parse(shape) as DatasetShape })
    if (table !== null) tables.push(table)
  }
  const isReplaced = ({ shape }: Table) => shape.load === 'replace'
  return [...tables.filter(isReplaced), ...tables.filter((table) => !isReplaced(table))]
}

async function writeRows(
  { progress }: BackupOptions,
  writer: ArchiveWriter,
  moment: Snapshot,
  table: ArchivedTable,
  values: (row: Readonly<Record<string, unknown>>) => unknown[],
): Promise<number> {
  const columns = columnsOf(table).map(({ name }) => name)
  let [rows, part, length] = [0, 0, 0]
  let lines: string[] = []
  const flush = async () => {
    await writer.add(`tables/${table.name}/${String(part++).padStart(6, '0')}.ndjson.zst`, await pack(lines))
    ;[lines, length] = [[], 0]
  }
  for await (const chunk of moment.rows(table.name, columns, ROWS_AT_ONCE)) {
    for (const row of chunk) {
      const line = lineOf(values(row))
      lines.push(line)
      length += line.length
      if (length > ENTRY_LENGTH) await flush()
    }
    rows += chunk.length
    progress(`${table.name}: ${rows} rows`)
  }
  if (lines.length > 0) await flush()
  return rows
}

const platformValues = ({ columns }: PlatformTable, row: Readonly<Record<string, unknown>>): unknown[] =>
  columns.map(({ name, kind }) => fromPlatform(kind, row[name]))

async function* rawFiles(moment: Snapshot): AsyncGenerator<string> {
  for await (const chunk of moment.rows('handover_lake_part', ['path', 'removed_at'], ROWS_AT_ONCE))
    for (const { path, removed_at: removedAt } of chunk) if (removedAt === null) yield String(path)
}

/** Equal pictures lie on disk once. */
async function* pictureFiles(moment: Snapshot): AsyncGenerator<string> {
  const seen = new Set<string>()
  for await (const chunk of moment.rows('handover_media', ['hash'], ROWS_AT_ONCE)) {
    for (const hash of chunk.map((row) => String(row['hash']))) {
      if (!seen.has(hash)) yield `media/${hash.slice(0, 2)}/${hash}`
      seen.add(hash)
    }
  }
}

/** Copies files of the lake: they are never changed, and were there before the database knew of them. */
async function writeStored({ dataFolder, progress }: BackupOptions, writer: ArchiveWriter, paths: AsyncIterable<string>, what: string) {
  let [found, missing] = [0, 0]
  for await (const path of paths) {
    const bytes = await readFile(join(dataFolder, 'lake', ...path.split('/'))).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw new BackupError(`${path} in the lake cannot be read (${error.code}).`, { cause: error })
    })
    if (bytes === null) missing += 1
    else await writer.add(`lake/${path}`, bytes)
    if (bytes !== null) found += 1
    if (found % ROWS_AT_ONCE === 0) progress(`${found} ${what}`)
  }
  return { found, missing }
}

async function writeFiles({ filesFolder }: BackupOptions, writer: ArchiveWriter): Promise<number> {
  const entries = await readdir(filesFolder, { recursive: true, withFileTypes: true }).catch(() => [])
  let count = 0
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const below = path.slice(filesFolder.length + 1).replaceAll('\\', '/')
    await writer.addStream(`files/${below}`, (await stat(path)).size, createReadStream(path))
    count += 1
  }
  return count
}
