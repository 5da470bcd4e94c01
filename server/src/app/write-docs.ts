import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './config.ts'
import { referencePages } from './reference-pages.ts'

const folder = join(ROOT, 'docs/reference')
await mkdir(folder, { recursive: true })
for (const [name, text] of Object.entries(referencePages())) await writeFile(join(folder, name), text)
