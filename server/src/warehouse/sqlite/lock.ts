import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from '../../shared/errors.ts'

/** Holds a data folder for this process. */
export interface FolderLock {
  release(): void
}

/**
 * Makes sure that one process alone works on a data folder. The lock is SQLite's own file lock on an empty database, so the operating system
 * takes it away when the process dies, however it dies; the number in `lock.pid` is only there to be read by a person.
 * Throws a `StartError` when the folder is taken or cannot be written.
 */
export function lockFolder(file: string): FolderLock {
  const folder = dirname(file)
  const pidFile = join(folder, 'lock.pid')
  let db: DatabaseSync | undefined
  try {
    mkdirSync(folder, { recursive: true })
    db = new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 })
    db.exec('BEGIN EXCLUSIVE')
    writeFileSync(pidFile, String(process.pid))
  } catch (cause) {
    db?.close()
    throw refusal(folder, pidFile, cause)
  }
  const held = db
  return { release: () => held.close() }
}

const SQLITE_BUSY = 5

function refusal(folder: string, pidFile: string, cause: unknown): StartError {
  const { errcode, message } = cause as { errcode?: number; message: string }
  if (errcode === SQLITE_BUSY) {
    const stop = 'Stop it or choose another data folder with HANDOVER_DATA.'
    return new StartError(`Another Handover is already running on ${folder} (process ${ownerOf(pidFile)}). ${stop}`, { cause })
  }
  const advice = 'Give the user that runs Handover the right to write there, or choose another data folder with HANDOVER_DATA.'
  return new StartError(`Handover cannot write to its data folder ${folder}. ${advice}`, { cause, detail: message })
}

function ownerOf(pidFile: string): string {
  try {
    return readFileSync(pidFile, 'utf8').trim() || 'unknown'
  } catch {
    return 'unknown'
  }
}
