import { expect, it } from 'vitest'
import { recordSum, rowSum } from './balance.ts'
import { receiptLines } from './receipt.ts'
import type { Balance } from './types.ts'

const balance: Balance = {
  dataset: 'events',
  read: 9366,
  transformed: 9142,
  filtered: 220,
  quarantinedRecords: 4,
  made: 9142,
  inserted: 227,
  updated: 374,
  unchanged: 8541,
  superseded: 0,
  quarantinedRows: 0,
  removed: 3,
  rowsAfter: 9142,
  rowsBefore: null,
  rowsOffered: null,
  balances: true,
}

it('is exact when the parts make up the total, and leaves empty parts out', () => {
  expect(recordSum(balance, false)).toMatchObject({ exact: true, total: { count: 9366 } })
  expect(rowSum(balance, false).parts.map((part) => [part.key, part.count])).toEqual([
    ['inserted', 227],
    ['updated', 374],
    ['unchanged', 8541],
  ])
})

it('is not exact when a record is missing', () => expect(recordSum({ ...balance, filtered: 219 }, false).exact).toBe(false))

it('shows what is still in the checks while a load runs, so that it balances at every moment', () => {
  const sum = recordSum({ ...balance, transformed: 9000 }, true)
  expect(sum.exact).toBe(true)
  expect(sum.parts.at(-1)).toMatchObject({ key: 'open', count: 142 })
})

it('is not exact when more came out than went in, running or not', () =>
  expect(recordSum({ ...balance, transformed: 9999 }, true).exact).toBe(false))

it('leads from the rows before to the rows now on a receipt', () => {
  const lines = receiptLines(balance, { what: 'Without a position', amount: 2 })
  const sum = lines.reduce((total, line) => total + (line.sign === '−' ? -line.amount : line.amount), 0)
  expect(lines[0]).toEqual({ what: 'Rows before the last load', amount: 8918 })
  expect(sum).toBe(9142 - 2)
  expect(receiptLines(null, null)).toEqual([])
})
