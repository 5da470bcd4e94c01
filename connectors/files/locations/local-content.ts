import type { FileHandle } from 'node:fs/promises'
import { FileFault } from '../formats/file-fault.ts'
import { checkFormat, checkPacking, LOOKED_AT } from '../formats/first-bytes.ts'
import { openSpool } from '../formats/spool.ts'
import { LARGEST_FILE, unpackInto } from '../formats/unpack.ts'
import type { FoundFile, OpenedFile } from './location.ts'

const CHUNK = 1 << 20
const LONGEST_LINE = 4 << 20
const LF = 10

/** How an open file of this machine gives its content: itself, or unpacked into a file that vanishes when it is closed. */
export function contentOf(file: FoundFile, handle: FileHandle): Pick<OpenedFile, 'content' | 'close'> {
  const open = [handle]
  return {
    async content(most = Infinity) {
      checkPacking(file, await headOf(handle))
      if (file.packing === null) {
        if (file.size > LARGEST_FILE) throw new FileFault('This file is larger than 2 GB; split it.')
        await checkContent(file, handle, file.size)
        return { path: file.path, format: file.format, size: file.size, handle }
      }
      const spool = await openSpool()
      open.push(spool)
      const size = await fillSpool(spool, file, chunksOf(handle, file.size), most)
      return { path: file.path, format: file.format, size, handle: spool }
    },
    close: async () => {
      await Promise.all(open.map((one) => one.close()))
    },
  }
}

/** Unpacks bytes into a spool and looks at what they are; gives the size. With `most`, text may end early, behind a whole line. */
export async function fillSpool(spool: FileHandle, file: FoundFile, bytes: AsyncIterable<Uint8Array>, most: number): Promise<number> {
  const isLines = file.format === 'csv' || file.format === 'ndjson'
  const size = await unpackInto(spool, bytes, { packing: file.packing, most: isLines ? most : Infinity })
  await checkContent(file, spool, size)
  return isLines && size >= most ? endOfLastLine(spool, size) : size
}

/** A file of no bytes at all is a table without rows. */
async function checkContent(file: FoundFile, handle: FileHandle, size: number): Promise<void> {
  if (size > 0) checkFormat(file.format, await headOf(handle))
}

async function headOf(handle: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0)
  return buffer.subarray(0, bytesRead)
}

/** The bytes of a file up to `size`, a piece at a time. */
async function* chunksOf(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size;) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(Math.min(CHUNK, size - at)), 0, Math.min(CHUNK, size - at), at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const from = Math.max(0, size - LONGEST_LINE)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from)
  const at = buffer.subarray(0, bytesRead).lastIndexOf(LF)
  return at === -1 ? size : from + at + 1
}
