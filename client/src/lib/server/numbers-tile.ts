import type { NumbersTile } from '../model/tiles.ts'
import type { Dataset } from '../model/types.ts'
import { tellingNumbers, type Known } from './known-columns.ts'
import { readGroups } from './rows.ts'

const SHOWN = 8

/** The numbers of a dataset side by side; null when there are fewer than two. */
export async function numbersTile(dataset: Dataset, columns: readonly Known[]): Promise<NumbersTile | null> {
  const all = tellingNumbers(dataset, columns)
  const shown = all.slice(0, SHOWN)
  if (shown.length < 2) return null
  const { groups } = await readGroups(dataset, { by: [], measures: shown.map(({ name }) => ({ fn: 'AVG', column: name })), first: 1 })
  const numbers = shown.map(({ title, name, unit, facts }, index) => {
    return { column: title, name, unit, min: Number(facts.min), mean: Number(groups[0]?.values[index]), max: Number(facts.max) }
  })
  return { kind: 'numbers', numbers, others: all.length - shown.length, because: 'Shown because these columns are numbers.' }
}
