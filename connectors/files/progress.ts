import type { Json } from '@handover/sdk'
import type { Place } from './cut.ts'
import type { FoundFile, OpenedFile } from './locations/location.ts'
import { START } from './read.ts'

/** How a file looked when it was read: size, time in milliseconds, hash of its ends; and how many records it held. */
type Seen = readonly [size: number, mtime: number, hash: string, records: number]

/** A file that is being read: how it looks, how far reading has come, and how many records it may have brought before. */
interface Reading {
  readonly path: string
  readonly seen: Seen
  readonly place: Place
  readonly before: number
}

const CLOSED = 'closed'

/** What a cursor says: which files have been read, and where in a file a load stopped. */
export class Progress {
  readonly #files: Map<string, Seen>
  #reading: Reading | null

  constructor(cursor: Json) {
    const { files = {}, reading = null } = (cursor ?? {}) as { files?: Record<string, Seen>; reading?: Reading | null }
    this.#files = new Map(Object.entries(files))
    this.#reading = reading
  }

  /** The cursor for everything that has been handed on so far. */
  toCursor(): Json {
    return { files: Object.fromEntries(this.#files), reading: this.#reading as unknown as Json }
  }

  /** The file that a load stopped in comes first, then the others in their order. */
  inOrder(files: readonly FoundFile[]): FoundFile[] {
    const isFirst = (file: FoundFile): boolean => file.path === this.#reading?.path
    return [...files.filter(isFirst), ...files.filter((file) => !isFirst(file))]
  }

  /** The hash of the version of this file that was read to its end; null when there is none, or when reading stopped inside. */
  known(path: string): string | null {
    return this.#reading?.path === path ? null : (this.#files.get(path)?.[2] ?? null)
  }

  /** Where to read from: the start of a new or changed file, the place in one that was left off; null when it has been read. */
  start(file: OpenedFile): Place | null {
    const known = this.#files.get(file.path)
    const reading = this.#reading?.path === file.path ? this.#reading : null
    if (reading !== null && looksLike(reading.seen, file)) return reading.place
    if (reading === null && known !== undefined && looksLike(known, file)) return null
    const before = Math.max(known?.[3] ?? 0, reading?.before ?? 0, reading?.place.record ?? 0)
    this.#reading = { path: file.path, seen: lookOf(file, 0), place: START, before }
    return START
  }

  /** Notes that the file has been read up to here. */
  advance(place: Place): void {
    this.#reading = { ...this.#reading!, place }
  }

  /** Records that the file brought before and holds no more, as the first and the last of them; null when there are none. */
  gone(): { readonly from: number; readonly to: number } | null {
    const { place, before } = this.#reading!
    return place.record < before ? { from: place.record + 1, to: before } : null
  }

  /** Notes that the file has been read to its end, or as far as it can be when it is broken: what it brought before is still there then. */
  finish(isBroken = false): void {
    const { path, seen, place, before } = this.#reading!
    this.#files.set(path, [seen[0], seen[1], seen[2], isBroken ? Math.max(place.record, before) : place.record])
    this.#reading = null
  }

  /** Notes that a file cannot be opened; false when that was known already. */
  close(file: FoundFile): boolean {
    const known = this.#files.get(file.path)
    if (known?.[2] === CLOSED && known[0] === file.size && known[1] === file.mtime) return false
    this.#files.set(file.path, [file.size, file.mtime, CLOSED, known?.[3] ?? 0])
    return true
  }
}

const lookOf = (file: OpenedFile, records: number): Seen => [file.size, file.mtime, file.hash, records]

const looksLike = ([size, mtime, hash]: Seen, file: OpenedFile): boolean => size === file.size && mtime === file.mtime && hash === file.hash
