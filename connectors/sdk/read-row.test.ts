import { expect, it } from 'vitest'
import type { ColumnKind } from './contract.ts'
import { compileReadRow, RowFault, type ReadColumn } from './read-row.ts'
import { Fault, ruleOf } from './rules.ts'

/** Chance that can be repeated. */
let state = 11
const dice = (sides: number): number => (state = (state * 48271) % 2147483647) % sides
const pick = <T>(list: readonly T[]): T => list[dice(list.length)]!

const KINDS: readonly ColumnKind[] = ['text', 'int', 'double', 'decimal', 'boolean', 'date', 'instant', 'json', 'image']
const NAMES = ['id', 'a b', '"]; throw 1 //', "it's", '\\', '\u2028', '`${1}`', 'constructor', 'return', '0', 'å', '\n']
const VALUES = [
  ...[undefined, null, '', 'x', 'NaN', 'a\0b', 'a\ud800', '\u2028', '12', '-0', '1e3', '007', '1.50', '2026-02-30', '2026-01-31'],
  ...['2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00+01:00', 0, -0, 1.5, 2 ** 53, NaN, Infinity, 7n, 2n ** 63n, true, false],
  ...[{}, [], { a: 1n }, new Date(0), () => 1, Symbol('s')],
]

/** The same, column by column: what the written-out code must agree with. */
function readSlowly(columns: readonly ReadColumn[], row: Readonly<Record<string, unknown>>): unknown[] | RowFault {
  const values: unknown[] = []
  for (const { name, nullable, rule } of columns) {
    const given = row[name]
    if (given === undefined || given === null) {
      if (!nullable) return new RowFault(name, new Fault('is missing'))
      values.push(null)
      continue
    }
    const value = rule === null ? given : rule(given)
    if (value instanceof Fault) return new RowFault(name, value)
    values.push(value)
  }
  return values
}

it('reads as the columns one by one would, whatever they are called and whatever is in them', () => {
  let [kept, refused] = [0, 0]
  for (let round = 0; round < 300; round++) {
    const names = NAMES.filter(() => dice(3) > 0)
    const columns = names.map((name): ReadColumn => {
      const rule = dice(6) === 0 ? null : ruleOf({ kind: pick(KINDS), max: pick([null, 1, 5]), precision: 6, scale: 2 })
      return { name, nullable: dice(8) > 0, rule }
    })
    const read = compileReadRow(columns)
    for (let time = 0; time < 30; time++) {
      const row = Object.fromEntries(names.map((name) => [name, dice(4) === 0 ? pick(VALUES) : null]))
      const values = read(row)
      expect(values).toEqual(readSlowly(columns, row))
      if (values instanceof RowFault) refused++
      else kept++
    }
  }
  expect(Math.min(kept, refused)).toBeGreaterThan(200)
})

it('takes nothing that every object has for a value of the row', () => {
  const columns = ['constructor', 'toString'].map((name) => ({ name, nullable: true, rule: ruleOf({ kind: 'text' }) }))
  expect(compileReadRow(columns)({})).toEqual([null, null])
  expect(compileReadRow(columns)({ constructor: 'Ferrari' })).toEqual(['Ferrari', null])
})
