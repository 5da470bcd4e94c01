import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Media } from '@handover/sdk'
import { In } from 'typeorm'
import type { Clock } from '../shared/clock.ts'
import { LakeError } from '../shared/errors.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { writeDurably } from './durable-file.ts'
import { checkMedia } from './media-check.ts'
import { MediaEntry } from './media.entity.ts'
import { sha256 } from './part-file.ts'

/** A picture as it is served. */
export interface StoredMedia {
  readonly bytes: Buffer
  readonly type: string
  readonly hash: string
}

const keysPerQuestion = 500

/** Keeps pictures by the hash of their bytes, so that equal ones lie on disk once. */
export class MediaStore {
  readonly #folder: string
  readonly #db: Database
  readonly #clock: Clock

  constructor(folder: string, db: Database, clock: Clock) {
    this.#folder = folder
    this.#db = db
    this.#clock = clock
  }

  async put(slug: string, key: string, media: Media): Promise<void> {
    checkMedia(key, media)
    const hash = sha256(media.bytes)
    const file = this.#fileOf(hash)
    const known = await access(file).then(
      () => true,
      () => false,
    )
    if (!known) await writeDurably(file, media.bytes)
    const entry = { slug, key, hash, type: media.type, bytes: media.bytes.length, at: this.#clock.now() }
    await this.#db.write.manager.upsert(MediaEntry, entry, ['slug', 'key'])
  }

  async get(slug: string, key: string): Promise<StoredMedia | null> {
    const entry = await this.#db.read.manager.findOneBy(MediaEntry, { slug, key })
    if (!entry) return null
    const bytes = await readFile(this.#fileOf(entry.hash)).catch((cause: unknown) => {
      throw new LakeError('LAKE_MISSING', `The picture "${key}" is not in the lake any more. Put the media folder back from a backup.`, {
        cause,
      })
    })
    if (sha256(bytes) === entry.hash) return { bytes, type: entry.type, hash: entry.hash }
    throw new LakeError('LAKE_DAMAGED', `The picture "${key}" is not as it was written. Put the media folder back from a backup.`)
  }

  /** Those of the keys that have no picture yet, each once. */
  async missing(slug: string, keys: readonly string[]): Promise<string[]> {
    const missing = new Set(keys)
    const asked = [...missing]
    for (let from = 0; from < asked.length; from += keysPerQuestion) {
      const where = { slug, key: In(asked.slice(from, from + keysPerQuestion)) }
      for (const { key } of await this.#db.read.manager.find(MediaEntry, { select: { key: true }, where })) missing.delete(key)
    }
    return [...missing]
  }

  #fileOf(hash: string): string {
    return join(this.#folder, 'media', hash.slice(0, 2), hash)
  }
}
