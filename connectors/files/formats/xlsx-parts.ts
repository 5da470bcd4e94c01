import { fromFdPromise, type Entry, type ZipFile } from 'yauzl'
import type { Content } from '../locations/location.ts'
import { FileFault } from './file-fault.ts'

const MOST_PARTS = 10_000
/** The most that one part may hold unpacked, and how many times its packed size once it is large. */
const LARGEST_PART = 2 * 1024 ** 3
const MOST_TIMES = 500
const HARMLESS = 64 * 1024 ** 2

/** The parts of a workbook, which is a zip archive. Their names are compared and never used as paths. */
export class Parts {
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip
    this.#entries = entries
  }

  /** Whoever opened the file closes it. Throws what the library says about an archive that is damaged or holds names that lead out of it. */
  static async of({ handle }: Content): Promise<Parts> {
    const zip = await fromFdPromise(handle.fd, { autoClose: false, validateEntrySizes: true, strictFileNames: true })
    if (zip.entryCount > MOST_PARTS)
      throw new FileFault(`This workbook has ${zip.entryCount} parts, which no program of tables would write.`)
    const entries = new Map<string, Entry>()
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry)
    return new Parts(zip, entries)
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase())
  }

  /** The bytes of one part, unpacked on the way; nothing when there is no such part. `most` is what it may hold. */
  async *bytes(name: string, most = LARGEST_PART): AsyncGenerator<Uint8Array> {
    const entry = this.#entries.get(name.toLowerCase())
    if (entry === undefined) return
    if (entry.isEncrypted()) throw new FileFault('This workbook is protected by a password. Save it without one.')
    const { compressedSize, uncompressedSize } = entry
    if (uncompressedSize > most || (uncompressedSize > HARMLESS && uncompressedSize > compressedSize * MOST_TIMES))
      throw new FileFault(
        `A part of this workbook (${name}) unpacks to ${Math.round(uncompressedSize / 1e6)} MB, more than is read. Save it as .csv.`,
      )
    // The library holds the part to the size that it says of itself.
    yield* (await this.#zip.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>
  }
}
