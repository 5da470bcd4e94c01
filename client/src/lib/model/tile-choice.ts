import type { BrokenTile, Tile } from './tiles.ts'

type Any = Tile | BrokenTile
type Kind = Tile['kind']

const MOST = 4

const kindOf = (tile: Any): Kind => (tile.kind === 'broken' ? tile.of : tile.kind)

/**
 * The tiles worth a reader's time, of all that could be drawn: at most four. Numbers side by side only where there is room, a few rows as
 * cards where they have pictures, or where nothing else says what the rows are; so a dataset with rows is never without a tile.
 */
export function chosenTiles(tiles: readonly Any[]): Any[] {
  const kinds = new Set(tiles.map(kindOf))
  const pictures = tiles.some((tile) => tile.kind === 'cards' && tile.image !== null) && !kinds.has('map')
  const followed = tiles.find((tile) => tile.kind === 'series')?.by
  const charts = tiles.filter((tile) => {
    const kind = kindOf(tile)
    if (kind === 'time') return !kinds.has('series')
    // Where each value is followed over time, all of them come equally often.
    if (tile.kind === 'shares' && tile.column === followed) return false
    return kind !== 'cards' && kind !== 'numbers'
  })
  const numbers = tiles.filter((tile) => kindOf(tile) === 'numbers' && charts.length < MOST)
  const chosen = [...charts, ...numbers].slice(0, pictures ? MOST - 1 : MOST)
  return pictures || chosen.length < 2 ? [...chosen, ...tiles.filter((tile) => kindOf(tile) === 'cards')] : chosen
}

/** Classes of the twelve columns, one for each tile: every row is filled, a map takes more of it than what stands beside it. */
export function placesOf(tiles: readonly Any[]): string[] {
  const kinds = tiles.map(kindOf)
  const places: string[] = []
  for (let at = 0; at < kinds.length;) {
    const [left, right] = [kinds[at]!, kinds[at + 1]]
    if (right === undefined || left === 'cards') {
      places.push('c12')
      at += 1
    } else if (right === 'cards') {
      places.push('c12')
      at += 1
    } else {
      places.push(...pair(left, right))
      at += 2
    }
  }
  return places
}

/** A chart that runs over time, or a map, is the wider one of two. */
function pair(left: Kind, right: Kind): [string, string] {
  if (left === 'map') return ['c8', 'c4']
  const wide = (kind: Kind) => kind === 'time' || kind === 'series'
  return wide(right) && !wide(left) ? ['c5', 'c7'] : ['c7', 'c5']
}
