import type { DataSource } from '../data-api/data-api.service.ts'
import { tableOf, type SourcesService } from '../sources/sources.service.ts'

/** Every source with the tables that it fills, for the schema. What was detached is not served. */
export async function readTables(sources: SourcesService): Promise<DataSource[]> {
  const [list, datasets] = await Promise.all([sources.list(), sources.datasets()])
  return list.map(({ id, slug, title }) => ({
    slug,
    title,
    tables: datasets.filter((row) => row.sourceId === id && row.detachedAt === null).map(tableOf),
  }))
}
