import { describe, expect, it } from 'vitest'
import { checkedRecords, stageOf, type Progress } from './load-stage.ts'

const streams = new Map([
  ['orders', 'orders'],
  ['lines', 'orders'],
  ['people', 'people'],
])
const at = (dataset: string, read: number, rowsAfter: number | null = null): Progress => ({ dataset, read, rowsAfter })

describe('how far a load is', () => {
  it('counts a record once that feeds two datasets', () => {
    expect(checkedRecords([at('orders', 10), at('lines', 10), at('people', 3)], streams)).toBe(13)
    expect(checkedRecords([at('gone', 2)], streams)).toBe(2)
  })

  it.each([
    ['queued', 0, [], 'WAITING'],
    ['running', 0, [], 'EXTRACT'],
    ['running', 12, [at('orders', 10), at('lines', 10)], 'CHECK'],
    ['running', 10, [at('orders', 10), at('lines', 10)], 'EXTRACT'],
    ['running', 10, [at('orders', 10, 9), at('lines', 10, 30), at('people', 0)], 'EXTRACT'],
    ['running', 10, [at('orders', 10, 9), at('lines', 10, 30), at('people', 0, 0)], 'FINISH'],
    ['held', 10, [at('orders', 10)], 'ENDED'],
  ] as const)('%s with %i records is told from what is committed', (state, records, balances, stage) => {
    expect(stageOf({ state, records }, balances, streams)).toBe(stage)
  })
})
