import { Profile } from '@handover/sdk/infer'
import { isObject, valueAt, WHOLE } from './value-at.ts'

/** What the records of a stream have shown: profiles by place in the record. */
export type Sample = ReadonlyMap<string, Profile>

/**
 * Profiles of every field. Objects are opened one level, `amounts: {total}` to `amounts.total`; what lies deeper is JSON, but for the places
 * that are asked for by name.
 */
export function sampleOf(records: readonly unknown[], places: readonly string[]): Sample {
  const fields = new Map<string, Profile>()
  const add = (path: string, value: unknown): void => {
    let profile = fields.get(path)
    if (profile === undefined) fields.set(path, (profile = new Profile()))
    profile.add(value, true)
  }
  for (const record of records) for (const [path, value] of leaves(record)) add(path, value)
  for (const path of places.filter((place) => !fields.has(place)))
    for (const record of records) {
      const value = valueAt(record, path)
      if (value !== undefined) add(path, value)
    }
  return fields
}

function* leaves(record: unknown): Generator<readonly [path: string, value: unknown]> {
  if (!isObject(record)) return yield [WHOLE, record]
  for (const [name, part] of Object.entries(record)) {
    if (isObject(part)) for (const [inner, deep] of Object.entries(part)) yield [`${name}.${inner}`, deep]
    else yield [name, part]
  }
}
