import type { Column } from './types.ts'
import { small } from './words.ts'

/** A number as a chart names it. */
export interface Measured {
  column: string
  unit: string | null
  /** True when it says how many there are: `Seats` in seats, or whole `Comments` without a unit. */
  counts: boolean
}

/** Words that end in s and are one thing: `status`, `mass`, `axis`, `gas`. */
const ONE = /(?:[suia]s|^series|^news)$/i

/** Whether a name is that of many: `Seats`, `Opening hours`, but not `Number of seats`. */
export function isPlural(name: string): boolean {
  const [main = ''] = name.trim().split(/,| (?:of|in|per|for|at) /)
  const last = main.split(/\s+/).at(-1)!
  return /[a-z]s$/i.test(last) && !ONE.test(last)
}

/** How charts name a column with numbers. */
export function measured({ title, unit, kind }: Pick<Column, 'title' | 'unit' | 'kind'>): Measured {
  const isWhole = kind === 'int' && unit === null && isPlural(title)
  return { column: title, unit, counts: isWhole || title.toLowerCase() === unit?.toLowerCase() }
}

/** The heading over a number: `Wait, minutes`, and `Seats` alone where its unit would say the same again. */
export function headOf(column: string, unit: string | null): string {
  return unit === null || unit === '' || ` ${column}`.toLowerCase().endsWith(` ${unit.toLowerCase()}`) ? column : `${column}, ${unit}`
}

/** `the highest air temperature`, `the most seats` */
export const mostOf = ({ column, counts }: Measured): string => (counts ? `the most ${small(column)}` : `the highest ${small(column)}`)

/** The verb after a name: `Seats are`, `Wait is`. */
export const verb = (name: string, one: string, many: string): string => `${name} ${isPlural(name) ? many : one}`
