import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LakeError } from '../shared/errors.ts'
import { newId } from '../shared/ids.ts'

/** Writes a file that is either there as a whole or not at all, also after a power cut. Throws a `LakeError` when the disk refuses. */
export async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${newId()}.tmp`
  try {
    await makeFolder(dirname(file))
    await writeAndSync(temporary, bytes)
    await rename(temporary, file)
    await syncFolder(dirname(file))
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw refusal(file, cause as NodeJS.ErrnoException)
  }
}

async function writeAndSync(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A new folder is only safe once the folder above it was synced. */
async function makeFolder(folder: string): Promise<void> {
  const highest = await mkdir(folder, { recursive: true })
  if (highest === undefined) return
  for (let each = folder; each.length >= highest.length; each = dirname(each)) await syncFolder(dirname(each))
}

/** What a file system says that has no sync for folders, as some network shares have none. Its server keeps renames in order by itself. */
const WITHOUT_SYNC = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP']

/** Makes renames in a folder survive a power cut, as far as the file system can. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no handle for folders, and keeps renames in its journal instead.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    if (!WITHOUT_SYNC.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await handle.close()
  }
}

/** Says in words what the disk would not do. */
export function refusal(file: string, cause: NodeJS.ErrnoException): LakeError {
  const options = { cause, detail: cause.message }
  if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT') {
    return new LakeError(
      'DISK_FULL',
      'The disk of the data folder is full. Make room; the next load goes on where this one stopped.',
      options,
    )
  }
  return new LakeError(
    'LAKE_UNWRITABLE',
    `Handover cannot write the raw file ${file}. Check the rights of the data folder and the disk.`,
    options,
  )
}
