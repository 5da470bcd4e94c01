import type { AsyncBuffer, ColumnMetaData, FileMetaData } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { FileFault } from './file-fault.ts'

const LARGEST_READ = 512 * 1024 ** 2
/** The most that one page may unpack to. */
export const LARGEST_PAGE = 256 * 1024 ** 2
const MOST_ROWS_OF_GROUP = 16_000_000
const MOST_VALUES = 64_000_000
/** Rows of a file with more of them than this many times its bytes hold nothing: a few bytes can claim any number of empty rows. */
const MOST_TIMES = 500
const HARMLESS = 1_000_000

/** Throws a `FileFault` for a file whose footer claims what no table has. */
export function checkClaims({ num_rows, row_groups }: FileMetaData, size: number): void {
  const rows = Number(num_rows)
  if (rows > HARMLESS && rows > size * MOST_TIMES)
    throw new FileFault(`This Parquet file claims ${rows} rows in ${size} bytes, as a trap would. It is not read.`)
  const largest = row_groups.reduce((most, group) => Math.max(most, Number(group.num_rows)), 0)
  if (largest > MOST_ROWS_OF_GROUP)
    throw new FileFault(
      `This Parquet file has groups of ${largest} rows, and a group must fit into memory. Write it with at most a million rows each.`,
    )
}

/**
 * The same file, but each column is looked through before the library reads it: the library makes room for as many values as a page claims to
 * hold. Columns must be asked for as a whole.
 */
export function guarded(file: AsyncBuffer, { row_groups }: FileMetaData): AsyncBuffer {
  const unseen = new Map<number, ColumnMetaData>()
  for (const { columns } of row_groups)
    for (const { meta_data } of columns) if (meta_data !== undefined) unseen.set(startOf(meta_data), meta_data)
  return {
    byteLength: file.byteLength,
    slice(start, end) {
      const bytes = read(start, end)
      // The library reads ahead, and when it gives up before it looks at what came, a failure of that must not end the process.
      bytes.catch(() => {})
      return bytes
    },
  }

  async function read(start: number, end?: number): Promise<ArrayBuffer> {
    const bytes = await file.slice(start, end)
    const column = unseen.get(start)
    if (column !== undefined) checkPages(bytes, column)
    unseen.delete(start)
    return bytes
  }
}

const startOf = ({ dictionary_page_offset, data_page_offset }: ColumnMetaData): number => Number(dictionary_page_offset || data_page_offset)

function checkPages(bytes: ArrayBuffer, { num_values }: ColumnMetaData): void {
  if (num_values > MOST_VALUES) throw new Error(`A column of it claims ${num_values} values in one group.`)
  const reader = { view: new DataView(bytes), offset: 0 }
  // As the library does, which leaves a last byte alone.
  while (reader.offset < bytes.byteLength - 1) {
    const header = parquetHeader(reader)
    const { uncompressed_page_size: size, compressed_page_size: packed, dictionary_page_header: dictionary } = header
    const values = header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0
    const rows = header.data_page_header_v2?.num_rows ?? 0
    if (!(size >= 0 && size <= LARGEST_PAGE && packed >= 0)) throw new Error(`A page of it unpacks to ${size} bytes.`)
    if (!(values >= 0 && values <= num_values && rows <= num_values))
      throw new Error(`A page of it claims ${values} values of ${num_values}.`)
    if (dictionary !== undefined && !(dictionary.num_values >= 0 && dictionary.num_values <= size))
      throw new Error(`A dictionary of it claims ${dictionary.num_values} values in ${size} bytes.`)
    reader.offset += packed
  }
}

/** Throws when more bytes are asked for at once than may be held. */
export function checkRead(size: number): void {
  if (size > LARGEST_READ) throw new Error(`It keeps ${Math.round(size / 1e6)} MB in one piece.`)
}
