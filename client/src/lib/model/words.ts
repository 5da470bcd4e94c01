import { tracksPeople } from './boards.ts'

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']

/** Small numbers as words, as a sentence wants them; from thirteen on as digits. */
export function count(value: number): string {
  return WORDS[value] ?? String(value)
}

/** The first letter large. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The first letter small, unless the word is an abbreviation. */
export function small(text: string): string {
  return /^[A-Z][A-Z]/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1)
}

/** `a`, `a and b`, `a, b, and c` */
export function listed(parts: readonly string[]): string {
  if (parts.length < 3) return parts.join(' and ')
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`
}

/** `1 row`, `2 rows`; `shown` is the number as the reader wants to see it. */
export function counted(value: number | string, one: string, many: string, shown: string = String(value)): string {
  return `${shown} ${Number(value) === 1 ? one : many}`
}

/** How a row of this dataset is called: people for a dataset of persons, else rows. */
export function nounOf(dataset: { columns: Parameters<typeof tracksPeople>[0] }): { one: string; many: string } {
  return tracksPeople(dataset.columns) ? { one: 'person', many: 'people' } : { one: 'row', many: 'rows' }
}
