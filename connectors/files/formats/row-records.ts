import { rawRecord, stringifyJson, type RawRecord } from '@handover/sdk'

/**
 * Makes records of rows whose cells say themselves what is a number and what is text. The lake keeps each row as JSON, with all its digits.
 * `record` counts from 1.
 */
export function rowRecords(file: string, names: readonly string[]): (record: number, cells: readonly unknown[]) => RawRecord {
  const head = `{"file":${JSON.stringify(file)},"record":`
  const labels = names.map((name, index) => `${index === 0 ? '' : ','}${JSON.stringify(name)}:`)
  return (record, cells) => {
    const values: Record<string, unknown> = {}
    let text = `${head}${record},"row":{`
    for (let index = 0; index < names.length; index++) {
      const value = cells[index] ?? null
      values[names[index]!] = value
      text += labels[index]! + cellText(value)
    }
    return rawRecord(`${text}}}`, { file, record, values, typed: true })
  }
}

function cellText(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return typeof value === 'string' ? JSON.stringify(value) : stringifyJson(value)
}
