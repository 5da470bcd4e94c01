import { turn } from '../../shared/turn.ts'
import { systemColumns, type RowBatch, type Table } from '../table.ts'
import { toStored } from './values.ts'

const chunkLength = 256 * 1024
const special = /[\\\t\n\r\0]/
const everySpecial = /[\\\t\n\r\0]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' }

/**
 * Rows in the form that LOAD DATA reads without further words: fields end with a tab, lines with a line feed, `\N` is NULL. Gives buffers of about
 * 256 KB, with a turn of the event loop after each.
 */
export async function* tsv({ shape: { columns } }: Table, { ops, loadId, at }: RowBatch): AsyncGenerator<Buffer> {
  const load = `${field(loadId)}\t${toStored(loadedAt, at.toISOString()) as string}\t`
  let text = ''
  for (const { values, part, line, item } of ops) {
    for (let index = 0; index < columns.length; index++) text += `${field(toStored(columns[index]!, values[index]))}\t`
    text += `${load}${part}\t${line}\t${item}\n`
    if (text.length < chunkLength) continue
    yield Buffer.from(text)
    text = ''
    await turn()
  }
  if (text !== '') yield Buffer.from(text)
}

const loadedAt = systemColumns.find(({ name }) => name === '_loaded_at')!

function field(value: unknown): string {
  if (value === null) return '\\N'
  if (typeof value !== 'string') return String(value)
  return special.test(value) ? value.replace(everySpecial, (character) => escapes[character]!) : value
}
