import { lexicographicSortSchema, printSchema } from 'graphql'
import { cliPage } from './cli/help.ts'
import { errorsPage } from './errors-page.ts'
import { platformSchema } from './platform-schema.ts'
import { settingsPage } from './settings.ts'

/** The generated pages of `docs/reference` by file name; a test holds the committed ones against them. */
export function referencePages(): Readonly<Record<string, string>> {
  return { 'schema.graphql': schemaPage(), 'errors.md': errorsPage(), 'settings.md': settingsPage(), 'cli.md': cliPage() }
}

function schemaPage(): string {
  const heading =
    '# The platform part of the API. Each source adds a field to Query, made from its datasets; GraphQL itself shows them.\n\n'
  return `${heading}${printSchema(lexicographicSortSchema(platformSchema(() => undefined)))}\n`
}
