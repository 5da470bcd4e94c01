import type { FileHandle } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Packing } from '../locations/location.ts'
import { FileFault } from './file-fault.ts'
import { unpackZstd } from './zstd.ts'

/** The most that a file may hold once it is unpacked. */
export const LARGEST_FILE = 2 * 1024 ** 3
/** What unpacks to more than this many times its size is no table but a trap; small files may. */
const MOST_TIMES = 500
const HARMLESS = 64 * 1024 ** 2
const CHUNK = 1 << 18

/** What is unpacked, and how much of it. */
export interface UnpackOptions {
  readonly packing: Packing | null
  /** Stops behind about this many bytes; all when left out. */
  readonly most?: number
}

/**
 * Writes bytes into a file, unpacked, and gives their number; memory does not grow with them. Throws a `FileFault` for bytes that are damaged,
 * too many, or packed too tightly to be a table.
 */
export async function unpackInto(handle: FileHandle, bytes: AsyncIterable<Uint8Array>, options: UnpackOptions): Promise<number> {
  const { packing, most = Infinity } = options
  let packed = 0
  let size = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      packed += chunk.byteLength
      yield chunk
    }
  }
  for await (const chunk of packing === null ? counted() : unpacked(counted(), packing)) {
    await writeWhole(handle, chunk, size)
    size += chunk.byteLength
    if (size > LARGEST_FILE) throw new FileFault(tooLarge(packing))
    if (packing !== null && size > HARMLESS && size > packed * MOST_TIMES)
      throw new FileFault(
        `This file unpacks to more than ${MOST_TIMES} times its size, as a trap would. Unpack it yourself if you trust it.`,
      )
    if (size >= most) break
  }
  return size
}

/** A disk that is nearly full takes a part and says so; only the next piece would be refused, and behind the last one there is none. */
async function writeWhole(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength;) done += (await handle.write(bytes, done, bytes.byteLength - done, at + done)).bytesWritten
}

const tooLarge = (packing: Packing | null): string =>
  packing === null ? 'This file is larger than 2 GB; split it.' : 'This file is larger than 2 GB once it is unpacked; split it.'

async function* unpacked(bytes: AsyncIterable<Uint8Array>, packing: Packing): AsyncGenerator<Uint8Array> {
  try {
    yield* packing === 'zstd' ? unpackZstd(bytes, CHUNK) : unpackGzip(bytes)
  } catch (error) {
    if (isOfUnpacker(error)) throw new FileFault(`This file is damaged or not whole: its ${packing} packing cannot be undone.`, null, error)
    throw error
  }
}

/** Faults of either part arrive at the reader through the last one. */
const unpackGzip = (bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
  pipeline(Readable.from(bytes, { objectMode: false }), createGunzip({ chunkSize: CHUNK }), () => {})

const isOfUnpacker = (error: unknown): boolean => /^(?:Z_|ZSTD_|ERR_ZLIB)/.test(String((error as NodeJS.ErrnoException | null)?.code))
