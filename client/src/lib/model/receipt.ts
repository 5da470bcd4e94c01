import type { Balance } from './types.ts'

/** One line of a receipt. */
export interface ReceiptLine {
  what: string
  amount: number
  sign?: '+' | '−'
}

/**
 * How the last load led to the number of rows: rows before, plus inserted, minus removed. `left` is what the page itself leaves out.
 * Empty when the balance does not say how many rows it left.
 */
export function receiptLines(balance: Balance | null, left: { what: string; amount: number } | null): ReceiptLine[] {
  if (!balance || balance.rowsAfter === null) return []
  const [after, inserted, removed] = [Number(balance.rowsAfter), Number(balance.inserted), Number(balance.removed)]
  return [
    { what: 'Rows before the last load', amount: after - inserted + removed },
    { what: 'Inserted by it', amount: inserted, sign: '+' },
    ...(removed > 0 ? [{ what: 'Removed, gone at the source', amount: removed, sign: '−' } as const] : []),
    ...(left ? [{ what: left.what, amount: left.amount, sign: '−' } as const] : []),
  ]
}
