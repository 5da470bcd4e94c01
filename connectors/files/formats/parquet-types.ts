import { isUtf8 } from 'node:buffer'
import { parseRecord } from '@handover/sdk'
import type { Declared } from '@handover/sdk/infer'
import type { SchemaElement, SchemaTree } from 'hyparquet'
import { dateText, decimalText, instantText, timeText } from './parquet-text.ts'

/** Makes a value as records hold it of one as the library gives it for this type; never called with null or undefined. */
type Reader = (value: unknown) => unknown

const MOST_DIGITS = 18
const TEXT: Declared = { kind: 'text' }
const JSON_KIND: Declared = { kind: 'json' }

/** The kind of a column: nested ones are JSON, decimals of more than 18 digits text. */
export function declaredOf(node: SchemaTree): Declared {
  const { element } = node
  if (node.children.length > 0 || element.repetition_type === 'REPEATED') return JSON_KIND
  if (element.logical_type?.type === 'NULL') return TEXT
  const meaning = meaningOf(element)
  if (meaning === 'DECIMAL') {
    const { precision = 0, scale = 0 } = digitsOf(element)
    return precision <= MOST_DIGITS && scale >= 0 ? { kind: 'decimal', precision, scale } : TEXT
  }
  if (meaning === 'DATE') return { kind: 'date' }
  if (meaning.startsWith('TIMESTAMP') || element.type === 'INT96') return { kind: 'instant' }
  if (meaning.startsWith('TIME')) return TEXT
  if (meaning === 'JSON' || meaning === 'GEOMETRY' || meaning === 'GEOGRAPHY' || meaning === 'VARIANT') return JSON_KIND
  if (element.type === 'BOOLEAN') return { kind: 'boolean' }
  if (element.type === 'INT32' || element.type === 'INT64') return { kind: 'int' }
  return element.type === 'FLOAT' || element.type === 'DOUBLE' || meaning === 'FLOAT16' ? { kind: 'double' } : TEXT
}

/** How the values of a column are read, exactly: nothing is rounded, and times stay text with all their digits. */
export function readerOf(node: SchemaTree): Reader {
  const read = node.children.length > 0 ? groupReader(node) : leafReader(node.element)
  if (node.element.repetition_type !== 'REPEATED') return read
  return (value) => (Array.isArray(value) ? value.map((part) => orNull(part, read)) : orNull(value, read))
}

const orNull = (value: unknown, read: Reader): unknown => (value === null || value === undefined ? null : read(value))

/** The library gives lists as arrays, maps and structures as objects; only what stands at the leaves is ours. */
function groupReader(node: SchemaTree): Reader {
  const { children, element } = node
  const isWrapped = children.length === 1 && children[0]!.element.repetition_type === 'REPEATED'
  const [inner] = children
  if (isWrapped && inner!.children.length === 2 && /^MAP/.test(meaningOf(element))) return mapReader(readerOf(inner!.children[1]!))
  if (isWrapped && meaningOf(element) === 'LIST') {
    const read =
      inner!.children.length === 1
        ? readerOf(inner!.children[0]!)
        : readerOf({ ...inner!, element: { ...inner!.element, repetition_type: 'REQUIRED' } })
    return (value) => (Array.isArray(value) ? value.map((part) => orNull(part, read)) : orNull(value, read))
  }
  if (meaningOf(element) === 'VARIANT') return anything
  const readers = new Map(children.map((child) => [child.element.name, readerOf(child)]))
  return (value) => entriesRead(value as object, (name) => readers.get(name) ?? anything)
}

const mapReader =
  (read: Reader): Reader =>
  (value) =>
    entriesRead(value as object, () => read)

function entriesRead(value: object, readerFor: (name: string) => Reader): unknown {
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, orNull(part, readerFor(name))]))
}

/** Values whose shape no schema tells. */
function anything(value: unknown): unknown {
  if (value instanceof Uint8Array) return bytesText(value)
  if (Array.isArray(value)) return value.map((part) => orNull(part, anything))
  if (typeof value === 'object' && value !== null) return entriesRead(value, () => anything)
  return plain(value)
}

function leafReader(element: SchemaElement): Reader {
  const meaning = meaningOf(element)
  if (meaning === 'DECIMAL') {
    const { scale = 0 } = digitsOf(element)
    return (value) => decimalText(value as number | bigint | Uint8Array, scale)
  }
  if (meaning === 'DATE') return dateReader()
  if (meaning.startsWith('TIMESTAMP')) {
    const unit = unitOf(element)
    return (value) => instantText(value as bigint | number, unit)
  }
  if (meaning.startsWith('TIME')) {
    const unit = unitOf(element)
    return (value) => timeText(value as bigint | number, unit)
  }
  return meaning === 'GEOMETRY' || meaning === 'GEOGRAPHY' ? anything : plain
}

const MOST_DAYS = 10_000

/** Few days come again and again. */
function dateReader(): Reader {
  const texts = new Map<number, string>()
  return (value) => {
    const days = value as number
    let text = texts.get(days)
    if (text === undefined) {
      if (texts.size >= MOST_DAYS) texts.clear()
      texts.set(days, (text = dateText(days)))
    }
    return text
  }
}

/** Numbers that JSON cannot carry: NaN is no value, the infinities are text, which no column of numbers takes. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value)
  return value instanceof Uint8Array ? bytesText(value) : value
}

/** Bytes as text where they are UTF-8, else in base64 behind a mark. */
function bytesText(bytes: Uint8Array): string {
  return isUtf8(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
    : `base64:${Buffer.from(bytes).toString('base64')}`
}

/** How the library reads what it must read itself: before it looks values up in dictionaries. */
export const PARSERS = {
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && bytesText(bytes),
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && jsonOf(bytesText(bytes)),
  timestampFromNanoseconds: (value: bigint) => instantText(value, 'NANOS'),
}

function jsonOf(text: string): unknown {
  try {
    return parseRecord(text)
  } catch {
    return text
  }
}

/**
 * The schema as the library may know it: it would make rounded numbers of decimals and dates without their digits, so it gets to see bare
 * numbers and bytes there, and text wherever bytes may be text.
 */
export function bareElement(element: SchemaElement): SchemaElement {
  if (element.type === undefined) return element
  const meaning = meaningOf(element)
  const { converted_type: _converted, logical_type: _logical, ...bare } = element
  if (/^(?:DECIMAL|DATE|TIME|INTERVAL|BSON)/.test(meaning)) return bare
  return element.type === 'BYTE_ARRAY' && ['', 'ENUM', 'UTF8'].includes(meaning) ? { ...bare, logical_type: { type: 'STRING' } } : element
}

/** What values mean beyond their bare type, by the newer way of saying it or the older one; empty when nothing is said. */
function meaningOf({ logical_type, converted_type }: SchemaElement): string {
  const logical = logical_type?.type ?? ''
  return logical === '' || logical === 'INTEGER' || logical === 'NULL' ? (converted_type ?? '') : logical
}

function digitsOf({ logical_type, precision, scale }: SchemaElement): { precision?: number; scale?: number } {
  return logical_type?.type === 'DECIMAL'
    ? logical_type
    : { ...(precision !== undefined && { precision }), ...(scale !== undefined && { scale }) }
}

function unitOf({ logical_type, converted_type }: SchemaElement): 'MILLIS' | 'MICROS' | 'NANOS' {
  if (logical_type?.type === 'TIMESTAMP' || logical_type?.type === 'TIME') return logical_type.unit
  return converted_type?.endsWith('MICROS') === true ? 'MICROS' : 'MILLIS'
}
