import type { DataField, DatasetModel } from './dataset-model.ts'

type Row = Record<string, unknown>

/** Makes the function that turns rows of a table into rows of the API: safe names, addresses of pictures, JSON as values. */
export function rowShaper(model: DatasetModel, fields: readonly DataField[]): (row: Row) => Row {
  const changed = fields.filter((field) => field.field !== field.column || field.kind === 'image' || field.kind === 'json')
  if (changed.length === 0) return (row) => row
  return (row) => {
    const shaped = { ...row }
    for (const field of changed) shaped[field.field] = shown(model, field, row[field.column])
    return shaped
  }
}

/** Where the picture of a key is served. */
export const mediaPath = (slug: string, key: string): string => `/media/${slug}/${encodeURIComponent(key)}`

function shown(model: DatasetModel, field: DataField, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (field.kind === 'image') return mediaPath(model.slug, String(value))
  return field.kind === 'json' && typeof value === 'string' ? parseExactly(value) : value
}

/** Parses JSON so that writing it again gives the same digits: a number that JavaScript would write in another way stays as it was. */
function parseExactly(text: string): unknown {
  return parseWithSource(text, (_, value, { source }) => (typeof value === 'number' && source !== String(value) ? rawJson(source!) : value))
}

// TypeScript's library does not know JSON.rawJSON and the reviver's third argument yet; Node has both since version 22.
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON
