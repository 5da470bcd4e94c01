import { titleOf } from '@handover/sdk'

/** A column guessed from the values of one field. */
export interface GuessedColumn {
  /** Names on the way to it in a record: one, or two for a part of an object. */
  readonly path: readonly string[]
  /** As the column is called. */
  readonly name: string
  /** What it is made with, such as `instant()`; without `describe`. */
  readonly schema: string
  /** The function of the sdk that `schema` calls; null for zod alone. */
  readonly helper: string | null
  readonly about: string
}

type Records = readonly Readonly<Record<string, unknown>>[]

const MOST_COLUMNS = 60
/** An object of more parts is kept whole. */
const MOST_PARTS = 30
const LONGEST_KEY = 191
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/
const PERSONAL = /e?_?mail|phone|mobile|first_?name|last_?name|full_?name|surname|birth|street|address$|^ip(_|$)|ssn/i
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)$/
const DATE = /^\d{4}-\d\d-\d\d$/

/** Whether what stands there in a record is likely to be about a person; the name of a part (`customer.name`) is taken for one. */
export const isPersonalPath = (path: readonly string[]): boolean =>
  PERSONAL.test(path.at(-1)!) || (path.length > 1 && path.at(-1) === 'name')

/** A column for every field of these records whose name can be one, the key first. Objects are taken apart, one level deep. */
export function guessColumns(records: Records, key: string): GuessedColumn[] {
  const seen = new Set<string>()
  const roles = new Set<string>()
  const columns: GuessedColumn[] = []
  for (const { path, values } of fieldsOf(records, key)) {
    const name = columnName(path.length === 1 ? path[0]! : joined(path))
    if (columns.length === MOST_COLUMNS || name === null || seen.has(name.toLowerCase())) continue
    seen.add(name.toLowerCase())
    columns.push(guess(path, name, values, columns.length === 0, roles))
  }
  return columns
}

interface Field {
  readonly path: readonly string[]
  /** One for each record; undefined where it is missing. */
  readonly values: readonly unknown[]
}

function fieldsOf(records: Records, key: string): Field[] {
  const names = [...new Set([key, ...records.flatMap((record) => Object.keys(record))])]
  return names.flatMap((name): Field[] => {
    const values = records.map((record) => record[name])
    const present = values.filter((value) => value !== undefined && value !== null)
    if (present.length === 0 || !present.every(isObject)) return [{ path: [name], values }]
    const parts = [...new Set(present.flatMap((value) => Object.keys(value as object)))]
    const fields = parts.map((part) => ({ path: [name, part], values: values.map((value) => (isObject(value) ? value[part] : undefined)) }))
    return fields.length > MOST_PARTS ? [{ path: [name], values }] : fields
  })
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `position` and `lat` make `positionLat`; `place_of_birth` and `city` make `place_of_birth_city`. */
const joined = ([name = '', part = '']: readonly string[]): string =>
  /_/.test(name + part) ? `${name}_${part}` : `${name}${part.charAt(0).toUpperCase()}${part.slice(1)}`

/** What a field is called as a column; null when nothing is left of its name. */
export function columnName(field: string): string | null {
  if (NAME.test(field)) return field
  const name = field
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^[^A-Za-z]+|_+$/g, '')
    .slice(0, 63)
  return NAME.test(name) ? name : null
}

/** Why a field cannot tell these records apart; null when it can. */
export function keyFault(records: Records, key: string): string | null {
  const values = records.map((record) => record[key])
  const fields = [...new Set(records.flatMap((record) => Object.keys(record)))].join(', ')
  if (values.every((value) => value === undefined)) return `No record has the field "${key}". There are: ${fields}.`
  if (values.some((value) => value === undefined || value === null)) return `The field "${key}" is empty in some records.`
  if (values.some((value) => typeof value === 'object' || typeof value === 'boolean'))
    return `The field "${key}" holds no numbers or texts.`
  if (values.some((value) => typeof value === 'number' && !Number.isInteger(value))) return `The field "${key}" holds numbers with a point.`
  if (new Set(values.map((value) => typeof value)).size > 1) return `The field "${key}" holds numbers here and texts there.`
  if (values.some((value) => typeof value === 'string' && value.length > LONGEST_KEY))
    return `The field "${key}" holds texts that are too long.`
  if (new Set(values).size < values.length) return `The field "${key}" has the same value in several records.`
  return columnName(key) === null ? `The field "${key}" cannot be the name of a column.` : null
}

/** The field that most likely tells records apart; null when none does. */
export function usualKey(records: Records): string | null {
  const fields = [...new Set(records.flatMap((record) => Object.keys(record)))]
  const usual = ['id', 'uuid', 'guid', '_id', 'ID', 'Id', 'key', 'code', 'slug', 'number']
  return [...usual.filter((name) => fields.includes(name)), ...fields].find((field) => keyFault(records, field) === null) ?? null
}

function guess(path: readonly string[], name: string, all: readonly unknown[], isKey: boolean, taken: Set<string>): GuessedColumn {
  const field = path.at(-1)!
  const values = all.filter((value) => value !== undefined && value !== null)
  const { schema, helper } = kindOf(values, isKey)
  const role = roleOf(field, schema)
  const isNew = role !== null && !taken.has(role)
  if (isNew) taken.add(role)
  const meta = [...(isNew ? [`role: '${role}'`] : []), ...(isPersonalPath(path) && !isKey ? ['personal: true'] : [])]
  const empty = !isKey && (values.length < all.length || values.length === 0) ? '.nullish()' : ''
  return {
    ...{ path, name, helper, about: `${titleOf(name)}, as the source sends it` },
    schema: `${schema}${empty}${meta.length === 0 ? '' : `.meta({ ${meta.join(', ')} })`}`,
  }
}

function kindOf(values: readonly unknown[], isKey: boolean): { schema: string; helper: string | null } {
  const every = (test: (value: unknown) => boolean) => values.length > 0 && values.every(test)
  const isText = (pattern: RegExp) => every((value) => typeof value === 'string' && pattern.test(value))
  const helper = (name: string) => ({ schema: `${name}()`, helper: name })
  const plain = (schema: string) => ({ schema, helper: null })
  if (every(Number.isInteger)) return plain('z.int()')
  if (every((value) => typeof value === 'bigint' || Number.isInteger(value))) return helper('int64')
  if (every((value) => typeof value === 'number')) return plain('z.number()')
  if (every((value) => typeof value === 'boolean')) return plain('z.boolean()')
  if (isText(INSTANT)) return helper('instant')
  if (isText(DATE)) return helper('date')
  if (every((value) => typeof value === 'string')) return plain(isKey ? `z.string().max(${LONGEST_KEY})` : 'z.string()')
  return helper('json')
}

/** What a column most likely means; each role is given once. */
function roleOf(field: string, schema: string): string | null {
  const isNumber = schema === 'z.number()' || schema === 'z.int()'
  if (isNumber && /^lat(itude)?$/i.test(field)) return 'latitude'
  if (isNumber && /^(lon|lng|long|longitude)$/i.test(field)) return 'longitude'
  if ((schema === 'instant()' || schema === 'date()') && !/birth|born/i.test(field)) return 'time'
  if (schema === 'z.string()' && /^(name|title|label)$/i.test(field)) return 'label'
  return schema === 'z.string()' && /^(url|link|website)$/i.test(field) ? 'url' : null
}
