import type { Note } from './notes.ts'
import type { Column, Dataset } from './types.ts'

/** A dataset with those of its columns that a search finds; all of them when the dataset itself is found. */
export interface Found<D> {
  dataset: D
  columns: Column[]
}

/**
 * Finds datasets and columns by every word of a search: in names, titles, meanings, units, and what people wrote. An empty search finds all.
 * A word finds what contains it, whatever its case and accents.
 */
export function searchColumns<D extends Pick<Dataset, 'sourceSlug' | 'name' | 'title' | 'about' | 'table' | 'columns'>>(
  datasets: readonly D[],
  search: string,
  notes: readonly Note[] = [],
): Found<D>[] {
  const words = plain(search).split(/\s+/).filter(Boolean)
  return datasets.flatMap((dataset) => {
    const { columns } = dataset
    const about = plain([dataset.sourceSlug, dataset.name, dataset.title, dataset.about, dataset.table].join(' '))
    if (words.every((word) => about.includes(word))) return [{ dataset, columns: [...columns] }]
    const found = columns.filter((column) => {
      const text = `${about} ${plain(textOf(column, dataset, notes))}`
      return words.every((word) => text.includes(word)) && words.some((word) => !about.includes(word))
    })
    return found.length > 0 ? [{ dataset, columns: found }] : []
  })
}

function textOf(column: Column, { sourceSlug, name }: Pick<Dataset, 'sourceSlug' | 'name'>, notes: readonly Note[]): string {
  const written = notes.filter((note) => note.sourceSlug === sourceSlug && note.dataset === name && note.column === column.name)
  const { name: called, title, about, unit, role, personal, values } = column
  return [called, title, about, unit, role, personal ? 'personal' : '', ...(values ?? []), ...written.map(({ text }) => text)].join(' ')
}

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
