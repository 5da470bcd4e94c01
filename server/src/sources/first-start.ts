import { cp, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { CatalogService } from '../catalog/catalog.service.ts'
import type { NewSource, Source, SourcesService } from './sources.service.ts'

/** What the first start works with; folders are absolute. */
export interface FirstStart {
  readonly sources: SourcesService
  readonly catalog: CatalogService
  readonly dataFolder: string
  readonly filesFolder: string
  readonly logger: Logger
}

/** Its presence says that the examples were made once: who deletes them does not want them back. */
const MARKER = 'first-start-done'
const SAMPLE = 'earthquakes'

const EXAMPLES: readonly NewSource[] = [
  { slug: 'users', title: 'Random users', connector: 'random-users', config: { first: 10, more: 5 }, schedule: { every: 120 } },
  { slug: 'earthquakes', title: 'Earthquakes', connector: 'files', config: { folder: SAMPLE }, schedule: { every: 24 * 3600 } },
]

/**
 * Makes the two example sources the first time the server starts, so that the first screen is not empty, and gives those it made. Listeners
 * of the service hear of them as of any other source. What cannot be made is logged and tried again at the next start.
 */
export async function makeFirstSources({ sources, catalog, dataFolder, filesFolder, logger }: FirstStart): Promise<Source[]> {
  const marker = join(dataFolder, MARKER)
  if (await exists(marker)) return []
  const slugs = (await sources.list()).map((source) => source.slug)
  const isFirst = slugs.every((slug) => EXAMPLES.some((example) => example.slug === slug))
  const missing = isFirst ? EXAMPLES.filter((example) => !slugs.includes(example.slug)) : []
  const made: Source[] = []
  for (const example of missing) {
    try {
      if (example.connector === 'files') await copySample(catalog, filesFolder)
      made.push(await sources.create(example))
    } catch (err) {
      logger.warn({ err, source: example.slug }, 'An example source could not be made')
    }
  }
  if (made.length === missing.length) await writeFile(marker, 'The example sources were made once. Remove this file to get them again.\n')
  return made
}

/** Puts the sample that comes with the `files` connector where people put their own files; a file that is there already stays. */
async function copySample(catalog: CatalogService, filesFolder: string): Promise<void> {
  const installed = catalog.list().find(({ name, connector }) => name === 'files' && connector !== null)
  if (installed) await cp(join(installed.folder, 'samples', SAMPLE), join(filesFolder, SAMPLE), { recursive: true, force: false })
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
