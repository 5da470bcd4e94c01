import { defineConnector } from '@handover/sdk'
import { check } from './check.ts'
import { discover } from './discover.ts'
import { extract } from './extract.ts'
import { parseRecord } from './record.ts'
import { settings } from './settings.ts'
import { toRow } from './transform.ts'

export default defineConnector({
  name: 'files',
  title: 'Files',
  about:
    'Tables from CSV, JSON, Parquet and Excel files: in a folder, at web addresses, or in S3 storage. New and changed files are loaded, the columns are found by themselves.',
  config: settings,
  check,
  discover,
  extract: (_stream, context) => extract(context),
  parse: (_stream, text) => parseRecord(text),
  transform: toRow,
})
