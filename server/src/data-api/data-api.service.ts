import { validateSchema, type GraphQLSchema } from 'graphql'
import type { Logger } from 'pino'
import { ConfigError } from '../shared/errors.ts'
import type { Order, Table, Where } from '../warehouse/warehouse.service.ts'
import { readAsked, type AskedTexts } from './asked-rows.ts'
import { withData } from './data-schema.ts'
import { sourceModel, type DatasetModel, type SourceModel } from './dataset-model.ts'
import type { DatasetResolvers } from './dataset-resolvers.ts'

export type { DatasetModel } from './dataset-model.ts'
export { graphqlName, sourceField } from './names.ts'

/** A source and its tables, as far as the API needs them. */
export interface DataSource {
  readonly slug: string
  readonly title: string
  readonly tables: readonly Table[]
}

/**
 * The schema that is served: the platform's own part, and types made from the datasets of every source.
 * A source whose names clash is left out alone, with a sentence that says why; the others stay.
 */
export class DataApiService {
  readonly #platform: GraphQLSchema
  readonly #read: () => Promise<readonly DataSource[]>
  readonly #resolvers: DatasetResolvers
  readonly #logger: Logger
  readonly #listeners = new Set<(schema: GraphQLSchema) => void>()
  #schema: GraphQLSchema
  #models: readonly SourceModel[] = []
  #problems: ReadonlyMap<string, string> = new Map()
  #stale = false
  #rebuilding: Promise<void> | null = null

  /** `read` lists the sources with their tables; it is called for every rebuild. */
  constructor(platform: GraphQLSchema, read: () => Promise<readonly DataSource[]>, resolvers: DatasetResolvers, logger: Logger) {
    this.#platform = platform
    this.#schema = platform
    this.#read = read
    this.#resolvers = resolvers
    this.#logger = logger
  }

  /** What is served now. */
  get schema(): GraphQLSchema {
    return this.#schema
  }

  /** Why a source cannot be asked through the API; null when it can. */
  problem(slug: string): string | null {
    return this.#problems.get(slug) ?? null
  }

  /** A dataset under its own name or the one it has in GraphQL; null when it is not served. */
  find(slug: string, name: string): DatasetModel | null {
    const datasets = this.#models.find((model) => model.slug === slug)?.datasets
    return datasets?.find((dataset) => dataset.table.shape.name === name || dataset.field === name) ?? null
  }

  /** Reads a filter and an order as the API itself would take them for this dataset. Throws a `RequestError`. */
  read(model: DatasetModel, asked: AskedTexts): { where: Where | null; orderBy: Order[] } {
    return readAsked(this.#schema, model, asked)
  }

  /** Calls back with the schema now and after every change, until the returned function is called. */
  onSchema(listener: (schema: GraphQLSchema) => void): () => void {
    this.#listeners.add(listener)
    listener(this.#schema)
    return () => this.#listeners.delete(listener)
  }

  /** Call it when sources or their datasets may have changed. Changes that come during a rebuild are gathered into one more. */
  changed(): void {
    this.#stale = true
    this.#rebuilding ??= this.#rebuildWhileStale()
  }

  /** Resolves when every change announced so far is in the schema. */
  async settled(): Promise<void> {
    await this.#rebuilding
  }

  async #rebuildWhileStale(): Promise<void> {
    try {
      while (this.#stale) {
        this.#stale = false
        await this.#rebuild()
      }
    } catch (err) {
      this.#logger.error({ err }, 'The schema could not be rebuilt; the last one stays')
    } finally {
      this.#rebuilding = null
    }
  }

  async #rebuild(): Promise<void> {
    const problems = new Map<string, string>()
    const models: SourceModel[] = []
    const taken = new Set(Object.keys(this.#platform.getQueryType()!.getFields()))
    for (const source of await this.#read()) {
      if (source.tables.length === 0) continue
      try {
        const model = sourceModel(source, source.tables)
        if (taken.has(model.field)) throw nameTaken(model)
        this.#refuseFaulty(model)
        taken.add(model.field)
        models.push(model)
      } catch (err) {
        this.#logger.warn({ err, source: source.slug }, 'A source is left out of the API')
        problems.set(source.slug, err instanceof ConfigError ? err.message : 'Its datasets cannot be shown in the API. The log says why.')
      }
    }
    this.#schema = withData(this.#platform, models, this.#resolvers)
    this.#models = models
    this.#problems = problems
    for (const listener of this.#listeners) listener(this.#schema)
  }

  /** Builds the source's types alone first, so that whatever is wrong with them concerns nobody else. */
  #refuseFaulty(model: SourceModel): void {
    const fault = validateSchema(withData(this.#platform, [model], this.#resolvers))[0]
    if (fault) throw fault
  }
}

function nameTaken(model: SourceModel): ConfigError {
  return new ConfigError(
    `The source "${model.slug}" would be called "${model.field}" in the API, and something else already has that name. Make it again under another short name.`,
  )
}
