import { ConfigError, defineConnector, type Context } from '@handover/sdk'
import { discover } from './discover.ts'
import { extract } from './extract.ts'
import { listFiles, sourceFolder } from './folder.ts'
import { parseRecord } from './record.ts'
import { settings, type Settings } from './settings.ts'
import { toRow } from './transform.ts'

async function check({ config, filesFolder }: Context<Settings>): Promise<void> {
  const files = await listFiles(await sourceFolder(filesFolder, config.folder), config.pattern)
  if (files.length > 0) return
  const where = config.folder === '' ? 'the files folder' : `the folder "${config.folder}"`
  const what = config.pattern === '' ? 'no CSV, JSON or NDJSON file' : `no CSV, JSON or NDJSON file that fits ${config.pattern}`
  const message = `There is ${what} in ${where}. Put one there, then try again.`
  throw new ConfigError(message, { fields: [{ name: config.pattern === '' ? 'folder' : 'pattern', message }] })
}

export default defineConnector({
  name: 'files',
  title: 'Files',
  about: 'Tables from CSV, JSON and NDJSON files in a folder. New and changed files are loaded, the columns are found by themselves.',
  config: settings,
  check,
  discover,
  extract: (_stream, context) => extract(context),
  parse: (_stream, text) => parseRecord(text),
  transform: toRow,
})
