import { tidy } from './raw-text.ts'
import type { Load, QuarantinedRecord } from './types.ts'
import { capital } from './words.ts'

/** Records of one dataset that wait because of the same rule in the same column. */
export interface Reason {
  sourceSlug: string
  dataset: string
  code: string
  column: string | null
  count: number
  firstAt: string
  lastAt: string
  example: string
  exampleId: string
}

/** What a person gave up in one go. */
export interface Discarded {
  sourceSlug: string
  dataset: string
  count: number
  decidedAt: string
  note: string
  newest: QuarantinedRecord
}

/** A load that ran set-aside records again, as far as the page tells of it. */
export type Ran = Pick<Load, 'id' | 'state' | 'error' | 'balance'> & { sourceSlug: string }

const LONGEST_TITLE = 64

const TITLES: Readonly<Record<string, string>> = {
  RECORD_UNREADABLE: 'The record cannot be read',
  TRANSFORM_FAILED: 'The connector could not use the record',
  TRANSFORM_INVALID: 'The connector made something that is no row',
  KEY_INVALID: 'The key of a row to be removed is not right',
}

/** A reason as a heading: what is said about it where that is short, with the column's own title. */
export function reasonTitle(reason: Pick<Reason, 'code' | 'column' | 'example'>, columnTitle: string | null): string {
  const general = TITLES[reason.code]
  if (general) return general
  if (reason.column === null) return 'The row does not fit'
  const title = capital(columnTitle ?? reason.column)
  const said = reason.example.replace(/\.$/, '')
  const rest = said.startsWith(reason.column) ? plainly(said.slice(reason.column.length)) : null
  const short = rest !== null && !/^:|;/.test(rest) && title.length + rest.length <= LONGEST_TITLE
  return short ? title + rest : `${title} does not fit`
}

/** What the checks of a schema call kinds of values. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'an object',
  date: 'a date',
  null: 'empty',
}

/** A schema's own way to say that a kind is wrong, in plain words; everything else stays as it is. */
function plainly(said: string): string {
  const [, expected, received] = /^: Invalid input: expected (\w+), received (\w+)$/.exec(said) ?? []
  if (!expected || !received) return said
  if (received === 'undefined') return ' is missing'
  return ` must be ${KINDS[expected] ?? expected}, not ${KINDS[received] ?? received}`
}

/** Names a reason in the address. */
export function reasonKey({ sourceSlug, dataset, code, column }: Pick<Reason, 'sourceSlug' | 'dataset' | 'code' | 'column'>): string {
  return [sourceSlug, dataset, code, column ?? ''].join('~')
}

/** A piece of raw text, and whether it is what the rule is about. */
export interface Piece {
  text: string
  marked: boolean
}

/** The raw text laid out, with the field marked that has the name of the column, if there is one. Nothing of the text is changed. */
export function markedRaw(raw: string, column: string | null): Piece[] {
  const text = tidy(raw)
  const field = column === null ? null : findField(text, column)
  if (!field) return [{ text, marked: false }]
  return [
    { text: text.slice(0, field.from), marked: false },
    { text: text.slice(field.from, field.to), marked: true },
    { text: text.slice(field.to), marked: false },
  ].filter((piece) => piece.text !== '')
}

/** A field of JSON whose value is a text, a number or a word. */
const FIELD = /"((?:[^"\\]|\\.)*)": ("(?:[^"\\]|\\.)*"|[^\s,{}[\]]+)/g

function findField(text: string, column: string): { from: number; to: number } | null {
  const wanted = plain(column)
  for (const match of text.matchAll(FIELD)) {
    if (plain(match[1]!) === wanted) return { from: match.index, to: match.index + match[0].length }
  }
  return null
}

/** `horizontalError`, `horizontal_error` and `Horizontal error` are the same name. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')

/** The beginning of a raw text in one line. */
export function glimpse(raw: string, most = 160): string {
  const line = raw.replaceAll(/\s+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most)}…` : line
}

/** What a load that ran records again came to: how many it read, how many of them still do not fit. */
export function outcomeOf(ran: Ran): { read: number; left: number } {
  const sum = (count: (balance: Ran['balance'][number]) => number) => ran.balance.reduce((total, balance) => total + count(balance), 0)
  return {
    read: sum(({ read }) => Number(read)),
    left: sum(({ quarantinedRecords, quarantinedRows }) => Number(quarantinedRecords) + Number(quarantinedRows)),
  }
}
