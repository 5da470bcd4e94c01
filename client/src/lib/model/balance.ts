import type { Balance } from './types.ts'

/** One part of a balance: a stretch of the bar and a line of the sum. */
export interface Part {
  key: 'inserted' | 'updated' | 'unchanged' | 'superseded' | 'aside' | 'filtered' | 'transformed' | 'open'
  word: string
  about: string
  count: number
}

/** A total and the parts it is made of. */
export interface Sum {
  total: { word: string; about: string; count: number }
  parts: Part[]
  /** True when the parts make up the total exactly. */
  exact: boolean
}

/** What became of the records that were read: each is transformed, filtered or set aside. While a load runs, the rest is still in the checks. */
export function recordSum(balance: Balance, running: boolean): Sum {
  const read = Number(balance.read)
  const parts: Part[] = [
    { key: 'transformed', word: 'Transformed', about: 'Fit the rules and became rows.', count: Number(balance.transformed) },
    { key: 'filtered', word: 'Filtered', about: 'Left out by the connector, on purpose.', count: Number(balance.filtered) },
    { key: 'aside', word: 'Set aside', about: 'Could not be read; kept word for word.', count: Number(balance.quarantinedRecords) },
  ]
  return summed({ word: 'Records read', about: 'What the source sent.', count: read }, parts, running)
}

/** What became of the rows made from them: each is inserted, updated, unchanged, superseded or set aside. */
export function rowSum(balance: Balance, running: boolean): Sum {
  const parts: Part[] = [
    { key: 'inserted', word: 'Inserted', about: 'New rows.', count: Number(balance.inserted) },
    { key: 'updated', word: 'Updated', about: 'Known rows, changed at the source.', count: Number(balance.updated) },
    { key: 'unchanged', word: 'Unchanged', about: 'Known rows, the same as before.', count: Number(balance.unchanged) },
    { key: 'superseded', word: 'Superseded', about: 'The same key came again in the load.', count: Number(balance.superseded) },
    { key: 'aside', word: 'Set aside', about: 'Did not fit the rules; kept word for word.', count: Number(balance.quarantinedRows) },
  ]
  return summed({ word: 'Rows made', about: 'From the transformed records.', count: Number(balance.made) }, parts, running)
}

function summed(total: Sum['total'], all: Part[], running: boolean): Sum {
  const known = all.reduce((sum, part) => sum + part.count, 0)
  const open = total.count - known
  const parts = all.filter((part) => part.count > 0)
  if (running && open > 0) parts.push({ key: 'open', word: 'Still in the checks', about: 'Will be one of the others.', count: open })
  return { total, parts, exact: open === 0 || (running && open > 0) }
}
