import { pipeline, Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { SourceError } from './errors.ts'

/** Encodings that are asked for and understood. Not zstd: Node's stream ends after the first frame, and what follows would be lost without a word. */
export const ACCEPT_ENCODING = 'gzip, deflate, br'

/** Reads a body to its end, decompressed; a `SourceError` when it grows beyond `max` bytes, counted after decompression. */
export async function readBody(body: AsyncIterable<Uint8Array>, encoding: string | undefined, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of await decoded(body, encoding)) {
    size += chunk.byteLength
    if (size > max)
      throw new SourceError(`The source sent more than ${Math.round(max / 1_000_000)} MB at once.`, { code: 'SOURCE_TOO_LARGE' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/** The body unpacked. Throws a `SourceError` for an encoding that is not known. */
export async function decoded(body: AsyncIterable<Uint8Array>, encoding = ''): Promise<AsyncIterable<Uint8Array>> {
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  if (names.length === 0) return body
  if (names.length > 2) throw new SourceError('The source packed its answer more than twice.', { code: 'SOURCE_ENCODING' })
  let stream = Readable.from(body)
  for (const name of names.reverse()) {
    const unpack = await decompressor(name, stream)
    // Errors of every part arrive at the reader through the last stream.
    stream = pipeline(stream, unpack, () => {})
  }
  return stream
}

async function decompressor(name: string, stream: Readable): Promise<Transform> {
  if (name === 'gzip' || name === 'x-gzip') return createGunzip()
  if (name === 'br') return createBrotliDecompress()
  if (name === 'deflate') return (await looksLikeZlib(stream)) ? createInflate() : createInflateRaw()
  throw new SourceError(`The source packed its answer as "${name.slice(0, 30)}", which is not known.`, { code: 'SOURCE_ENCODING' })
}

/** Some servers send bare deflate where the standard asks for zlib around it: the first byte tells. */
async function looksLikeZlib(stream: Readable): Promise<boolean> {
  if (!stream.readable) return true
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    stream.unshift(chunk)
    return ((chunk[0] ?? 0) & 0x0f) === 8
  }
  return true
}

/** Bytes as text in the charset that the answer names, else UTF-8. Bytes that are no such text are refused, never replaced. */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch (error) {
    throw new SourceError(`The source sent bytes that are not text in ${charset.slice(0, 30)}.`, { code: 'SOURCE_NOT_TEXT', cause: error })
  }
}
