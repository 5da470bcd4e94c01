import type { Context } from '@handover/sdk'
import type { Settings } from '../settings.ts'
import { atSetting, type Suspects } from './faults.ts'
import { Folder } from './folder.ts'
import type { Location } from './location.ts'
import { S3_SUSPECTS } from './s3-client.ts'
import { S3Folder } from './s3.ts'
import { WEB_SUSPECTS, WebFiles } from './web.ts'

/** The place that the settings speak of. Throws a `ConfigError` that names the setting at fault. */
export async function locationOf(context: Context<Settings>): Promise<Location> {
  const { folder, pattern } = context.config
  const [first, ...more] = addressesOf(context.config)
  if (first === undefined) return Folder.at(context.filesFolder, folder, pattern)
  if (folder !== '') throw atSetting('address', 'Files come either from a folder or from an address. Empty one of the two.')
  if (!isS3(first)) return new WebFiles(context, [first, ...more])
  if (more.length > 0)
    throw atSetting('address', 'One folder of S3 storage is one source. Leave one address here, and make another source for the next.')
  return new S3Folder(context, first)
}

/** The settings that may be at fault when the place cannot be reached. */
export function suspectsOf(config: Settings): Suspects {
  if (!isS3(addressesOf(config)[0] ?? '')) return WEB_SUSPECTS
  return config.endpoint === '' ? { ...S3_SUSPECTS, host: 'region' } : S3_SUSPECTS
}

/** The place in words, to stand behind "in" or "at". */
export function placeInWords(config: Settings): string {
  const addresses = addressesOf(config)
  if (addresses.length > 0) return addresses.length === 1 ? withoutQuery(addresses[0]!) : `${addresses.length} web addresses`
  return config.folder === '' ? 'the files folder' : `the folder “${config.folder}”`
}

/** What the table may be named after. */
export function nameOfPlace(config: Settings): string {
  const [first] = addressesOf(config)
  if (first === undefined) return config.folder
  const [path = '', name] = first.split('#')
  // The name of a file goes without its endings.
  return (name ?? withoutQuery(path)).replace(/\/+$/, '').replace(/^.*\//, '').replace(/\..*$/, '')
}

const addressesOf = ({ address }: Settings): string[] => address.split(/[\s]+/).filter((part) => part !== '')
const isS3 = (address: string): boolean => /^s3:/i.test(address)
const withoutQuery = (address: string): string => address.replace(/[?#].*$/, '')
