import { access, constants, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fault, ok, warning, type Check } from '../../../shared/check.ts'
import { newId } from '../../../shared/ids.ts'
import { bytes } from '../words.ts'

/** Less than this is gone soon. */
const LITTLE = 1_000_000_000
/** Less than this does not hold the next loads. */
const TOO_LITTLE = 100_000_000

/** Whether the data folder can be written and its disk has room. The folder is not made; a file that is written there is removed again. */
export async function checkFolder(folder: string): Promise<Check[]> {
  const place = await existing(folder)
  const check = place === folder ? await tryWriting(folder) : await tryMaking(folder, place)
  const { bavail, bsize } = await statfs(place)
  return [check, checkRoom(bavail * bsize, place)]
}

/** The folder, or the nearest one above it that is there. */
async function existing(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  )
  return isThere || folder === dirname(folder) ? folder : existing(dirname(folder))
}

async function tryWriting(folder: string): Promise<Check> {
  const file = join(folder, `doctor-${newId()}`)
  try {
    await writeFile(file, '', { flag: 'wx' })
    await rm(file)
    return ok('data folder', `${folder} can be written.`)
  } catch (error) {
    return unwritable(`The data folder ${folder} cannot be written`, error)
  }
}

async function tryMaking(folder: string, place: string): Promise<Check> {
  try {
    await access(place, constants.W_OK | constants.X_OK)
    if ((await stat(place)).isDirectory()) return ok('data folder', `${folder} is not there yet; it is made at the first start.`)
    return unwritable(`The data folder ${folder} cannot be made: ${place} is not a folder`)
  } catch (error) {
    return unwritable(`The data folder ${folder} cannot be made in ${place}`, error)
  }
}

function unwritable(what: string, error?: unknown): Check {
  const code = error === undefined ? '' : ` (${String((error as { code?: unknown }).code)})`
  const todo = 'Give the user that runs Handover the right to write there, or choose another data folder with HANDOVER_DATA.'
  return fault('data folder', `${what}${code}.`, todo)
}

/** What the room that is left on a disk means. */
export function checkRoom(left: number, place: string): Check {
  const what = `${bytes(left)} left on the disk of ${place}.`
  if (left < TOO_LITTLE) return fault('disk', `Only ${what}`, 'Make room there before the next load.')
  return left < LITTLE ? warning('disk', `Only ${what}`, 'Make room there soon.') : ok('disk', what)
}
