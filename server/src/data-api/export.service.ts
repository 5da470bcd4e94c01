import { NotFoundError, RequestError } from '../shared/errors.ts'
import type { WarehouseService } from '../warehouse/warehouse.service.ts'
import { csvLine } from './csv.ts'
import type { DataApiService } from './data-api.service.ts'
import type { DataField, DatasetModel } from './dataset-model.ts'
import { rowShaper } from './row-shaper.ts'

/** Writes whole datasets as files. */
export class ExportService {
  readonly #dataApi: DataApiService
  readonly #warehouse: WarehouseService

  constructor(dataApi: DataApiService, warehouse: WarehouseService) {
    this.#dataApi = dataApi
    this.#warehouse = warehouse
  }

  /**
   * All rows of a dataset as CSV in UTF-8, a heading first. `columns` names fields of the API in the order wanted, also `_loadId` and
   * its like; null takes every declared one. Throws before the first piece when source, dataset or a column does not exist.
   */
  csv(slug: string, name: string, columns: readonly string[] | null, signal: AbortSignal): AsyncIterable<string> {
    const model = this.#dataApi.find(slug, name)
    if (!model) throw new NotFoundError(`There is no dataset "${name}" in a source "${slug}".`)
    const fields = columns === null ? declared(model) : columns.map((column) => fieldOf(model, column))
    return this.#lines(model, fields, signal)
  }

  async *#lines(model: DatasetModel, fields: readonly DataField[], signal: AbortSignal): AsyncGenerator<string> {
    const shape = rowShaper(
      model,
      fields.filter((field) => field.kind !== 'json'),
    )
    const query = { columns: [...new Set(fields.map((field) => field.column))], where: null, orderBy: [] }
    yield csvLine(fields.map((field) => field.field))
    for await (const rows of this.#warehouse.scan(model.table, query, signal)) {
      yield rows
        .map((row) => shape(row))
        .map((row) => csvLine(fields.map((field) => row[field.kind === 'json' ? field.column : field.field])))
        .join('')
    }
  }
}

const declared = (model: DatasetModel) => model.fields.slice(0, model.table.shape.columns.length)

function fieldOf(model: DatasetModel, name: string): DataField {
  const field = model.fields.find((one) => one.field === name)
  if (!field) throw new RequestError(`The dataset "${model.table.shape.name}" has no column "${name}".`)
  return field
}
