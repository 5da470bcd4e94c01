import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import type { ColumnKind } from '@handover/sdk'
import { allColumns } from '../warehouse/warehouse.service.ts'
import type { ArchivedTable, ValueKind } from './archive.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)
const params = { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: 3 }

/** Largest text that one entry unpacks to; a row of 64 MB fits. */
const LONGEST = 256 * 1024 * 1024

/** Names and kinds of the columns of a table, in the order of its values. */
export function columnsOf(table: ArchivedTable): readonly { readonly name: string; readonly kind: ColumnKind | ValueKind }[] {
  return 'shape' in table ? allColumns(table.shape) : table.columns
}

/** One row as a line of JSON: the values in order. Whole numbers that JSON cannot hold stand as their digits. */
export const lineOf = (values: readonly unknown[]): string =>
  JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? long(value) : value))

const long = (value: bigint): number | string => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value))

/** The rows of an entry. */
export async function rowsOf(table: ArchivedTable, packed: Buffer): Promise<unknown[][]> {
  const lines = (await decompress(packed, { maxOutputLength: LONGEST })).toString().split('\n').slice(0, -1)
  const long = columnsOf(table).flatMap(({ kind }, index) => (kind === 'int' ? [index] : []))
  return lines.map((line) => {
    const values = JSON.parse(line) as unknown[]
    for (const index of long) if (typeof values[index] === 'string') values[index] = BigInt(values[index])
    return values
  })
}

/** Packs lines for an entry. */
export const pack = (lines: readonly string[]): Promise<Buffer> => compress(Buffer.from(`${lines.join('\n')}\n`), { params })

/** A value of a platform table as the database gives it, in the form of the archive. */
export function fromPlatform(kind: ValueKind, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (kind === 'time') return value instanceof Date ? value.toISOString() : `${String(value).replace(' ', 'T')}Z`
  if (kind === 'boolean') return Number(value)
  if (kind === 'int') return long(BigInt(value as string | number | bigint))
  return value
}

/** And back, as every database takes it. */
export function toPlatform(kind: ValueKind, value: unknown): unknown {
  return kind === 'time' && value !== null ? (value as string).replace('T', ' ').replace('Z', '') : value
}
