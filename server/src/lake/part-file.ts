import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { linesOf, readTexts, type Head } from './part-lines.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Level 3, the usual one, takes a third more time for 2 % less. */
const level = 1
/** Bytes that come from the compressor at once; its own 16 kB mean many small steps. */
const chunkSize = 256 * 1024

/** What the first line of a part says about the rest, so that a part explains itself without the database. */
export interface PartHeader {
  readonly source: string
  readonly stream: string
  readonly load: string
  readonly time: string
  readonly request: string | null
  readonly records: number
}

/** A part as it lies on disk. */
export interface PackedPart {
  readonly packed: Buffer
  /** Size before compression. */
  readonly bytes: number
  /** SHA-256 of the bytes before compression, in hex. */
  readonly hash: string
}

/** Writes a part: a line with the header, then one for each record; compressed with zstd, which checks itself. */
export async function packPart(header: PartHeader, texts: readonly string[], heads: readonly Head[] = []): Promise<PackedPart> {
  const plain = Buffer.from(`${[JSON.stringify({ ...header, format: 2 }), ...linesOf(texts, heads)].join('\n')}\n`)
  const params = { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: level }
  const [packed, hash] = await Promise.all([compress(plain, { params, chunkSize }), sha256Aside(plain)])
  return { packed, bytes: plain.length, hash }
}

/** Reads the texts of a part; null when these are not the bytes that were written. */
export async function unpackPart(packed: Buffer, bytes: number, hash: string): Promise<string[] | null> {
  const plain = await decompress(packed, { maxOutputLength: bytes }).catch(() => null)
  if (plain === null || (await sha256Aside(plain)) !== hash) return null
  const [header, ...lines] = plain.toString().slice(0, -1).split('\n')
  const { format = 1 } = JSON.parse(header!) as { format?: number }
  return format === 1 ? lines.map((line) => JSON.parse(line) as string) : readTexts(lines)
}

/** SHA-256 in hex. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The same beside the thread of the program. */
const sha256Aside = async (bytes: Buffer): Promise<string> => Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
