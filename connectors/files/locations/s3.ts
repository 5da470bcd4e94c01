import { posix } from 'node:path'
import { ConfigError, SourceError, type Context } from '@handover/sdk'
import { kindOfName } from '../formats/endings.ts'
import type { Settings } from '../settings.ts'
import { atSetting } from './faults.ts'
import { LARGEST_TEXT, MOST_FILES } from './folder.ts'
import type { FoundFile, Location, OpenedFile } from './location.ts'
import { fetchContent } from './remote-content.ts'
import { S3Client } from './s3-client.ts'
import { listObjects } from './s3-list.ts'

const ODD_KEY = 'The name of this object holds a part that is empty, . or .., which no web address can carry. Give it another name.'

/** The files of a bucket, or of one folder in it. */
export class S3Folder implements Location {
  readonly #client: S3Client
  readonly #bucket: string
  readonly #prefix: string
  readonly #pattern: string
  readonly #etags = new Map<string, string>()

  /** Throws a `ConfigError` for an address that is none. */
  constructor(context: Context<Settings>, address: string) {
    const match = /^s3:\/\/([^/?#]+)(?:\/([^?#]*))?$/i.exec(address)
    if (match === null) throw atSetting('address', `"${address}" is no address of storage. Write it like s3://bucket/folder.`)
    this.#client = new S3Client(context)
    this.#bucket = match[1]!
    this.#prefix = (match[2] ?? '').replace(/^\/+|\/+$/g, '')
    this.#pattern = context.config.pattern
  }

  async list(): Promise<FoundFile[]> {
    const found: FoundFile[] = []
    for await (const { key, size, mtime, etag } of listObjects(this.#client, this.#bucket, this.#prefix)) {
      const below = this.#below(key)
      const kind = kindOfName(key)
      if (below === null || kind === null || below.split('/').some((part) => /^[._]/.test(part) && part !== '.' && part !== '..')) continue
      if (this.#pattern !== '' && !posix.matchesGlob(below, this.#pattern)) continue
      const isOdd = key.split('/').some((part) => part === '' || part === '.' || part === '..')
      this.#etags.set(key, etag)
      found.push({ ...kind, path: key, size, mtime, ...(isOdd && { refused: ODD_KEY }) })
      if (found.length > MOST_FILES)
        throw atSetting('address', `There are more than ${MOST_FILES} files; choose a folder further down or a narrower pattern.`)
    }
    return found.sort((one, other) => (one.path < other.path ? -1 : 1))
  }

  /** The name of an object within the folder; null for one beside it, such as `sales2` beside `sales`. */
  #below(key: string): string | null {
    if (this.#prefix === '') return key
    if (key === this.#prefix) return posix.basename(key)
    return key.startsWith(`${this.#prefix}/`) ? key.slice(this.#prefix.length + 1) : null
  }

  /** The listing tells the version already, so nothing is asked before the content is wanted. */
  async open(file: FoundFile): Promise<OpenedFile> {
    let handle: { close(): Promise<void> } | null = null
    return {
      ...file,
      hash: this.#etags.get(file.path) ?? '',
      content: async (most) => {
        const answer = await this.#client.stream(this.#bucket, file.path)
        if (answer === null) throw new SourceError(`${file.path} was there a moment ago and is gone.`)
        const fetched = await fetchContent(file, answer.body, most)
        handle = fetched.handle
        return fetched.content
      },
      close: async () => handle?.close(),
    }
  }

  async text(name: string): Promise<string | null> {
    const answer = await this.#client.stream(this.#bucket, this.#prefix === '' ? name : `${this.#prefix}/${name}`)
    if (answer === null) return null
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of answer.body) {
      size += chunk.byteLength
      if (size > LARGEST_TEXT) throw new ConfigError(`The file ${name} is larger than 1 MB.`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString('utf8')
  }
}
