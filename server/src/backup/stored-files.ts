import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { In } from 'typeorm'
import { LakePart } from '../lake/lake.service.ts'
import type { Database, Snapshot } from '../warehouse/warehouse.service.ts'
import type { ArchiveWriter } from './archive.ts'
import { BackupError } from './backup-error.ts'

/** Where files lie, and where they are put. */
export interface StoredFilesDeps {
  readonly db: Database
  readonly dataFolder: string
  readonly writer: ArchiveWriter
  /** Told what is being written. */
  readonly progress: (words: string) => void
}

const ROWS_AT_ONCE = 1000

/**
 * Copies the raw files that a moment knows: they are never changed, and were there before the database knew of them. One may have been removed since,
 * because of its age: then `removed` says when, by its path.
 */
export async function writeRaw(deps: StoredFilesDeps, moment: Snapshot): Promise<StoredFiles & { removed: ReadonlyMap<string, Date> }> {
  const { found, missing } = await writeStored(deps, rawFiles(moment), 'raw files')
  const removed = new Map<string, Date>()
  for (let from = 0; from < missing.length; from += ROWS_AT_ONCE) {
    const where = { path: In(missing.slice(from, from + ROWS_AT_ONCE)) }
    for (const { path, removedAt } of await deps.db.read.manager.findBy(LakePart, where))
      if (removedAt !== null) removed.set(path, removedAt)
  }
  return { found, missing: missing.filter((path) => !removed.has(path)), removed }
}

/** What was copied, and what was not there. */
export interface StoredFiles {
  readonly found: number
  readonly missing: readonly string[]
}

/** Copies the pictures that a moment knows. */
export const writePictures = (deps: StoredFilesDeps, moment: Snapshot): Promise<StoredFiles> =>
  writeStored(deps, pictureFiles(moment), 'pictures')

/** By hand and not by `rows`, which lets go of the table: it is read again afterwards. */
async function* rawFiles(moment: Snapshot): AsyncGenerator<string> {
  const sql = `SELECT id, path FROM handover_lake_part WHERE removed_at IS NULL AND id > ? ORDER BY id LIMIT ${ROWS_AT_ONCE}`
  for (let last = 0; ;) {
    const parts = (await moment.query(sql, [last])) as { id: number | string; path: string }[]
    if (parts.length === 0) return
    for (const { path } of parts) yield path
    last = Number(parts.at(-1)!.id)
  }
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

async function writeStored({ dataFolder, writer, progress }: StoredFilesDeps, paths: AsyncIterable<string>, what: string) {
  const missing: string[] = []
  let found = 0
  for await (const path of paths) {
    const bytes = await readFile(join(dataFolder, 'lake', ...path.split('/'))).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw new BackupError(`${path} in the lake cannot be read (${error.code}).`, { cause: error })
    })
    if (bytes === null) missing.push(path)
    else await writer.add(`lake/${path}`, bytes)
    if (bytes !== null) found += 1
    if (found % ROWS_AT_ONCE === 0) progress(`${found} ${what}`)
  }
  return { found, missing }
}

/**
 * Copies a folder of files that others may be writing, each as long as it was when its turn came, with the time of its change: by both,
 * connectors tell what they have read. Gives their number.
 */
export async function writeFiles(folder: string, writer: ArchiveWriter): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  let count = 0
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { size, mtimeMs } = await stat(path).catch((error: unknown) => unreadable(path, error))
    const below = path.slice(folder.length + 1).replaceAll(sep, '/')
    await writer.addStream({ name: `files/${below}`, size, changedAt: Math.round(mtimeMs) }, beginningOf(path, size))
    count += 1
  }
  return count
}

/** The first bytes of a file, which may have grown meanwhile. */
async function* beginningOf(path: string, size: number): AsyncGenerator<Uint8Array> {
  let left = size
  try {
    if (size > 0)
      for await (const chunk of createReadStream(path, { end: size - 1 })) {
        left -= (chunk as Buffer).length
        yield chunk as Buffer
      }
  } catch (error) {
    unreadable(path, error)
  }
  if (left > 0) throw new BackupError(`${path} was made shorter while it was copied. Try again when nobody writes it.`)
}

function unreadable(path: string, cause: unknown): never {
  throw new BackupError(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
}
