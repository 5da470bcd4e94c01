import { turn } from '../../shared/turn.ts'

const chunkLength = 256 * 1024
const special = /[\\\t\n\r\0]/
const everySpecial = /[\\\t\n\r\0]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\\0' }

/**
 * Rows in the form that LOAD DATA reads without further words: fields end with a tab, lines with a line feed, `\N` is NULL. Gives buffers of about
 * 256 KB, with a turn of the event loop after each.
 */
export async function* tsv(rows: readonly (readonly unknown[])[]): AsyncGenerator<Buffer> {
  let text = ''
  for (const row of rows) {
    for (let index = 0; index < row.length; index++) text += (index === 0 ? '' : '\t') + field(row[index])
    text += '\n'
    if (text.length < chunkLength) continue
    yield Buffer.from(text)
    text = ''
    await turn()
  }
  if (text !== '') yield Buffer.from(text)
}

function field(value: unknown): string {
  if (value === null) return '\\N'
  if (typeof value !== 'string') return String(value)
  return special.test(value) ? value.replace(everySpecial, (character) => escapes[character]!) : value
}
