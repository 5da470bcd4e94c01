import type { FileHandle } from 'node:fs/promises'
import { LOOKED_AT, markOf } from '../formats/first-bytes.ts'
import { openSpool } from '../formats/spool.ts'
import { fillSpool } from './local-content.ts'
import type { Content, FoundFile } from './location.ts'

/** Bytes that came from elsewhere, on this machine; whoever asked for them closes the handle. */
export interface Fetched {
  readonly handle: FileHandle
  readonly content: Content
}

/**
 * Fetches a file into one that vanishes when it is closed. How it is packed is told by its bytes: a server may have unpacked it on the way.
 * `most` is as for `OpenedFile.content`.
 */
export async function fetchContent(file: FoundFile, body: AsyncIterable<Uint8Array>, most = Infinity): Promise<Fetched> {
  const handle = await openSpool()
  try {
    const { head, bytes } = await peek(body)
    const size = await fillSpool(handle, { ...file, packing: markOf(head)?.packing ?? null }, bytes, most)
    return { handle, content: { path: file.path, format: file.format, size, handle } }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** The first bytes, and all of them. */
async function peek(body: AsyncIterable<Uint8Array>): Promise<{ head: Buffer; bytes: AsyncIterable<Uint8Array> }> {
  const chunks = body[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let size = 0
  while (size < LOOKED_AT) {
    const { value, done } = await chunks.next()
    if (done === true) break
    first.push(value)
    size += value.byteLength
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* first
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value
    } finally {
      await chunks.return?.()
    }
  }
  return { head: Buffer.concat(first).subarray(0, LOOKED_AT), bytes: all() }
}
