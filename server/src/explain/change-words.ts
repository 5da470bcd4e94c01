import type { Load, LoadDataset } from '../loads/loads.service.ts'
import { didWords } from './pipeline.ts'
import { count, listed } from './words.ts'

/** A column that a table got. */
export interface NewColumn {
  readonly dataset: string
  readonly column: string
}

/** What a load changed, a sentence for each dataset and each new column; what it did not change is said too. */
export function loadWords(
  load: Load,
  balance: readonly LoadDataset[],
  titles: ReadonlyMap<string, string>,
  columns: readonly NewColumn[],
): string[] {
  const title = (dataset: string) => titles.get(dataset) ?? dataset
  const sentences = balance.map((each) => `${title(each.dataset)}: ${datasetWords(load, each)}`)
  const added = columns.map(({ dataset, column }) => `${title(dataset)}: a new column, ${column}.`)
  const words = [...sentences, ...added]
  return words.length > 0 ? words : [NOTHING[load.state]]
}

const NOTHING: Readonly<Record<Load['state'], string>> = {
  queued: 'It has not begun yet.',
  running: 'Nothing has reached a table yet.',
  succeeded: 'The source had nothing new, so nothing has changed.',
  failed: 'It failed before anything reached a table. All rows are as before.',
  cancelled: 'It was stopped before anything reached a table. All rows are as before.',
  held: 'It waits for a person. All rows are as before.',
}

function datasetWords(load: Load, balance: LoadDataset): string {
  const { rowsBefore, rowsOffered, rowsAfter, quarantinedRecords, quarantinedRows } = balance
  if (load.state === 'held' && rowsBefore !== null && rowsOffered !== null)
    return `the new list has ${count(rowsOffered, 'row')}, the table ${count(rowsBefore, 'row')}. Nothing was changed; a person decides.`
  const aside = quarantinedRecords + quarantinedRows
  const parts = [
    `the load ${didWords(balance)}.`,
    ...(aside > 0
      ? [`${count(aside, 'record or row', 'records and rows')} did not fit and ${aside === 1 ? 'was' : 'were'} set aside.`]
      : []),
    ...(rowsAfter !== null ? [`There ${rowsAfter === 1 ? 'is' : 'are'} ${count(rowsAfter, 'row')} now.`] : []),
  ]
  return parts.join(' ')
}

/** What all loads together changed in one table. */
export interface Changed {
  readonly inserted: number
  readonly updated: number
  readonly removed: number
  readonly setAside: number
  readonly loads: number
}

/** The same of many loads as one sentence: "12 rows added, 3 changed and 1 gone, in 4 loads. …". */
export function changedWords({ inserted, updated, removed, setAside, loads }: Changed, columns: readonly string[]): string {
  const did = [
    ...(inserted > 0 ? [`${count(inserted, 'row')} added`] : []),
    ...(updated > 0 ? [`${count(updated, 'row')} changed`] : []),
    ...(removed > 0 ? [`${count(removed, 'row')} gone`] : []),
  ]
  const rows = did.length > 0 ? listed(did) : 'No row has changed'
  const aside = setAside > 0 ? ` ${count(setAside, 'record or row', 'records and rows')} set aside.` : ''
  const fresh = columns.length > 0 ? ` New ${columns.length === 1 ? 'column' : 'columns'}: ${listed(columns)}.` : ''
  return `${rows}, in ${count(loads, 'load')}.${aside}${fresh}`
}
