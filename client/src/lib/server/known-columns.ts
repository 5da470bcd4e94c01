import { isMeasure } from '../model/measure.ts'
import type { Column, ColumnFacts, Dataset } from '../model/types.ts'
import { ask } from './api.ts'
import { FACTS } from './fields.ts'

const SPARSE = 0.5

/** A column with what the whole table holds in it. */
export type Known = Column & { facts: ColumnFacts }

/** The columns of a dataset with what the whole table holds in them. */
export async function columnsWithFacts(dataset: Dataset): Promise<Known[]> {
  const { dataset: found } = await ask<{ dataset: { columns: { name: string; facts: ColumnFacts | null }[] } }>(
    `query Facts($source: String!, $name: String!) { dataset(source: $source, name: $name) { columns { name facts { ${FACTS} } } } }`,
    { source: dataset.sourceSlug, name: dataset.name },
  )
  const facts = new Map(found.columns.map((column) => [column.name, column.facts]))
  return dataset.columns.map((column) => ({
    ...column,
    facts: facts.get(column.name) ?? { empty: 0, distinct: null, min: null, max: null, example: null, since: null, lastAt: null },
  }))
}

/** The numbers that say something: measures that are seldom empty, and not always the same. */
export function tellingNumbers(dataset: Dataset, columns: readonly Known[]): Known[] {
  const told = (column: Known) => column.facts.min !== null && Number(column.facts.max) > Number(column.facts.min)
  return columns.filter((column) => isMeasure(column) && told(column) && isFilled(dataset, column))
}

const isFilled = ({ rows }: Pick<Dataset, 'rows'>, { facts }: Known): boolean => Number(facts.empty) <= Number(rows) * SPARSE

/** The number a reader would ask for first: the first declared one that says something. */
export function mainNumber(dataset: Dataset, columns: readonly Known[]): Known | null {
  return tellingNumbers(dataset, columns)[0] ?? null
}

/** The columns that say when a row happened, the declared one first; none that is mostly empty. */
export function timeColumns(dataset: Pick<Dataset, 'rows'>, columns: readonly Known[]): Known[] {
  const dated = columns.filter((column) => column.kind === 'instant' || column.kind === 'date')
  const filled = dated.filter((column) => column.facts.min !== null && isFilled(dataset, column))
  return [...filled.filter(({ role }) => role === 'time'), ...filled.filter(({ role }) => role !== 'time')]
}

/** The first of them; null when there is none. */
export const timeColumn = (dataset: Pick<Dataset, 'rows'>, columns: readonly Known[]): Known | null =>
  timeColumns(dataset, columns)[0] ?? null
