import { error } from '@sveltejs/kit'
import { latestBalance, loadsOf } from '#lib/server/balances.ts'
import { setAside } from '#lib/server/aside.ts'
import { ask } from '#lib/server/api.ts'
import { SOURCE } from '#lib/server/fields.ts'
import { getDataset } from '#lib/server/rows.ts'
import { readNotes } from '#lib/server/notes.ts'
import { columnsWithFacts } from '#lib/server/known-columns.ts'
import { tilesOf } from '#lib/server/tiles.ts'
import type { Source } from '#lib/model/types.ts'
import type { LayoutServerLoad } from './$types'

const RECENT = 10

/** What does not depend on filters and sorting: it is not asked again when they change. */
export const load: LayoutServerLoad = async ({ params }) => {
  const [dataset, { source }] = await Promise.all([
    getDataset(params.source, params.dataset),
    ask<{ source: Source | null }>(`query Source($slug: String!) { source(slug: $slug) { ${SOURCE} } }`, { slug: params.source }),
  ])
  if (!source) error(404, { message: `There is no source “${params.source}”.` })
  const columns = await columnsWithFacts(dataset)
  const [tiles, loads, aside, balance, notes] = await Promise.all([
    tilesOf(dataset, columns, ['map', 'series', 'shares', 'time', 'histogram', 'numbers', 'cards']),
    loadsOf(params.source, RECENT),
    setAside(params.source, params.dataset),
    latestBalance(dataset),
    readNotes(params.source),
  ])
  return { source, dataset, columns, tiles, loads, aside, balance, notes }
}
