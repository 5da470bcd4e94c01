import { getContext, setContext } from 'svelte'
import type { ReceiptAsked } from './model/receipt-asked.ts'

const KEY = Symbol('receipts')

/** The one receipt that is open on a page, from wherever it was asked for. */
export class Receipts {
  asked = $state.raw<ReceiptAsked | null>(null)

  /** Shows the receipt of a number. */
  open(asked: ReceiptAsked): void {
    this.asked = asked
  }
}

/** Puts the receipts where every figure below finds them. */
export const provideReceipts = (receipts: Receipts): Receipts => setContext(KEY, receipts)

/** The receipts of this page. */
export const getReceipts = (): Receipts => getContext<Receipts>(KEY)
