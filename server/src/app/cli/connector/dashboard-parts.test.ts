import { describeColumns, date, type DatasetShape } from '@handover/sdk'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { asServed, partsOf, type Rows } from './dashboard-parts.ts'

const shape = (columns: z.ZodObject): DatasetShape => ({
  ...{ name: 'loans', title: 'Loans', about: 'Loans.', from: 'loans', key: ['id'], load: 'merge' },
  columns: describeColumns(columns),
})
const id = z.int().describe('Number')
const rows = (make: (index: number) => object): Rows => Array.from({ length: 12 }, (_, index) => ({ id: index, ...make(index) }))
const wordsOf = (of: DatasetShape, all: Rows) => partsOf(asServed(of, ['branches']), all).map(({ words }) => words)

it('measures no number that names a thing or is about a person', () => {
  const loans = z.object({
    id,
    branch: z.int().describe('x'),
    card: z.int().meta({ personal: true }).describe('x'),
    days: z.int().describe('x'),
  })
  const words = wordsOf(
    shape(loans),
    rows((index) => ({ branch: index, card: index, days: index })),
  )
  expect(words).toEqual(['Spread of a number: how many rows have which Days.', 'A few rows as cards.'])
})

it('counts rows by a time only where most have one, on three days at least', () => {
  const dated = shape(z.object({ id, from: date().nullish().describe('x'), until: date().nullish().describe('x') }))
  const day = (index: number) => `2026-06-0${index + 1}`
  const over = (make: (index: number) => object) => wordsOf(dated, rows(make)).filter((words) => words.startsWith('Columns over time'))
  expect(over((index) => ({ from: day(index % 5) }))).toEqual(['Columns over time: rows by From.'])
  expect(over((index) => ({ from: day(index % 2) }))).toEqual([])
  expect(over((index) => ({ from: index < 5 ? day(index) : null }))).toEqual([])
  expect(over((index) => ({ from: null, until: day(index % 5) }))).toEqual(['Columns over time: rows by Until.'])
})
