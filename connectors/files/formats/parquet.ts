import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { HandoverError, SourceError, type RawRecord } from '@handover/sdk'
import type { Declared } from '@handover/sdk/infer'
import {
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type ParquetScan,
} from 'hyparquet'
import { compressors as others } from 'hyparquet-compressors'
import type { Place } from '../cut.ts'
import type { Content } from '../locations/location.ts'
import { headerNames } from '../names.ts'
import type { Batch } from '../read.ts'
import { rowRecords } from './row-records.ts'
import { checkClaims, checkRead, guarded, LARGEST_PAGE } from './parquet-guard.ts'
import { FileFault } from './file-fault.ts'
import { bareElement, declaredOf, PARSERS, readerOf } from './parquet-types.ts'

const BATCH = 1000
/** Rows are unpacked in windows of about this many bytes, whatever the size of the file's own groups. */
const WINDOW_BYTES = 16 * 1024 ** 2
const SMALLEST_WINDOW = 1000
const LARGEST_WINDOW = 50_000

/** A column of the file at its top. */
interface ParquetColumn {
  readonly name: string
  /** The name under which records know it. */
  readonly key: string
  readonly declared: Declared
  readonly read: (value: unknown) => unknown
  readonly isNested: boolean
}

/** Reads a Parquet file window by window, with memory that does not grow with the file. `place.record` is the number of rows read. */
export async function* readParquet(file: Content, from: Place): AsyncGenerator<Batch> {
  try {
    yield* readRows(file, from)
  } catch (error) {
    if (error instanceof FileFault || error instanceof HandoverError) throw error
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error
    const { size } = await file.handle.stat()
    if (size < file.size) throw new SourceError(`The file ${file.path} became shorter while it was read.`, { cause: error })
    throw new FileFault(
      `This Parquet file cannot be read; it is damaged, or of a kind that is not known. ${(error as Error).message}`,
      null,
      error,
    )
  }
}

async function* readRows(file: Content, from: Place): AsyncGenerator<Batch> {
  const buffer = bufferOf(file)
  const metadata = await parquetMetadataAsync(buffer, { parsers: PARSERS, geoparquet: false })
  checkClaims(metadata, file.size)
  const columns = columnsOf(metadata)
  const scan = await parquetScan({
    file: guarded(buffer, metadata),
    metadata: { ...metadata, schema: metadata.schema.map(bareElement) },
    compressors,
    parsers: PARSERS,
    utf8: false,
    geoparquet: false,
    useOffsetIndex: false,
  })
  // The columns are known even when there is no row.
  yield { records: [], end: from, columns: new Map(columns.map(({ key, declared }) => [key, declared])) }
  const makeRecord = rowRecords(
    file.path,
    columns.map(({ key }) => key),
  )
  const window = windowOf(metadata)
  for (const group of scan.ranges) {
    await keepNested(scan, columns, group)
    for (let start = Math.max(group.rowStart, from.record); start < group.rowEnd; start += window) {
      const data = await readWindow(scan, columns, start, Math.min(start + window, group.rowEnd))
      const rows = data[0]?.length ?? 0
      for (let first = 0; first < rows; first += BATCH) {
        const last = Math.min(first + BATCH, rows)
        yield { records: recordsOf(data, columns, first, last, start, makeRecord), end: { offset: 1, line: 1, record: start + last } }
      }
    }
  }
}

function columnsOf(metadata: FileMetaData): ParquetColumn[] {
  const { children } = parquetSchema(metadata)
  const names = children.map((child) => child.element.name)
  const keys = headerNames(names)
  const twin = names.find((name, index) => names.indexOf(name) !== index)
  if (twin !== undefined) throw new FileFault(`This Parquet file has two columns of the name "${twin}". Give one of them another name.`)
  return children.map((child, index) => ({
    name: names[index]!,
    key: keys[index]!,
    declared: declaredOf(child),
    read: readerOf(child),
    isNested: child.children.length > 0 || child.element.repetition_type === 'REPEATED',
  }))
}

/** How many rows are unpacked at once. */
function windowOf({ num_rows, row_groups }: FileMetaData): number {
  const bytes = row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0)
  const perRow = Math.max(1, bytes / Math.max(1, Number(num_rows)))
  return Math.max(SMALLEST_WINDOW, Math.min(LARGEST_WINDOW, Math.floor(WINDOW_BYTES / perRow)))
}

/** Pages of nested columns do not say where their rows begin, so that the library would begin at the first one for each window. It keeps what it read last. */
async function keepNested(scan: ParquetScan, columns: readonly ParquetColumn[], group: ParquetScan['ranges'][number]): Promise<void> {
  for (const { name, isNested } of columns) if (isNested) await scan.readColumn({ column: name, ...group })
}

/** The values of each column, from one row to another, as the library gives them. */
async function readWindow(scan: ParquetScan, columns: readonly ParquetColumn[], rowStart: number, rowEnd: number): Promise<Values[]> {
  const data: Values[] = []
  for (const { name } of columns) {
    const values = await scan.readColumn({ column: name, rowStart, rowEnd })
    if (values.length !== rowEnd - rowStart) throw new Error(`Column ${name} has ${values.length} values for ${rowEnd - rowStart} rows.`)
    data.push(values as Values)
  }
  return data
}

type Values = ArrayLike<unknown>

/** The records of some rows of a window, which begins behind `before` rows. */
function recordsOf(
  data: readonly Values[],
  columns: readonly ParquetColumn[],
  first: number,
  last: number,
  before: number,
  makeRecord: ReturnType<typeof rowRecords>,
): RawRecord[] {
  const records: RawRecord[] = []
  const cells = new Array<unknown>(columns.length)
  for (let row = first; row < last; row++) {
    for (let index = 0; index < cells.length; index++) {
      const value = data[index]![row]
      cells[index] = value === null || value === undefined ? null : columns[index]!.read(value)
    }
    records.push(makeRecord(before + row + 1, cells))
  }
  return records
}

/** The file as the library reads it. */
function bufferOf({ handle, size }: Content): AsyncBuffer {
  return {
    byteLength: size,
    async slice(start, end = size) {
      const wanted = end - start
      if (!(start >= 0 && wanted >= 0 && end <= size)) throw new Error(`It points to bytes ${start} to ${end} of ${size}.`)
      checkRead(wanted)
      const bytes = new Uint8Array(wanted)
      const { bytesRead } = await handle.read(bytes, 0, wanted, start)
      if (bytesRead < wanted) throw new Error(`It ends after ${start + bytesRead} bytes.`)
      return bytes.buffer
    },
  }
}

const limited = (size: number): { maxOutputLength: number } => {
  if (size > LARGEST_PAGE) throw new Error(`A page of it unpacks to ${size} bytes.`)
  return { maxOutputLength: Math.max(size, 1) }
}

/** Node unpacks faster than JavaScript, and to no more than a page says it holds. */
const compressors: Compressors = {
  ...others,
  GZIP: (input, size) => gunzipSync(input, limited(size)),
  BROTLI: (input, size) => brotliDecompressSync(input, limited(size)),
  ZSTD: (input, size) => zstdDecompressSync(input, limited(size)),
}
