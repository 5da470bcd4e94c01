import { NotFoundError, RequestError } from '../shared/errors.ts'
import type { Row, RowQuery, WarehouseService } from '../warehouse/warehouse.service.ts'
import { readAsked, type AskedTexts } from './asked-rows.ts'
import { csvLine } from './csv.ts'
import type { DataApiService } from './data-api.service.ts'
import type { DataField, DatasetModel } from './dataset-model.ts'
import { rowShaper } from './row-shaper.ts'

/** Which part of a dataset a file holds. */
export interface ExportRequest extends AskedTexts {
  /** Names of fields of the API in the order wanted, also `_loadId` and its like; null takes every declared one. */
  readonly columns: readonly string[] | null
}

/** Writes datasets, or what a filter leaves of them, as files. */
export class ExportService {
  readonly #dataApi: DataApiService
  readonly #warehouse: WarehouseService

  constructor(dataApi: DataApiService, warehouse: WarehouseService) {
    this.#dataApi = dataApi
    this.#warehouse = warehouse
  }

  /**
   * The rows that the API gives for the same filter, as CSV in UTF-8, a heading first; all of one moment. Throws before the first piece when
   * source, dataset or a column does not exist, or when the API would refuse the filter or the order. Whoever takes it ends it, by reading on
   * or by `return()`.
   */
  async csv(slug: string, name: string, request: ExportRequest, signal: AbortSignal): Promise<AsyncIterableIterator<string>> {
    const model = this.#dataApi.find(slug, name)
    if (!model) throw new NotFoundError(`There is no dataset "${name}" in a source "${slug}".`)
    const fields = request.columns === null ? declared(model) : request.columns.map((column) => fieldOf(model, column))
    const columns = [...new Set(fields.map((field) => field.column))]
    const query = { columns, ...readAsked(this.#dataApi.schema, model, request) }
    return begun(this.#pieces(model, fields, query, signal))
  }

  /** The first piece comes when the first rows are there, so what the warehouse refuses is known by then. */
  async *#pieces(model: DatasetModel, fields: readonly DataField[], query: RowQuery, signal: AbortSignal): AsyncGenerator<string> {
    const linesOf = liner(model, fields)
    let heading = csvLine(fields.map((field) => field.field))
    for await (const rows of this.#warehouse.scan(model.table, query, signal)) {
      yield heading + linesOf(rows)
      heading = ''
    }
    if (heading !== '') yield heading
  }
}

/** Waits for the first piece; what it gives goes on from there, and ends the rest when it is ended itself. */
async function begun(pieces: AsyncGenerator<string>): Promise<AsyncIterableIterator<string>> {
  let first: IteratorResult<string> | null = await pieces.next()
  const iterator: AsyncIterableIterator<string> = {
    next: async () => {
      const piece = first ?? (await pieces.next())
      first = null
      return piece
    },
    return: () => pieces.return(undefined),
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}

/** Makes lines of rows; JSON stays the text that is stored. */
function liner(model: DatasetModel, fields: readonly DataField[]): (rows: readonly Row[]) => string {
  const shape = rowShaper(
    model,
    fields.filter((field) => field.kind !== 'json'),
  )
  const names = fields.map((field) => (field.kind === 'json' ? field.column : field.field))
  const lineOf = (row: Row) => csvLine(names.map((name) => row[name]))
  return (rows) => rows.map((row) => lineOf(shape(row))).join('')
}

const declared = (model: DatasetModel) => model.fields.slice(0, model.table.shape.columns.length)

function fieldOf(model: DatasetModel, name: string): DataField {
  const field = model.fields.find((one) => one.field === name)
  if (!field) throw new RequestError(`The dataset "${model.table.shape.name}" has no column "${name}".`)
  return field
}
