import { defineConnector } from '@handover/sdk'
import { discover } from './discover.ts'
import { extract } from './extract.ts'
import { settings } from './settings.ts'
import { toRow } from './transform.ts'

export default defineConnector({
  name: 'rest',
  title: 'Web API (REST)',
  about:
    'Any API that answers with JSON, without code: its address, its lists and how they go on are filled in as a form, or written as text.',
  config: settings,
  check: (context) => discover(context, null, true),
  discover: (context, previous) => discover(context, previous),
  extract,
  transform: toRow,
})
