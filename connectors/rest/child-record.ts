import { parseRecord, rawRecord, recordText, recordValue, stringifyJson, type RawRecord } from '@handover/sdk'

/** A record of a child: its own, and what of the parent's row becomes columns. */
export interface ChildRecord {
  readonly parent: Readonly<Record<string, unknown>>
  readonly record: unknown
}

/** Puts the parent's columns to its records, so that the lake knows whose they are. The own text of a record stays as it came. */
export function ofParent(row: Readonly<Record<string, unknown>>, columns: readonly string[]): (record: unknown) => RawRecord {
  const text = stringifyJson(Object.fromEntries(columns.map((name) => [name, row[name] ?? null])))
  const parent = parseRecord(text) as ChildRecord['parent']
  const head = `{"parent":${text},"record":`
  return (record) => rawRecord(`${head}${recordText(record)}}`, { parent, record: recordValue(record) } satisfies ChildRecord)
}
