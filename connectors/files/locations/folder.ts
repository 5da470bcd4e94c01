import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, readlink, realpath, type FileHandle } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { ConfigError } from '@handover/sdk'
import { kindOfName } from '../formats/endings.ts'
import { contentOf } from './local-content.ts'
import type { FoundFile, Location, OpenedFile } from './location.ts'

/** The most files of one source. */
export const MOST_FILES = 10_000
const DEEPEST = 16
const HASHED_BYTES = 4096
/** The most bytes of a small file beside the others. */
export const LARGEST_TEXT = 1_000_000
const ODD_NAME = 'The name of this file is not UTF-8, so that it cannot be opened by it. Give it another name.'

/** A folder below the files folder of Handover. What lies elsewhere is never opened, whatever links, names and folders say meanwhile. */
export class Folder implements Location {
  readonly #at: string
  readonly #pattern: string

  private constructor(at: string, pattern: string) {
    this.#at = at
    this.#pattern = pattern
  }

  /** A real folder below the root: no `..`, no absolute path, no link. Throws a `ConfigError`. */
  static async at(root: string, folder: string, pattern: string): Promise<Folder> {
    const parts = folder.split('/').filter((part) => part !== '' && part !== '.')
    if (/^[/\\]|\\|\0|^[A-Za-z]:/.test(folder) || parts.includes('..'))
      throw atFolder(
        `The folder "${folder}" must lie below the files folder: names with / between them, without .. and without / in front.`,
      )
    let at = await realpath(root).catch(() => {
      throw new ConfigError('The files folder does not exist.')
    })
    for (const part of ['', ...parts]) {
      at = join(at, part)
      const found = await lstat(at).catch(() => null)
      if (found === null) throw atFolder(`There is no folder "${folder}" below the files folder.`)
      if (!found.isDirectory()) throw atFolder(`"${folder}" is not a folder of its own; links are not followed.`)
    }
    return new Folder(at, pattern)
  }

  /** Links, pipes, devices, hidden files and names that begin with `_` are left out. */
  async list(): Promise<FoundFile[]> {
    const found: FoundFile[] = []
    await this.#walk('', 0, found)
    return found.sort((one, other) => (one.path < other.path ? -1 : 1))
  }

  async #walk(below: string, depth: number, found: FoundFile[]): Promise<void> {
    for (const entry of await entriesOf(join(this.#at, below), below)) {
      if (/^[._]/.test(entry.name)) continue
      const path = posix.join(below, entry.name)
      if (entry.isDirectory() && depth < DEEPEST) await this.#walk(path, depth + 1, found)
      const kind = kindOfName(entry.name)
      if (!entry.isFile() || kind === null || (this.#pattern !== '' && !posix.matchesGlob(path, this.#pattern))) continue
      const stats = await lstat(join(this.#at, path)).catch(() => null)
      if (stats !== null) found.push({ ...kind, path, ...sizeAndTime(stats) })
      // Names that are no UTF-8 come with a sign of their own in the place of what could not be read.
      else if (path.includes('\ufffd')) found.push({ ...kind, path, size: 0, mtime: 0, refused: ODD_NAME })
      if (found.length > MOST_FILES)
        throw new ConfigError(`There are more than ${MOST_FILES} files; choose a folder further down or a narrower pattern.`)
    }
  }

  /** Null also for what has meanwhile become something else than a file of this folder; throws what the system says otherwise. */
  async open(file: FoundFile): Promise<OpenedFile | null> {
    const handle = await this.#openSafely(file.path)
    if (handle === null) return null
    try {
      const stats = await handle.stat()
      const opened = { ...file, ...sizeAndTime(stats), hash: await hashEnds(handle, stats.size) }
      return { ...opened, ...contentOf(opened, handle) }
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  async text(name: string): Promise<string | null> {
    const handle = await this.#openSafely(name).catch((error: NodeJS.ErrnoException) => {
      throw new ConfigError(`The file ${name} cannot be opened (${error.code}).`, { cause: error })
    })
    if (handle === null) return null
    try {
      const { size } = await handle.stat()
      if (size > LARGEST_TEXT) throw new ConfigError(`The file ${name} is larger than 1 MB.`)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await handle.close()
    }
  }

  async #openSafely(path: string): Promise<FileHandle | null> {
    const absolute = join(this.#at, path)
    // NONBLOCK: opening a pipe would wait for its other end. NOFOLLOW is not known on Windows.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
    const handle = await open(absolute, flags).catch((error: NodeJS.ErrnoException) => {
      // ENXIO: a socket, which cannot be opened at all.
      if (['ENOENT', 'ELOOP', 'ENOTDIR', 'ENXIO'].includes(error.code ?? '')) return null
      throw error
    })
    if (handle === null) return null
    const isOurs = await isFileAt(handle, absolute).catch(() => false)
    if (isOurs) return handle
    await handle.close()
    return null
  }
}

/** A fault of the setting `folder`, which a form shows beside it. */
const atFolder = (message: string, cause?: unknown): ConfigError =>
  new ConfigError(message, { fields: [{ name: 'folder', message }], cause })

async function entriesOf(absolute: string, below: string) {
  return readdir(absolute, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    // Gone since the folder above was listed.
    if (below !== '' && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    const which = below === '' ? 'The folder' : `The folder "${below}"`
    throw atFolder(`${which} cannot be opened (${error.code}). Let whoever runs Handover give it the right to read it.`, error)
  })
}

/**
 * A folder on the way could have been exchanged for a link between the listing and now. On Linux the system is asked what it opened; elsewhere
 * the way is looked at again, and must lead to the very file that was opened.
 */
async function isFileAt(handle: FileHandle, absolute: string): Promise<boolean> {
  const opened = await handle.stat()
  if (!opened.isFile()) return false
  if (process.platform === 'linux') return (await readlink(`/proc/self/fd/${handle.fd}`)) === absolute
  const now = await lstat(absolute)
  return (await realpath(absolute)) === absolute && now.ino === opened.ino && now.dev === opened.dev
}

const sizeAndTime = (stats: Stats) => ({ size: stats.size, mtime: Math.round(stats.mtimeMs) })

async function hashEnds(handle: FileHandle, size: number): Promise<string> {
  const hash = createHash('sha256')
  for (const from of [0, Math.max(0, size - HASHED_BYTES)]) {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HASHED_BYTES), 0, HASHED_BYTES, from)
    hash.update(buffer.subarray(0, bytesRead))
  }
  return hash.digest('hex').slice(0, 16)
}
