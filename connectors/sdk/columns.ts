import { z } from 'zod'
import type { Column, Role } from './contract.ts'
import { ConfigError } from './errors.ts'
import { readLayers, type Layers } from './layers.ts'
import type { ColumnType } from './rules.ts'

const ROLES: readonly Role[] = ['time', 'latitude', 'longitude', 'label', 'image', 'category', 'url', 'identifier']

/** Longest text of formats whose values have a bounded length. */
const FORMAT_MAX: Readonly<Record<string, number>> = {
  guid: 36,
  uuid: 36,
  nanoid: 21,
  ulid: 26,
  xid: 20,
  ksuid: 27,
  ipv4: 15,
  ipv6: 45,
  cidrv4: 18,
  cidrv6: 49,
}

/** What to write instead of a schema that is no column. */
const INSTEAD: Readonly<Record<string, string>> = {
  any: 'json()',
  unknown: 'json()',
  object: 'json()',
  record: 'json()',
  array: 'json()',
  tuple: 'json()',
  map: 'json()',
  date: 'instant() or date()',
  bigint: 'int64()',
  literal: 'z.enum([…])',
  union: 'one kind of value, or json()',
}

/** Columns read from a schema, and a sentence for each one that cannot be a column. */
export interface DescribedColumns {
  readonly columns: readonly Column[]
  readonly faults: readonly string[]
}

/** The columns of a dataset's zod schema. Throws a `ConfigError` with a line for each that cannot be mapped exactly: nothing is guessed. */
export function describeColumns(schema: z.ZodObject): readonly Column[] {
  const { columns, faults } = readColumns(schema)
  if (faults.length > 0) throw new ConfigError(faults.join('\n'), { code: 'CONNECTOR_INVALID' })
  return columns
}

/** The same without throwing, for those who collect faults. */
export function readColumns(schema: z.ZodObject): DescribedColumns {
  const columns: Column[] = []
  const faults: string[] = []
  for (const [name, part] of Object.entries(schema.shape)) {
    const layers = readLayers(part)
    const type = typeOf(layers)
    if (typeof type === 'string') faults.push(`Column ${name} ${type}.`)
    else if (layers.meta.role !== undefined && !ROLES.includes(layers.meta.role)) {
      faults.push(`Column ${name} has the role "${layers.meta.role}"; known are ${ROLES.join(', ')}.`)
    } else columns.push(toColumn(name, layers, type))
  }
  return { columns, faults }
}

/** A title for people made from a name: `placedAt` and `placed_at` become `Placed at`. */
export function titleOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
    .map((word) => (/^[A-Z]{2,}$/.test(word) ? word : word.toLowerCase()))
  const text = words.join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function toColumn(name: string, layers: Layers, type: ColumnType): Column {
  const { meta } = layers
  return {
    name,
    title: meta.title ?? titleOf(name),
    about: meta.description ?? '',
    kind: type.kind,
    nullable: layers.optional || layers.nullable,
    max: type.max ?? null,
    precision: type.precision ?? null,
    scale: type.scale ?? null,
    values: type.values ?? null,
    unit: meta.unit ?? null,
    role: meta.role ?? null,
    personal: meta.personal ?? false,
  }
}

/** The type of a column, or half a sentence that says why it is none. */
function typeOf(layers: Layers): ColumnType | string {
  const core = layers.core as z.core.$ZodTypes
  const def = core._zod.def
  if (layers.meta.secret === true) return 'is a secret; secrets are settings and never columns'
  if (layers.meta.column !== undefined) return layers.meta.column
  if ('coerce' in def && def.coerce) return 'uses coerce, which changes values without a word; convert in transform'
  if (def.checks?.some((check) => check._zod.def.check === 'overwrite'))
    return 'changes its text (trim, case, normalize); convert in transform'
  switch (def.type) {
    case 'string':
      return textType(core as z.ZodString)
    case 'number':
      return isWhole(core as z.ZodNumber) ? { kind: 'int' } : { kind: 'double' }
    case 'boolean':
      return { kind: 'boolean' }
    case 'enum':
      return enumType(core as z.ZodEnum)
    case 'catch':
      return 'uses catch, which would hide bad values; they are set aside instead'
    case 'transform':
      return 'ends in a transform, whose result has no known kind; convert in transform of the dataset'
    default:
      return `is a zod ${def.type}, which cannot be a column${INSTEAD[def.type] === undefined ? '' : `; use ${INSTEAD[def.type]}`}`
  }
}

function textType(schema: z.ZodString): ColumnType | string {
  const format: string | null = schema.format
  if (format === 'date') return 'is text with a date in it; use date()'
  if (format === 'datetime') return 'is text with a time in it; use instant()'
  return { kind: 'text', max: schema.maxLength ?? (format === null ? null : (FORMAT_MAX[format] ?? null)) }
}

function enumType(schema: z.ZodEnum): ColumnType | string {
  const values = schema.options
  if (!values.every((value) => typeof value === 'string')) return 'is an enumeration with numbers; use text values'
  return { kind: 'text', values, max: Math.max(1, ...values.map((value) => value.length)) }
}

const isWhole = (schema: z.ZodNumber): boolean =>
  /int/.test(schema.format ?? '') ||
  (schema._zod.def.checks ?? []).some((check) => /int/.test((check._zod.def as { format?: string }).format ?? ''))
