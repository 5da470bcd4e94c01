import { isHttpError } from '@sveltejs/kit'
import { searchColumns } from '#lib/model/dictionary.ts'
import type { ColumnFacts, Dataset } from '#lib/model/types.ts'
import { ask } from '#lib/server/api.ts'
import { DATASET } from '#lib/server/fields.ts'
import { columnsWithFacts } from '#lib/server/known-columns.ts'
import { readNotes } from '#lib/server/notes.ts'
import type { PageServerLoad } from './$types'

type Facts = Record<string, ColumnFacts>
type Described = Dataset & { source: { title: string } }

/** The columns that a search finds. What they hold is counted meanwhile, one dataset after the other, and follows by itself. */
export const load: PageServerLoad = async ({ url }) => {
  const search = url.searchParams.get('q')?.trim().slice(0, 200) ?? ''
  const [{ datasets }, notes] = await Promise.all([
    ask<{ datasets: Described[] }>(`query Dictionary { datasets { ${DATASET} source { title } } }`),
    readNotes(),
  ])
  const found = searchColumns(datasets, search, notes)
  return {
    search,
    found,
    notes,
    tables: datasets.length,
    columns: datasets.reduce((sum, dataset) => sum + dataset.columns.length, 0),
    facts: counted(found.map(({ dataset }) => dataset)),
  }
}

/** What the columns hold, by table; a table that could not be counted is left out. */
async function counted(datasets: readonly Dataset[]): Promise<Record<string, Facts>> {
  const facts: Record<string, Facts> = {}
  for (const dataset of datasets) {
    try {
      const columns = await columnsWithFacts(dataset)
      facts[dataset.table] = Object.fromEntries(columns.map((column) => [column.name, column.facts]))
    } catch (fault) {
      if (!isHttpError(fault)) throw fault
    }
  }
  return facts
}
