import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

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

/** Writes a part: NDJSON with the header first, then each record's own text as a JSON string; compressed with zstd, which checks itself. */
export async function packPart(header: PartHeader, texts: readonly string[]): Promise<PackedPart> {
  const plain = Buffer.from(`${[JSON.stringify(header), ...texts.map((text) => JSON.stringify(text))].join('\n')}\n`)
  const params = { [constants.ZSTD_c_checksumFlag]: 1 }
  return { packed: await compress(plain, { params }), bytes: plain.length, hash: sha256(plain) }
}

/** Reads the texts of a part; null when these are not the bytes that were written. */
export async function unpackPart(packed: Buffer, bytes: number, hash: string): Promise<string[] | null> {
  const plain = await decompress(packed, { maxOutputLength: bytes }).catch(() => null)
  if (plain === null || sha256(plain) !== hash) return null
  const [, ...lines] = plain.toString().trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as string)
}

/** SHA-256 in hex. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
