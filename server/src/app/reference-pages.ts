import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { pino } from 'pino'
import { CatalogService } from '../catalog/catalog.service.ts'
import { cliPage } from './cli/help.ts'
import { ROOT } from './config.ts'
import { connectorPages } from './connector-pages.ts'
import { errorsPage } from './errors-page.ts'
import { metricsPage } from './observe/metrics-page.ts'
import { platformSchema } from './platform-schema.ts'
import { settingsPage } from './settings.ts'

/** Folder below `docs/reference` that holds nothing but generated pages. */
export const CONNECTOR_PAGES = 'connectors'

/**
 * The generated pages of `docs/reference` by path; a test holds the committed ones against them. Throws when a connector that comes with
 * Handover cannot be used, because its page could not be written.
 */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  const catalog = await CatalogService.load([join(ROOT, 'connectors')], pino({ level: 'silent' }))
  const connectors = Object.entries(connectorPages(catalog)).map(([name, text]) => [`${CONNECTOR_PAGES}/${name}`, text])
  return {
    'schema.graphql': schemaPage(),
    'errors.md': errorsPage(),
    'settings.md': settingsPage(),
    'cli.md': cliPage(),
    'metrics.md': metricsPage(),
    ...Object.fromEntries(connectors),
  }
}

function schemaPage(): string {
  const heading =
    '# The platform part of the API. Each source adds a field to Query, made from its datasets; GraphQL itself shows them.\n\n'
  return `${heading}${printSchema(lexicographicSortSchema(platformSchema(() => undefined)))}\n`
}
