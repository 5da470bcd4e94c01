import type { DataApiService, DatasetModel } from '../data-api/data-api.service.ts'
import type { LakePart, LakeService } from '../lake/lake.service.ts'
import type { Load, LoadsService } from '../loads/loads.service.ts'
import { HandoverError, NotFoundError, RequestError } from '../shared/errors.ts'
import type { SourcesService } from '../sources/sources.service.ts'
import type { Measure, Where, WarehouseService } from '../warehouse/warehouse.service.ts'
import { filterWords, literal } from './filter-words.ts'
import { count, listed, moment, number, small } from './words.ts'

/** Which number is meant: the count of rows, or a measure of a column of them. */
export interface ReceiptQuestion {
  readonly source: string
  readonly dataset: string
  /** As GraphQL takes it; null = all rows. */
  readonly where: Readonly<Record<string, unknown>> | null
  /** `column` as GraphQL calls it; null = the count. */
  readonly measure: Measure | null
  readonly timeZone: string
}

/** Where a number comes from. */
export interface Receipt {
  readonly sentence: string
  readonly value: number | null
  /** Rows that the filter leaves, and all. */
  readonly rows: number
  readonly total: number
  readonly filters: readonly string[]
  readonly query: string
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly load: Load | null
  readonly quarantined: number
  readonly reasons: readonly string[]
  readonly rawRecord: { text: string; part: LakePart } | null
  /** Why there is none. */
  readonly rawProblem: string | null
}

interface ReceiptDeps {
  readonly sources: SourcesService
  readonly dataApi: DataApiService
  readonly warehouse: WarehouseService
  readonly loads: LoadsService
  readonly lake: LakeService
}

const FN_WORDS: Readonly<Record<Measure['fn'], string>> = { sum: 'sum of', avg: 'average', min: 'smallest', max: 'largest' }
const MOST_REASONS = 3

/** Makes receipts: what a number counts, how it can be had again, and what it was made from. */
export class ReceiptService {
  readonly #deps: ReceiptDeps

  constructor(deps: ReceiptDeps) {
    this.#deps = deps
  }

  /** Throws a `NotFoundError` for an unknown dataset, a `RequestError` for what the API itself would refuse. */
  async of({ source: slug, dataset, where: given, measure: asked, timeZone }: ReceiptQuestion): Promise<Receipt> {
    const { sources, dataApi, warehouse, loads } = this.#deps
    const [model, source] = [dataApi.find(slug, dataset), await sources.get(slug)]
    if (!model) throw new NotFoundError(`There is no dataset "${dataset}" in a source "${slug}".`)
    const name = model.table.shape.name
    const { where } = dataApi.read(model, { where: given === null ? null : JSON.stringify(given), orderBy: null })
    const measure = asked && { fn: asked.fn, column: columnOf(model, asked.column) }
    const [single, rows, total, load, raw, reasons] = await Promise.all([
      warehouse.single(model.table, where, measure),
      warehouse.count(model.table, where),
      where === null ? null : warehouse.count(model.table, null),
      this.#lastLoad(slug, name),
      this.#raw(model, where, measure),
      loads.quarantineReasons({ slug, dataset: name, first: MOST_REASONS }),
    ])
    const named = new Map(model.fields.map(({ field, column }) => [field, model.table.shape.columns.find((each) => each.name === column)!]))
    const filters = filterWords(given, named, timeZone)
    const facts = {
      ...{ value: single.value, rows, total: total ?? rows, filters, quarantined: reasons.entries },
      reasons: reasons.nodes.map(({ example, count: many }) => `${number(many)}: ${example}`),
    }
    return {
      ...{ ...facts, ...raw, load, sql: single.sql, parameters: single.parameters.map(plainValue) },
      sentence: sentence({
        ...facts,
        title: model.table.shape.title,
        from: source.title,
        measure: measureWords(model, measure),
        load,
        timeZone,
      }),
      query: queryOf(model, given, asked),
    }
  }

  /** The record behind the number: of the row with the smallest or largest value, else of the first one that is counted. */
  async #raw(model: DatasetModel, where: Where | null, measure: Measure | null): Promise<Pick<Receipt, 'rawRecord' | 'rawProblem'>> {
    const extreme = measure?.fn === 'min' || measure?.fn === 'max' ? measure : null
    const orderBy = extreme ? [{ column: extreme.column, direction: extreme.fn === 'min' ? ('asc' as const) : ('desc' as const) }] : []
    const page = await this.#deps.warehouse.page(model.table, {
      columns: ['_raw_part', '_raw_line'],
      where,
      orderBy,
      first: 1,
      after: null,
    })
    const [row] = page.rows
    if (!row) return { rawRecord: null, rawProblem: 'No row is counted, so there is no raw record.' }
    try {
      return { rawRecord: await this.#deps.lake.record(Number(row['_raw_part']), Number(row['_raw_line'])), rawProblem: null }
    } catch (error) {
      if (!(error instanceof HandoverError)) throw error
      return { rawRecord: null, rawProblem: error.message }
    }
  }

  async #lastLoad(slug: string, dataset: string): Promise<Load | null> {
    return (await this.#deps.loads.list({ slug, dataset, states: ['succeeded'], first: 1 })).nodes[0] ?? null
  }
}

/** A whole number beyond 53 bits stands as text, as everywhere in the API. */
const plainValue = (value: unknown): unknown =>
  typeof value === 'bigint' ? (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)) : value

function columnOf({ fields, table }: DatasetModel, name: string): string {
  const found = fields.find(({ field }) => field === name)
  if (found) return found.column
  throw new RequestError(`The dataset "${table.shape.name}" has no column "${name}".`)
}

function measureWords({ table }: DatasetModel, measure: Measure | null): { text: string; unit: string } | null {
  if (measure === null) return null
  const column = table.shape.columns.find(({ name }) => name === measure.column)
  return { text: `The ${FN_WORDS[measure.fn]} ${small(column?.title ?? measure.column)}`, unit: column?.unit ? ` ${column.unit}` : '' }
}

/** Measures are doubles: whole numbers beyond what these hold are told as about so much. */
const measured = (value: number): string =>
  `${Math.abs(value) > Number.MAX_SAFE_INTEGER ? 'about ' : ''}${value.toLocaleString('en', { maximumSignificantDigits: 9 })}`

interface Told extends Pick<Receipt, 'value' | 'rows' | 'total' | 'filters' | 'quarantined' | 'reasons' | 'load'> {
  readonly title: string
  readonly from: string
  readonly measure: { text: string; unit: string } | null
  readonly timeZone: string
}

function sentence({ value, rows, total, filters, quarantined, reasons, load, title, from, measure, timeZone }: Told): string {
  const of = filters.length > 0 ? ` of the ${number(total)} in ${title}` : ` of ${title}`
  const counted = `${count(rows, 'row')}${of}, from ${from}`
  const what =
    measure === null ? counted : `${measure.text} of ${counted}, is ${value === null ? 'empty' : `${measured(value)}${measure.unit}`}`
  const loaded = load?.finishedAt ? `, loaded on ${moment(load.finishedAt, timeZone)}` : ''
  const aside = quarantined > 0 ? ` ${number(quarantined)} set aside (${reasons.join('; ')}).` : ' Nothing is set aside.'
  const filter = filters.length > 0 ? ` Filter: ${listed(filters)}.` : ''
  return `${what}${loaded}.${aside}${filter}`
}

/** The question that gives the number, to be pasted where GraphQL is asked. */
function queryOf({ sourceField, field, groupsField }: DatasetModel, where: ReceiptQuestion['where'], measure: Measure | null): string {
  const filter = where === null ? [] : [`where: ${literal(where)}`]
  const given =
    measure === null ? filter : [...filter, 'by: []', `measures: [{ fn: ${measure.fn.toUpperCase()}, column: ${measure.column} }]`]
  const asked = given.length > 0 ? `(${given.join(', ')})` : ''
  const answer =
    measure === null
      ? `${field}${asked} {\n      totalCount\n    }`
      : `${groupsField}${asked} {\n      groups {\n        values\n      }\n    }`
  return `{\n  ${sourceField} {\n    ${answer}\n  }\n}`
}
