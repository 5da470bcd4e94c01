import { access, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json, Media } from '@handover/sdk'
import { In, IsNull, MoreThan, MoreThanOrEqual, type EntityManager } from 'typeorm'
import type { Clock } from '../shared/clock.ts'
import { LakeError, NotFoundError } from '../shared/errors.ts'
import { newId } from '../shared/ids.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { writeDurably } from './durable-file.ts'
import { LakePart } from './lake-part.entity.ts'
import { MediaStore, type StoredMedia } from './media-store.ts'
import { packPart, unpackPart } from './part-file.ts'
import type { Head } from './part-lines.ts'
import { safeName } from './safe-name.ts'

export { writeDurably } from './durable-file.ts'
export { LakePart } from './lake-part.entity.ts'
export { MediaEntry } from './media.entity.ts'
export { mostMediaBytes } from './media-check.ts'
export type { Head } from './part-lines.ts'
export type { StoredMedia } from './media-store.ts'

/** A page of a source, to be kept for ever. */
export interface LandedPage {
  readonly sourceId: string
  readonly slug: string
  readonly stream: string
  readonly loadId: string
  /** Key of its partition; left out for a stream of one piece. */
  readonly partition?: string
  readonly request: string | null
  readonly cursor: Json | undefined
  /** Each record's own text, without what the heads say. */
  readonly texts: readonly string[]
  /** What texts begin with, in the order of the records; left out when they are whole. */
  readonly heads?: readonly Head[]
}

/** What is kept of one stream of a source. */
export interface StreamSize {
  readonly parts: number
  readonly records: number
  /** Bytes of the texts, and of the packed files on disk. */
  readonly bytes: number
  readonly storedBytes: number
  /** When the oldest and newest part landed; null when there is none. */
  readonly firstAt: Date | null
  readonly lastAt: Date | null
}

/** Parts whose texts are kept in memory for people who look at raw records. */
const partsInMemory = 3
/** Parts that are read from the manifest in one go. */
const partsAtOnce = 1000

/** Keeps every page of every source as it was answered, in files that are never changed, with a manifest in the database. */
export class LakeService {
  readonly #folder: string
  readonly #db: Database
  readonly #clock: Clock
  readonly #media: MediaStore
  readonly #recent = new Map<number, string[]>()

  /** `folder` is made when the first page lands. */
  constructor(folder: string, db: Database, clock: Clock) {
    this.#folder = folder
    this.#db = db
    this.#clock = clock
    this.#media = new MediaStore(folder, db, clock)
  }

  /**
   * Keeps a page. When this resolves, file and manifest entry survive a power cut. What `guard` throws, in the transaction that writes the entry,
   * keeps the page out of the lake: a file without an entry is read by nobody. Throws a `LakeError`.
   */
  async land(page: LandedPage, guard: (m: EntityManager) => Promise<void> = async () => undefined): Promise<LakePart> {
    const landedAt = this.#clock.now()
    const time = landedAt.toISOString()
    const { sourceId, slug, stream, loadId, request, partition = '' } = page
    const header = { source: slug, stream, load: loadId, time, request, records: page.texts.length }
    const { packed, bytes, hash } = await packPart(header, page.texts, page.heads)
    const path = `${slug}/${safeName(stream)}/${time.slice(0, 10)}/${time.slice(11, 23).replaceAll(/[:.]/g, '')}-${newId().slice(-12)}.ndjson.zst`
    await writeDurably(this.#fileOf(path), packed)
    const cursor = page.cursor === undefined ? null : JSON.stringify(page.cursor)
    const part = { sourceId, slug, stream, loadId, partition, path, landedAt, request, cursor, hash, bytes, storedBytes: packed.length }
    return this.#db.transaction(async (m) => {
      await guard(m)
      return m.save(LakePart, { ...part, records: page.texts.length, abandoned: false, removedAt: null } as LakePart)
    })
  }

  /** The whole texts of a part, checked against its hash. Throws a `LakeError` when the file is missing or damaged. */
  async texts(partId: number): Promise<string[]> {
    return this.#read(await this.#part(partId))
  }

  /** One record's own text and where it came from; `line` counts from 0. */
  async record(partId: number, line: number): Promise<{ text: string; part: LakePart }> {
    const part = await this.#part(partId)
    const texts = this.#recent.get(partId) ?? (await this.#read(part))
    this.#remember(partId, texts)
    const text = texts[line]
    if (text === undefined)
      throw new NotFoundError(`Part ${partId} of the lake has ${texts.length} records, so there is no record ${line}.`)
    return { text, part }
  }

  /** Parts of a stream from `part` onward that may be worked off, oldest first. */
  after(sourceId: string, stream: string, part: number): Promise<LakePart[]> {
    const where = { sourceId, stream, abandoned: false, removedAt: IsNull(), id: MoreThanOrEqual(part) }
    return this.#db.read.manager.find(LakePart, { where, order: { id: 'ASC' } })
  }

  /** No load works off what has landed of a stream until now; it stays readable. */
  async abandon(sourceId: string, stream: string): Promise<void> {
    await this.#db.write.manager.update(LakePart, { sourceId, stream, abandoned: false }, { abandoned: true })
  }

  /** How much lies in the lake: parts, and bytes on disk without pictures. */
  async size(): Promise<{ parts: number; bytes: number }> {
    const parts = this.#db.read.getRepository(LakePart)
    const there = { removedAt: IsNull() }
    return { parts: await parts.countBy(there), bytes: Number((await parts.sum('storedBytes', there)) ?? 0) }
  }

  /** How much of a stream is kept, and since when. */
  async streamSize(sourceId: string, stream: string): Promise<StreamSize> {
    const parts = this.#db.read.getRepository(LakePart)
    const where = { sourceId, stream, removedAt: IsNull() }
    const [count, records, bytes, storedBytes, first, last] = await Promise.all([
      parts.countBy(where),
      parts.sum('records', where),
      parts.sum('bytes', where),
      parts.sum('storedBytes', where),
      parts.findOne({ select: { landedAt: true }, where, order: { id: 'ASC' } }),
      parts.findOne({ select: { landedAt: true }, where, order: { id: 'DESC' } }),
    ])
    return {
      ...{ parts: count, records: Number(records ?? 0), bytes: Number(bytes ?? 0), storedBytes: Number(storedBytes ?? 0) },
      ...{ firstAt: first?.landedAt ?? null, lastAt: last?.landedAt ?? null },
    }
  }

  /** How many of the newest parts, `among` at most, have no file: with all of them gone, another folder was mounted than the one they were written to. */
  async missing(among = 20): Promise<{ looked: number; missing: number }> {
    const newest = await this.#db.read.manager.find(LakePart, {
      select: { id: true, path: true },
      where: { removedAt: IsNull() },
      order: { id: 'DESC' },
      take: among,
    })
    const found = await Promise.all(
      newest.map(({ path }) =>
        access(this.#fileOf(path)).then(
          () => true,
          () => false,
        ),
      ),
    )
    return { looked: newest.length, missing: found.filter((isThere) => !isThere).length }
  }

  /** All parts that are there, oldest first, some at a time. */
  async *oldestFirst(): AsyncGenerator<LakePart[]> {
    for (let last = 0; ;) {
      const some = await this.#db.read.manager.find(LakePart, {
        where: { id: MoreThan(last), removedAt: IsNull() },
        order: { id: 'ASC' },
        take: partsAtOnce,
      })
      if (some.length === 0) return
      yield some
      last = some.at(-1)!.id
    }
  }

  /** Removes the files of parts; their lines in the manifest stay and say when. A file that a crash leaves is read by nobody. */
  async remove(parts: readonly LakePart[]): Promise<void> {
    const removed = { removedAt: this.#clock.now() }
    await this.#db.transaction((m) => m.update(LakePart, { id: In(parts.map(({ id }) => id)) }, removed))
    for (const { id, path } of parts) {
      this.#recent.delete(id)
      await rm(this.#fileOf(path), { force: true })
    }
  }

  /** Keeps a picture under its key. Throws a `RecordError` for what cannot safely be shown, a `LakeError` when the disk refuses. */
  putMedia(slug: string, key: string, media: Media): Promise<void> {
    return this.#media.put(slug, key, media)
  }

  getMedia(slug: string, key: string): Promise<StoredMedia | null> {
    return this.#media.get(slug, key)
  }

  /** Those of the keys that have no picture yet, each once. */
  missingMedia(slug: string, keys: readonly string[]): Promise<string[]> {
    return this.#media.missing(slug, keys)
  }

  async #part(id: number): Promise<LakePart> {
    const part = await this.#db.read.manager.findOneBy(LakePart, { id })
    if (!part) throw new NotFoundError(`There is no part ${id} in the lake.`)
    return part
  }

  async #read(part: LakePart): Promise<string[]> {
    if (part.removedAt !== null) {
      const day = part.removedAt.toISOString().slice(0, 10)
      throw new LakeError(
        'LAKE_REMOVED',
        `The raw record is not kept any more: it was removed on ${day} because of its age. The row stays as it is.`,
      )
    }
    const file = this.#fileOf(part.path)
    const remedy = 'Put it back from a backup of the data folder.'
    const packed = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
      throw new LakeError('LAKE_MISSING', `The raw file ${part.path} of the lake cannot be read. ${remedy}`, {
        cause,
        detail: cause.message,
      })
    })
    const texts = await unpackPart(packed, part.bytes, part.hash)
    if (texts?.length === part.records) return texts
    throw new LakeError('LAKE_DAMAGED', `The raw file ${part.path} of the lake is not as it was written. ${remedy}`)
  }

  #remember(id: number, texts: string[]): void {
    this.#recent.delete(id)
    this.#recent.set(id, texts)
    if (this.#recent.size > partsInMemory) this.#recent.delete(this.#recent.keys().next().value!)
  }

  #fileOf(path: string): string {
    return join(this.#folder, ...path.split('/'))
  }
}
