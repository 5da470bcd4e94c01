import { isMeasure } from '../model/measure.ts'
import type { Column, ColumnFacts, Dataset } from '../model/types.ts'
import { ask } from './api.ts'

const SPARSE = 0.5

/** A column with what the whole table holds in it. */
export type Known = Column & { facts: ColumnFacts }

/** The columns of a dataset with what the whole table holds in them. */
export async function columnsWithFacts(dataset: Dataset): Promise<Known[]> {
  const { dataset: found } = await ask<{ dataset: { columns: { name: string; facts: ColumnFacts | null }[] } }>(
    `query Facts($source: String!, $name: String!) { dataset(source: $source, name: $name) { columns { name facts { empty distinct min max } } } }`,
    { source: dataset.sourceSlug, name: dataset.name },
  )
  const facts = new Map(found.columns.map((column) => [column.name, column.facts]))
  return dataset.columns.map((column) => ({
    ...column,
    facts: facts.get(column.name) ?? { empty: 0, distinct: null, min: null, max: null },
  }))
}

/** The numbers that say something: measures that are seldom empty, and not always the same. */
export function tellingNumbers(dataset: Dataset, columns: readonly Known[]): Known[] {
  const told = (column: Known) => column.facts.min !== null && Number(column.facts.max) > Number(column.facts.min)
  const filled = (column: Known) => Number(column.facts.empty) <= Number(dataset.rows) * SPARSE
  return columns.filter((column) => isMeasure(column) && told(column) && filled(column))
}

/** The number a reader would ask for first: the first declared one that says something. */
export function mainNumber(dataset: Dataset, columns: readonly Known[]): Known | null {
  return tellingNumbers(dataset, columns)[0] ?? null
}

/** The column that says when a row happened, else the first date; null when every one is empty. */
export function timeColumn(columns: readonly Known[]): Known | null {
  const dated = (column: Known) => (column.kind === 'instant' || column.kind === 'date') && column.facts.min !== null
  return columns.find((one) => one.role === 'time' && dated(one)) ?? columns.find(dated) ?? null
}
