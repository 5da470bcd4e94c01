import { expect, it } from 'vitest'
import { chosenTiles, placesOf } from './tile-choice.ts'
import type { BrokenTile, CardsTile, Tile } from './tiles.ts'

const tile = (kind: Tile['kind'], more: Partial<CardsTile> = {}) => ({ kind, column: kind, image: null, ...more }) as unknown as Tile
const kinds = (...tiles: Tile[]) => chosenTiles(tiles).map(({ kind }) => kind)

it('leaves no dataset without a tile: rows as cards where nothing else can be drawn', () => {
  expect(kinds(tile('cards'))).toEqual(['cards'])
  expect(kinds(tile('shares'), tile('cards'))).toEqual(['shares', 'cards'])
  expect(kinds(tile('shares'), tile('histogram'), tile('cards'))).toEqual(['shares', 'histogram'])
})

it('shows pictures, and then one chart less', () => {
  const cards = tile('cards', { image: 'poster' })
  expect(kinds(tile('shares'), tile('time'), tile('histogram'), tile('numbers'), cards)).toEqual(['shares', 'time', 'histogram', 'cards'])
  expect(kinds(tile('map'), tile('shares'), tile('time'), cards)).toEqual(['map', 'shares', 'time'])
})

it('counts rows over time only where no number can be followed', () => {
  expect(kinds(tile('series'), tile('time'), tile('histogram'))).toEqual(['series', 'histogram'])
  const [shares, series] = [
    { ...tile('shares'), column: 'Zone' },
    { ...tile('series'), by: 'Zone' },
  ] as Tile[]
  expect(kinds(series!, shares!, tile('histogram'))).toEqual(['series', 'histogram'])
  expect(kinds(tile('time'), tile('histogram'), tile('numbers'))).toEqual(['time', 'histogram', 'numbers'])
})

it('keeps the place of a tile that could not be drawn', () => {
  const broken: BrokenTile = { kind: 'broken', of: 'series', message: 'x' }
  expect(chosenTiles([broken, tile('time'), tile('histogram')])).toEqual([broken, tile('histogram')])
})

it.each<[Tile['kind'][], string[]]>([
  [['cards'], ['c12']],
  [
    ['map', 'shares'],
    ['c8', 'c4'],
  ],
  [
    ['map', 'shares', 'time', 'histogram'],
    ['c8', 'c4', 'c7', 'c5'],
  ],
  [
    ['shares', 'time'],
    ['c5', 'c7'],
  ],
  [
    ['series', 'shares', 'histogram'],
    ['c7', 'c5', 'c12'],
  ],
  [
    ['shares', 'histogram', 'cards'],
    ['c7', 'c5', 'c12'],
  ],
  [
    ['series', 'cards'],
    ['c12', 'c12'],
  ],
])('fills every row of the page with %j', (all, places) => {
  expect(placesOf(all.map((kind) => tile(kind)))).toEqual(places)
})
