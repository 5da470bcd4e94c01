import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ReadableStream } from 'node:stream/web'
import { createTarDecoder, createTarPacker } from 'modern-tar'
import type { DatasetShape } from '@handover/sdk'
import { turn } from '../shared/turn.ts'
import { BackupError } from './backup-error.ts'

/** How archives are laid out. A higher one is of a newer Handover. */
export const FORMAT = 1

const HEAD = 'handover-backup.json'
const END = 'end.json'

/** What a value of a platform table is. */
export type ValueKind = 'text' | 'int' | 'double' | 'boolean' | 'time'

/** A table of the archive: one of the platform, by its columns, or one of a dataset, by its shape. */
export type ArchivedTable =
  | { readonly name: string; readonly columns: readonly { readonly name: string; readonly kind: ValueKind }[] }
  | { readonly name: string; readonly shape: DatasetShape }

/** What stands first in an archive. */
export interface ArchiveHead {
  readonly format: number
  /** Version of Handover that made it. */
  readonly handover: string
  /** ISO 8601. */
  readonly createdAt: string
  /** Names of the migrations that made the platform's tables, oldest first. */
  readonly migrations: readonly string[]
  /** Which key seals the secrets, and whether it is inside; null when there was none. */
  readonly key: { readonly id: string; readonly inside: boolean } | null
  readonly tables: readonly ArchivedTable[]
}

/** How much of everything an archive holds. */
export interface ArchiveCounts {
  /** By table. */
  readonly rows: Readonly<Record<string, number>>
  readonly rawFiles: number
  readonly pictures: number
  readonly files: number
  /** Raw files and pictures that the database knows and the disk did not have. */
  readonly missing: number
}

/** What stands last, so that one byte more or less shows. */
export interface ArchiveEnd extends ArchiveCounts {
  readonly entries: number
  /** SHA-256 in hex of the names, sizes, times and bytes of all entries before. */
  readonly sha256: string
}

/** One file of an archive. */
export interface ArchiveEntry {
  readonly name: string
  /** When it was last changed, in milliseconds; null where that says nothing. */
  readonly changedAt: number | null
  /** Can be taken once. */
  readonly chunks: AsyncIterable<Uint8Array>
}

/** What is said of an entry before its bytes come. */
type Announced = Pick<ArchiveEntry, 'name' | 'changedAt'> & { readonly size: number }
type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** What the hash has of it. */
const stamp = ({ name, size, changedAt }: Announced): string => `${name}\n${size}\n${changedAt === null ? '' : `${changedAt}\n`}`

/** Writes an archive: a tar file, entry by entry, no faster than `sink` takes it. */
export class ArchiveWriter {
  readonly #packer = createTarPacker()
  readonly #hash = createHash('sha256')
  readonly #written: Promise<void>
  #entries = 0

  private constructor(sink: Writable) {
    this.#written = pipeline(Readable.fromWeb(this.#packer.readable as ReadableStream), sink)
    // Whoever adds or finishes is told.
    this.#written.catch(() => undefined)
  }

  static async begin(sink: Writable, head: ArchiveHead): Promise<ArchiveWriter> {
    const writer = new ArchiveWriter(sink)
    await writer.add(HEAD, text(head))
    return writer
  }

  add(name: string, bytes: Uint8Array): Promise<void> {
    return this.addStream({ name, size: bytes.length, changedAt: null }, [bytes])
  }

  /** An entry of so many bytes, which are not held in memory at once. */
  async addStream(entry: Announced, chunks: Chunks): Promise<void> {
    this.#entries += 1
    this.#hash.update(stamp(entry))
    await this.#put(entry, chunks, (chunk) => this.#hash.update(chunk))
  }

  /** Closes the archive; resolves when all of it has been taken. */
  async finish(counts: ArchiveCounts): Promise<void> {
    const end = text({ entries: this.#entries, ...counts, sha256: this.#hash.digest('hex') } satisfies ArchiveEnd)
    await this.#put({ name: END, size: end.length, changedAt: null }, [end], () => undefined)
    this.#packer.controller.finalize()
    await this.#written
  }

  /** Ends early; what was written is of no use. */
  abort(reason: Error): void {
    this.#packer.controller.error(reason)
  }

  async #put({ name, size, changedAt }: Announced, chunks: Chunks, note: (chunk: Uint8Array) => unknown): Promise<void> {
    // The header of tar has seconds.
    const time = changedAt === null ? {} : { pax: { mtime: String(changedAt / 1000) } }
    try {
      const writer = this.#packer.controller.add({ name, size, type: 'file', mode: 0o600, ...time }).getWriter()
      for await (const chunk of chunks) {
        note(chunk)
        await writer.write(chunk)
      }
      await writer.close()
    } catch (error) {
      // A sink that fails ends the packer with a word of its own; the reason is with the sink.
      await Promise.race([this.#written, turn()])
      throw error
    }
  }
}

const text = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`)

/**
 * Reads an archive to its end: its head first, then each entry as `take` wants it. Throws a `BackupError` when it is none, is of a newer format, was
 * cut off or changed; entries may have been taken by then, so look at it once without taking anything.
 */
export async function readArchive(
  file: string,
  take: (entry: ArchiveEntry, head: ArchiveHead) => Promise<void> = async () => undefined,
): Promise<{ head: ArchiveHead; end: ArchiveEnd }> {
  const hash = createHash('sha256')
  let head: ArchiveHead | null = null
  let entries = 0
  for await (const { header, body } of entriesOf(file, () => head !== null)) {
    const { name, size, pax } = header
    if (name === END && head !== null) return { head, end: checkedEnd(await bytesOf(noted(body, file)), entries, hash.digest('hex'), file) }
    const changedAt = pax?.['mtime'] === undefined ? null : Math.round(Number(pax['mtime']) * 1000)
    hash.update(stamp({ name, size, changedAt }))
    const chunks = noted(body, file, (chunk) => hash.update(chunk))
    if (head === null) head = await readHead(name, chunks, file)
    else await take({ name, changedAt, chunks }, head)
    // What was not taken counts as well.
    for await (const _ of chunks);
    entries += 1
  }
  throw head === null ? noArchive(file) : damaged(file)
}

/** The bytes of an entry, each told to `note`. */
async function* noted(body: AsyncIterable<Uint8Array>, file: string, note?: (chunk: Uint8Array) => unknown): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      note?.(chunk)
      yield chunk
    }
  } catch (cause) {
    throw damaged(file, cause)
  }
}

/** All bytes of an entry. */
export async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of chunks) parts.push(part)
  return Buffer.concat(parts)
}

async function* entriesOf(file: string, hasBegun: () => boolean): AsyncGenerator<TarEntry> {
  const bytes = createReadStream(file, { highWaterMark: 1024 * 1024 })
  try {
    await once(bytes, 'open')
  } catch (cause) {
    throw new BackupError(`The archive ${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
  const entries = ReadableStream.from<Uint8Array>(bytes).pipeThrough(
    createTarDecoder({ strict: true }) as never,
  ) as ReadableStream<TarEntry>
  try {
    yield* entries
  } catch (cause) {
    if (cause instanceof BackupError) throw cause
    throw hasBegun() ? damaged(file, cause) : noArchive(file, cause)
  } finally {
    bytes.destroy()
  }
}

interface TarEntry {
  readonly header: { readonly name: string; readonly size: number; readonly pax?: Readonly<Record<string, string>> }
  readonly body: ReadableStream<Uint8Array>
}

async function readHead(name: string, chunks: AsyncIterable<Uint8Array>, file: string): Promise<ArchiveHead> {
  if (name !== HEAD) throw noArchive(file)
  const head = parsed<ArchiveHead>(await bytesOf(chunks), file)
  if (head.format <= FORMAT) return head
  throw new BackupError(
    `The archive ${file} was made by Handover ${head.handover}, in a way that this one does not know. Use that version, or a newer one.`,
  )
}

function checkedEnd(bytes: Buffer, entries: number, sha256: string, file: string): ArchiveEnd {
  const end = parsed<ArchiveEnd>(bytes, file)
  if (end.entries !== entries || end.sha256 !== sha256) throw damaged(file)
  return end
}

function parsed<T>(bytes: Buffer, file: string): T {
  try {
    return JSON.parse(bytes.toString()) as T
  } catch (cause) {
    throw damaged(file, cause)
  }
}

const noArchive = (file: string, cause?: unknown): BackupError =>
  new BackupError(`${file} is no backup of Handover. Name a file that "handover backup" has written.`, { cause })

const damaged = (file: string, cause?: unknown): BackupError =>
  new BackupError(
    `The archive ${file} is damaged or was cut off, so nothing of it was restored. Take another copy of it, or an older backup.`,
    { cause },
  )
