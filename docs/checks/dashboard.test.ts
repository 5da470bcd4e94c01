import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { chosenParts, isMeasure, type Part } from '../../server/src/app/cli/connector/dashboard-parts.ts'
import { boardWords } from '../../server/src/app/cli/connector/dashboard-words.ts'

// The command line says in words what the dashboard draws. Both choose by the same rules, and know each other over HTTP only; so the rules of
// the client are run here. They come as text: the settings of the client's own compiler are not there in a fresh checkout.
const ofClient = (path: string): Promise<unknown> => {
  const code = readFileSync(resolve(import.meta.dirname, '../../client/src/lib/model', path), 'utf8')
  return import(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(code))}`)
}
const { boardOf } = (await ofClient('boards.ts')) as { boardOf(dataset: object): { kind: string; title: string } }
const { chosenTiles } = (await ofClient('tile-choice.ts')) as { chosenTiles(tiles: readonly object[]): readonly { kind: string }[] }

const measure = (await ofClient('measure.ts')) as { isMeasure(column: object): boolean }

/** Every selection of a list. */
const selections = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: 2 ** all.length }, (_, bits) => all.filter((_, at) => (bits >> at) & 1))

it('lets the command line name the page that the dashboard shows, whatever the roles of the columns', () => {
  for (const roles of selections(['time', 'latitude', 'longitude', 'label', 'image'] as const)) {
    const columns = [{ kind: 'int' as const, role: null }, ...roles.map((role) => ({ kind: 'text' as const, role }))]
    const board = boardOf({ sourceSlug: 'shop', name: 'orders', title: 'Orders', columns })
    const words = boardWords({ title: 'Orders', columns })
    expect(words.kind, `with ${roles.join(', ')}`).toBe(board.kind)
    expect(words.sentence, `with ${roles.join(', ')}`).toContain(`"${board.title}"`)
  }
})

it('lets the command line choose the charts that the dashboard chooses', () => {
  const all: Part[] = [
    { kind: 'map', words: '' },
    { kind: 'series', words: '', by: 'Zone' },
    { kind: 'shares', words: '', column: 'Zone' },
    { kind: 'time', words: '' },
    { kind: 'histogram', words: '', column: 'Price' },
    { kind: 'numbers', words: '' },
    { kind: 'cards', words: '', image: null },
  ]
  const pictured = all.map((part): Part => (part.kind === 'cards' ? { ...part, image: 'face' } : part))
  for (const parts of [...selections(all), ...selections(pictured)]) {
    const kinds = parts.map(({ kind }) => kind).join(', ')
    expect(
      chosenParts(parts).map(({ kind }) => kind),
      `of ${kinds}`,
    ).toEqual(chosenTiles(parts).map(({ kind }) => kind))
  }
})

it('lets the command line measure the numbers that the dashboard measures', () => {
  const plain = {
    name: 'count',
    title: 'Count',
    about: '',
    nullable: false,
    max: null,
    precision: null,
    scale: null,
    values: null,
    unit: null,
  }
  for (const kind of ['int', 'double', 'decimal', 'text', 'instant'] as const) {
    for (const role of [null, 'identifier', 'latitude', 'label'] as const) {
      for (const [personal, key] of [
        [false, false],
        [true, false],
        [false, true],
      ] as const) {
        const column = { ...plain, kind, role, personal }
        const inWords = isMeasure({ key: key ? ['count'] : [] }, column)
        expect(inWords, `${kind}, ${role}, personal ${personal}, key ${key}`).toBe(measure.isMeasure({ ...column, key }))
      }
    }
  }
})
