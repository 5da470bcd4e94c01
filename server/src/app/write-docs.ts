import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './config.ts'
import { CONNECTOR_PAGES, referencePages } from './reference-pages.ts'
import { envExample } from './settings.ts'

const folder = join(ROOT, 'docs/reference')
const pages = await referencePages()
// The page of a connector that is gone goes too.
await rm(join(folder, CONNECTOR_PAGES), { recursive: true, force: true })
await mkdir(join(folder, CONNECTOR_PAGES), { recursive: true })
for (const [name, text] of Object.entries(pages)) await writeFile(join(folder, name), text)
await writeFile(join(ROOT, '.env.example'), envExample())
