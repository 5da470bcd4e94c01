import type { ConfigError, Context } from '@handover/sdk'
import { discoverIn } from './discover.ts'
import { READ_ENDINGS } from './formats/endings.ts'
import { atSetting, forForm } from './locations/faults.ts'
import type { FoundFile } from './locations/location.ts'
import { locationOf, placeInWords, suspectsOf } from './locations/location-of.ts'
import type { Settings } from './settings.ts'

/**
 * "Test connection": there is something to read, its first file can be read, and the settings that speak of columns fit. Throws a `ConfigError`
 * that names the setting at fault.
 */
export async function check(context: Context<Settings>): Promise<void> {
  try {
    const location = await locationOf(context)
    const files = await location.list()
    if (files.every(({ refused }) => refused !== null)) throw nothingThere(context.config, files)
    await discoverIn(location, context, null, true)
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
