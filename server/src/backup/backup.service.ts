import { setTimeout } from 'node:timers/promises'
import type { Writable } from 'node:stream'
import type { DatasetShape } from '@handover/sdk'
import type { PlannedTime } from '../schedule/schedule.service.ts'
import { storedTable, valuesOf, type Database, type Snapshot, type Table } from '../warehouse/warehouse.service.ts'
import { ArchiveWriter, FORMAT, type ArchiveCounts, type ArchivedTable, type ArchiveHead } from './archive.ts'
import { BackupError } from './backup-error.ts'
import { keyId } from './key-id.ts'
import { platformTables, type PlatformTable } from './platform-tables.ts'
import { halfRestored, isHalfRestored } from './room.ts'
import { columnsOf, fromPlatform, lineOf, pack } from './row-lines.ts'
import { writeFiles, writePictures, writeRaw } from './stored-files.ts'

export { BackupError } from './backup-error.ts'
export { readArchive, type ArchiveCounts, type ArchiveEnd, type ArchiveHead } from './archive.ts'
export { keyId } from './key-id.ts'
export { readKey, restoreBackup, type Restored } from './restore.ts'
export { refuseHalfRestored } from './room.ts'

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
  /** When sources load next; asked for when it is certain that there is something to make a backup of. */
  plans(): Promise<readonly PlannedTime[]>
  /** Where the archive goes. */
  readonly sink: Writable
  /** Told what is being written. */
  readonly progress: (words: string) => void
}

/** What was written. */
export type Backup = ArchiveCounts & Pick<ArchiveHead, 'key'>

/** Few enough for rows of some hundred kilobytes. */
const ROWS_AT_ONCE = 100
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
  const plans = await options.plans()
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const end = await options.db.snapshot((moment) => writeMoment(options, moment, plans))
    if (end !== null) return end
    await setTimeout(PAUSE_MS)
  }
  throw new BackupError('Tables are being changed all the time, so no moment for a backup was found. Try again in some minutes.')
}

/** null when a table has changed before it could be held: nothing is written then. */
async function writeMoment(options: BackupOptions, moment: Snapshot, plans: readonly PlannedTime[]): Promise<Backup | null> {
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
    const deps = { db, dataFolder: options.dataFolder, writer, progress: options.progress }
    // Before the rows that tell of them: a raw file that goes meanwhile is one that was removed.
    const raw = await writeRaw(deps, moment)
    for (const table of platform)
      rows[table.name] = await writeRows(options, writer, moment, table, (row) => platformValues(table, row, raw.removed))
    const pictures = await writePictures(deps, moment)
    await writer.add('schedule.json', Buffer.from(JSON.stringify(plans)))
    if (inside) await writer.add('secret.key', Buffer.from(`${key}\n`))
    const files = options.withFiles ? await writeFiles(options.filesFolder, writer) : 0
    const counts = { rows, rawFiles: raw.found, pictures: pictures.found, files, missing: raw.missing.length + pictures.missing.length }
    await writer.finish(counts)
    return { ...counts, key: key === null ? null : { id: keyId(key), inside } }
  } catch (error) {
    writer.abort(error as Error)
    throw error
  }
}

/** A backup is made of whole tables as this version knows them: with others it might leave something out. */
async function refuseOtherTables({ db, migrations }: BackupOptions): Promise<void> {
  const [table] = await db.dialect.tablesLike(db.read, 'handover_migration')
  const done: { name: string }[] = table === undefined ? [] : await db.read.query(`SELECT name FROM ${table} ORDER BY id`)
  if (done.length === 0) throw new BackupError(`There is nothing in ${db.facts.name} to make a backup of.`)
  if (await isHalfRestored(db)) throw new BackupError(halfRestored)
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

/** `removed` says when raw files were removed since the moment of the row. */
function platformValues(
  { name: table, columns }: PlatformTable,
  row: Readonly<Record<string, unknown>>,
  removed: ReadonlyMap<string, Date>,
): unknown[] {
  const removedAt = table === 'handover_lake_part' ? removed.get(String(row['path'])) : undefined
  const now = removedAt === undefined ? row : { ...row, removed_at: removedAt }
  return columns.map(({ name, kind }) => fromPlatform(kind, now[name]))
}
