import { latestBalance } from '#lib/server/balances.ts'
import { getPeople, peopleColumns } from '#lib/server/people.ts'
import { columnsWithFacts } from '#lib/server/known-columns.ts'
import { tilesOf } from '#lib/server/tiles.ts'
import type { MapTile } from '#lib/model/tiles.ts'
import type { LayoutServerLoad } from './$types'

/** What does not depend on who is chosen: it is not asked again with every choice. */
export const load: LayoutServerLoad = async ({ params }) => {
  const { source, dataset } = await getPeople(params.source)
  const known = await columnsWithFacts(dataset)
  // The size of a point would say something about a person; here all are alike.
  const alike = known.map((column) =>
    ['int', 'double', 'decimal'].includes(column.kind) && column.role === null ? { ...column, role: 'number' } : column,
  )
  const [tiles, balance] = await Promise.all([tilesOf(dataset, alike, ['map', 'time', 'shares']), latestBalance(dataset)])
  const map = tiles.find((tile): tile is MapTile => tile.kind === 'map') ?? null
  return { source, dataset, columns: peopleColumns(dataset), map, tiles: tiles.filter((tile) => tile !== map), balance }
}
