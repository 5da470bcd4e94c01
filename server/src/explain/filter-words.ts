import type { Column } from '@handover/sdk'
import { listed, moment, small } from './words.ts'

type Input = Readonly<Record<string, unknown>>

/** A column as a filter names it, and as people do. */
export type Named = Pick<Column, 'title' | 'kind' | 'unit'>

const WORDS: Readonly<Record<string, string>> = {
  eq: 'is',
  ne: 'is not',
  gt: 'is above',
  gte: 'is at least',
  lt: 'is below',
  lte: 'is at most',
  contains: 'contains',
  startsWith: 'begins with',
}

/** Words for moments and days, where "at least" would sound odd. */
const TIME_WORDS: Readonly<Record<string, string>> = { gt: 'is after', gte: 'is from', lt: 'is before', lte: 'is up to' }

/** What an empty "or", or the "not" of an empty filter, asks for. */
const NEVER = 'no row can meet this'

/** A filter as GraphQL takes it in words, a sentence part for each condition; all of them hold. */
export function filterWords(input: Input | null, columns: ReadonlyMap<string, Named>, timeZone: string): string[] {
  if (input === null) return []
  return Object.entries(input).flatMap(([name, value]) => {
    if (value === null || value === undefined) return []
    const all = (list: unknown) => (list as Input[]).map((each) => filterWords(each, columns, timeZone).join(' and '))
    if (name === 'and') return (value as Input[]).flatMap((each) => filterWords(each, columns, timeZone))
    if (name === 'or') return [all(value).filter(Boolean).join(', or ') || NEVER]
    if (name === 'not') {
      const inner = filterWords(value as Input, columns, timeZone)
      return [inner.length > 0 ? `not: ${inner.join(' and ')}` : NEVER]
    }
    const column = columns.get(name) ?? { title: name, kind: 'text', unit: null }
    const words = comparison(value as Input, column, timeZone)
    return words === '' ? [] : [`${small(column.title)} ${words}`]
  })
}

function comparison(given: Input, column: Named, timeZone: string): string {
  const said = (value: unknown) => valueWords(value, column, timeZone)
  const parts = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([operator, value]) => {
      if (operator === 'isNull') return value ? 'is empty' : 'is not empty'
      const values = Array.isArray(value) ? listed(value.map(said)) || 'no values at all' : ''
      if (operator === 'in') return `is one of ${values}`
      if (operator === 'notIn') return `is none of ${values}`
      const isTime = column.kind === 'instant' || column.kind === 'date'
      return `${(isTime ? TIME_WORDS[operator] : undefined) ?? WORDS[operator] ?? operator} ${said(value)}`
    })
  return parts.join(' and ')
}

function valueWords(value: unknown, { kind, unit }: Named, timeZone: string): string {
  if (value === null) return 'empty'
  if (kind === 'instant') return moment(new Date(String(value)), timeZone)
  if (kind === 'boolean') return value === true ? 'yes' : 'no'
  if (typeof value === 'number' || ['int', 'double', 'decimal'].includes(kind)) return `${String(value)}${unit ? ` ${unit}` : ''}`
  return kind === 'text' ? `“${String(value)}”` : String(value)
}

/** A value as it is written in a GraphQL document: names of fields without quotes. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null)
  return `{ ${Object.entries(value)
    .map(([name, each]) => `${name}: ${literal(each)}`)
    .join(', ')} }`
}
