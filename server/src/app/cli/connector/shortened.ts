import { stringifyJson } from '@handover/sdk'
import { findList, withRecords } from './find-list.ts'
import { jsonLines, jsonOf } from './json-text.ts'

/** Keeps the first records of the list in an answer, of JSON or of one record per line; other bodies stay as they are. */
export function shortened(body: Uint8Array, most: number): Uint8Array {
  if (most === Infinity) return body
  const text = Buffer.from(body).toString()
  const json = jsonOf(text)
  const found = json === undefined ? null : findList(json)
  if (found !== null) {
    if (found.records.length <= most) return body
    return Buffer.from(stringifyJson(withRecords(json, found.at, found.records.slice(0, most))))
  }
  const lines = json === undefined && jsonLines(text) !== null ? text.split('\n').filter((line) => line.trim() !== '') : []
  return lines.length > most ? Buffer.from(`${lines.slice(0, most).join('\n')}\n`) : body
}
