import { ConfigError, type Context } from '@handover/sdk'
import { discover } from './discover.ts'
import { READ_ENDINGS } from './formats/endings.ts'
import { FileFault } from './formats/file-fault.ts'
import { readContent } from './formats/read-records.ts'
import { atSetting, forForm } from './locations/faults.ts'
import type { FoundFile, Location } from './locations/location.ts'
import { locationOf, placeInWords, suspectsOf } from './locations/location-of.ts'
import { START } from './read.ts'
import type { Settings } from './settings.ts'

const BYTES_LOOKED_AT = 1 << 20

/** "Test connection": there is something to read, its first file can be read, and the settings that speak of columns fit. Throws a `ConfigError` that names the setting at fault. */
export async function check(context: Context<Settings>): Promise<void> {
  try {
    const location = await locationOf(context)
    const files = await location.list()
    const first = files.find(({ refused }) => refused === null)
    if (first === undefined) throw nothingThere(context.config, files)
    await tryFile(location, first, context.config)
    await discover(context, null)
  } catch (error) {
    throw forForm(error, suspectsOf(context.config))
  }
}

function nothingThere(config: Settings, files: readonly FoundFile[]): ConfigError {
  const field = config.pattern !== '' ? 'pattern' : config.address !== '' ? 'address' : 'folder'
  const [refused] = files
  if (refused !== undefined)
    return atSetting(field, `There is only ${refused.path}${files.length > 1 ? ' and the like' : ''}. ${refused.refused}`)
  const what = config.pattern === '' ? `no file that ends in ${READ_ENDINGS}` : `no file that fits ${config.pattern}`
  return atSetting(field, `There is ${what} in ${placeInWords(config)}. Put one there, then try again.`)
}

/** A file that is broken is set aside by a load; here somebody looks, and the reason may lie in a setting. */
async function tryFile(location: Location, file: FoundFile, config: Settings): Promise<void> {
  const opened = await location.open(file, null).catch((error: unknown) => {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    throw new ConfigError(
      `${file.path} cannot be opened (${(error as NodeJS.ErrnoException).code}). Let whoever runs Handover give it the right to read it.`,
    )
  })
  if (opened === null) return
  try {
    const batches = readContent(await opened.content(BYTES_LOOKED_AT), START, config)
    for await (const { records } of batches) if (records.length > 0) break
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    const field = error.setting ?? (config.address === '' ? 'folder' : 'address')
    throw atSetting(field, `${file.path}: ${error.message}`, error)
  } finally {
    await opened.close()
  }
}
