import type { Balance, Dataset, Load } from '../model/types.ts'
import { ask } from './api.ts'
import { LOAD } from './fields.ts'

/** The loads of a source, newest first, and how many there are in all. */
export async function loadsOf(source: string, first: number): Promise<{ nodes: Load[]; totalCount: number }> {
  const { loads } = await ask<{ loads: { nodes: Load[]; totalCount: number } }>(
    `query Loads($source: String!, $first: Int!) { loads(source: $source, first: $first) { totalCount nodes { ${LOAD} } } }`,
    { source, first },
  )
  return loads
}

/** The balance of the last load that changed a dataset and says how many rows it left; what the receipt of a row count shows. */
export async function latestBalance(dataset: Dataset): Promise<{ balance: Balance; at: string } | null> {
  const { nodes } = await loadsOf(dataset.sourceSlug, 5)
  for (const load of nodes) {
    const balance = load.balance.find((one) => one.dataset === dataset.name)
    if (balance && balance.rowsAfter !== null && load.finishedAt) {
      return Number(balance.rowsAfter) === Number(dataset.rows) ? { balance, at: load.finishedAt } : null
    }
  }
  return null
}
