import { randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A file for as long as it is open, in the folder that the system keeps for such files (TMPDIR): its name is taken away at once, so that nothing
 * stays behind whatever happens. Whoever asked for it closes it.
 */
export async function openSpool(): Promise<FileHandle> {
  const path = join(tmpdir(), `handover-${randomUUID()}`)
  const handle = await open(path, 'wx+', 0o600)
  try {
    await unlink(path)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}
