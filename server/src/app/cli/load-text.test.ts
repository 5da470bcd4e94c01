import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { printBalance, type Balance, type Load } from './load-text.ts'
import { Terminal } from './terminal.ts'

const nothing: Balance = {
  ...{ dataset: 'loans', read: 0, transformed: 0, filtered: 0, quarantinedRecords: 0, made: 0, inserted: 0, updated: 0, unchanged: 0 },
  ...{ superseded: 0, quarantinedRows: 0, removed: 0, rowsAfter: null, balances: true },
}

function printed(state: Load['state'], balance: readonly Balance[]): string {
  const stream = Object.assign(new PassThrough(), { isTTY: false })
  printBalance(new Terminal(stream, stream), { state, balance })
  return String(stream.read() ?? '')
}

it('prints no balance of nothing but zeros, unless a load succeeded without anything new', () => {
  expect(printed('FAILED', [nothing])).toBe('')
  expect(printed('FAILED', [nothing, { ...nothing, dataset: 'branches', read: 3, transformed: 3 }])).toMatch(
    /^\s+branches\n\s+records +3 read/,
  )
  expect(printed('FAILED', [{ ...nothing, balances: false }])).toContain('does not balance')
  expect(printed('SUCCEEDED', [nothing])).toContain('0 read')
})
