import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, realpath, type FileHandle } from 'node:fs/promises'
import { join, posix, sep } from 'node:path'
import { ConfigError } from '@handover/sdk'

/** How a file is read, told by the ending of its name. */
export type Format = 'csv' | 'json' | 'ndjson'

/** A file that can be read, as it was found. */
export interface FoundFile {
  /** Below the source's folder, with `/` between the parts. */
  readonly path: string
  readonly absolute: string
  readonly format: Format
  readonly size: number
  /** Milliseconds since 1970. */
  readonly mtime: number
}

/** A file that is open; whoever opened it closes `handle`. */
export interface OpenedFile extends FoundFile {
  readonly handle: FileHandle
  /** Of its first and last bytes: with size and time it tells whether a file changed. */
  readonly hash: string
}

const FORMATS: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  json: 'json',
  geojson: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
}
const MOST_FILES = 10_000
const DEEPEST = 16
const HASHED_BYTES = 4096

/** The folder of a source, which must be a real one below the root: no `..`, no absolute path, no link. Throws a `ConfigError`. */
export async function sourceFolder(root: string, folder: string): Promise<string> {
  const parts = folder.split('/').filter((part) => part !== '' && part !== '.')
  if (/^[/\\]|\\|\0|^[A-Za-z]:/.test(folder) || parts.includes('..')) {
    throw atFolder(`The folder "${folder}" must lie below the files folder: names with / between them, without .. and without / in front.`)
  }
  let at = root
  for (const part of ['', ...parts]) {
    at = part === '' ? root : join(at, part)
    const found = await (part === '' ? realpath(root).then(lstat) : lstat(at)).catch(() => null)
    if (found === null)
      throw part === ''
        ? new ConfigError('The files folder does not exist.')
        : atFolder(`There is no folder "${folder}" below the files folder.`)
    if (!found.isDirectory()) throw atFolder(`"${folder}" is not a folder of its own; links are not followed.`)
  }
  return at
}

/** A fault of the setting `folder`, which a form shows beside it. */
const atFolder = (message: string): ConfigError => new ConfigError(message, { fields: [{ name: 'folder', message }] })

/** All files of the folder that can be read, in the order of their names. Links, pipes, devices, hidden files and names that begin with `_` are left out. */
export async function listFiles(folder: string, pattern: string): Promise<FoundFile[]> {
  const found: FoundFile[] = []
  await walk('', 0)
  return found.sort((one, other) => (one.path < other.path ? -1 : 1))

  async function walk(below: string, depth: number): Promise<void> {
    for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
      if (/^[._]/.test(entry.name)) continue
      const path = posix.join(below, entry.name)
      if (entry.isDirectory() && depth < DEEPEST) await walk(path, depth + 1)
      const format = FORMATS[posix.extname(entry.name).slice(1).toLowerCase()]
      if (!entry.isFile() || format === undefined || (pattern !== '' && !posix.matchesGlob(path, pattern))) continue
      const stats = await lstat(join(folder, path)).catch(() => null)
      if (stats !== null) found.push({ path, absolute: join(folder, path), format, ...sizeAndTime(stats) })
      if (found.length > MOST_FILES)
        throw new ConfigError(`There are more than ${MOST_FILES} files; choose a folder further down or a narrower pattern.`)
    }
  }
}

/** Opens a file that was found, unless it has meanwhile become something else. Null when it is gone; throws what the system says otherwise. */
export async function openFile(file: FoundFile): Promise<OpenedFile | null> {
  // NONBLOCK: opening a pipe would wait for its other end. NOFOLLOW is not known on Windows.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const handle = await open(file.absolute, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return null
    throw error
  })
  if (handle === null) return null
  try {
    const stats = await handle.stat()
    if (stats.isFile() && (await isWhereItSeems(file)))
      return { ...file, ...sizeAndTime(stats), handle, hash: await hashEnds(handle, stats.size) }
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return null
}

const sizeAndTime = (stats: Stats) => ({ size: stats.size, mtime: Math.round(stats.mtimeMs) })

/** A folder on the way could have been exchanged for a link since the listing. */
async function isWhereItSeems(file: FoundFile): Promise<boolean> {
  const folder = file.absolute.slice(0, file.absolute.length - file.path.length - 1)
  return (await realpath(file.absolute)) === join(await realpath(folder), file.path.split('/').join(sep))
}

async function hashEnds(handle: FileHandle, size: number): Promise<string> {
  const hash = createHash('sha256')
  for (const from of [0, Math.max(0, size - HASHED_BYTES)]) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HASHED_BYTES), 0, HASHED_BYTES, from)
    hash.update(buffer.subarray(0, bytesRead))
  }
  return hash.digest('hex').slice(0, 16)
}
