// Over 300 lines because it is the one door of the room: each method is short and hands on to the files beside it.
import { createHash } from 'node:crypto'
import type { Connector, Discovery, Provider } from '@handover/sdk'
import type { Logger } from 'pino'
import type { EntityManager } from 'typeorm'
import { shapesOf, type CatalogService } from '../catalog/catalog.service.ts'
import { validateSchedule } from '../schedule/schedule.service.ts'
import type { Clock } from '../shared/clock.ts'
import { ConfigError, HandoverError, NotFoundError } from '../shared/errors.ts'
import { newId } from '../shared/ids.ts'
import { type Database, type Table, WarehouseService } from '../warehouse/warehouse.service.ts'
import { ConnectorCalls, type OpenContext } from './connector-calls.ts'
import { checkTablesAreFree, detachTables, dropTables, markLoaded, registerTables, type LoadedDataset } from './dataset-registry.ts'
import { StoredDataset } from './dataset.entity.ts'
import type { PreviewedDataset } from './preview.ts'
import { isSealed, SecretBox } from './secret-box.ts'
import { under } from './input-faults.ts'
import { slugsOf, SourceDrafts } from './source-drafts.ts'
import { checkSlug, checkTables, checkTitle, type SourceNames } from './source-names.ts'
import type { NewSource, PreviewOptions, SourceListener, SourcePatch, TestResult, TrySettings, UnfitSource } from './source-input.ts'
import { SourceListeners } from './source-listeners.ts'
import { SourceSettings } from './source-settings.ts'
import { Source } from './source.entity.ts'
import { nextDiscovery, readDiscovery, type StoredDiscovery } from './stored-discovery.ts'

export type { ConnectorCall, OpenContext } from './connector-calls.ts'
export { tableOf, type LoadedDataset } from './dataset-registry.ts'
export { StoredDataset } from './dataset.entity.ts'
export type { PreviewedDataset } from './preview.ts'
export { SECRET_IS_SET } from './sealed-config.ts'
export { checkSecrets } from './stored-secrets.ts'
export type { NewSource, SourceChange, SourceListener, SourcePatch, TestResult, TrySettings, UnfitSource } from './source-input.ts'
export type { SourceNames } from './source-names.ts'
export { Source } from './source.entity.ts'

/** What the composition root hands over. */
export interface SourcesDeps {
  readonly db: Database
  readonly catalog: CatalogService
  readonly warehouse: WarehouseService
  readonly clock: Clock
  readonly logger: Logger
  /** Made at the first start. */
  readonly secretKeyFile: string
  /** The key in hex, where it is not kept in that file. */
  readonly secretKey?: string | null
  readonly openContext: OpenContext
  readonly names: SourceNames
  /** Milliseconds a connector has to answer a test, a discovery or a preview; 30 seconds when left out. */
  readonly patienceMs?: number
}

const PATIENCE_MS = 30_000
const PREVIEW_ROWS = 10

/** The configured connectors: settings, secrets, schedule, and the datasets they fill. */
export class SourcesService {
  readonly #deps: SourcesDeps
  readonly #settings: SourceSettings
  readonly #calls: ConnectorCalls
  readonly #listeners: SourceListeners
  /** Helps to fill in a source before it is kept. */
  readonly drafts: SourceDrafts

  private constructor(deps: SourcesDeps, box: SecretBox) {
    this.#deps = deps
    this.drafts = new SourceDrafts(deps)
    this.#settings = new SourceSettings(deps.catalog, box)
    this.#listeners = new SourceListeners(deps.logger)
    this.#calls = new ConnectorCalls(deps.openContext, deps.logger, deps.patienceMs ?? PATIENCE_MS)
  }

  /**
   * Opens the key of the secrets and makes the tables fit what the installed connectors say today. Throws a `StartError` when secrets are
   * stored and their key is missing.
   */
  static async open(deps: SourcesDeps): Promise<SourcesService> {
    const sources = await deps.db.read.manager.find(Source)
    const sealed = sources.some((source) => Object.values(source.config).some(isSealed))
    const box = await deps.db.exclusively('secret key', () => SecretBox.open(deps.secretKeyFile, sealed, deps.secretKey))
    const service = new SourcesService(deps, box)
    await service.fitTables()
    return service
  }

  /**
   * Makes the tables fit what the connectors say now; of these connectors only, when they are named. A source that does not fit is logged,
   * stays as it was, and is given back with a sentence that says why. Sources of a connector that cannot be used stay as they were.
   */
  async fitTables(connectors?: readonly string[]): Promise<UnfitSource[]> {
    const { catalog, db, logger } = this.#deps
    const unfit: UnfitSource[] = []
    for (const source of await db.read.manager.find(Source)) {
      const isMeant = connectors === undefined || connectors.includes(source.connector)
      if (!isMeant || catalog.find(source.connector) === null) continue
      try {
        await this.#register(source, this.tables(source))
      } catch (err) {
        logger.warn({ err, source: source.slug }, 'The tables of a source do not fit its connector')
        unfit.push({ slug: source.slug, problem: err instanceof HandoverError ? err.message : 'The log says why.' })
      }
    }
    return unfit
  }

  /** Every source, by its title. */
  list(): Promise<Source[]> {
    return this.#deps.db.read.manager.find(Source, { order: { title: 'ASC', slug: 'ASC' } })
  }

  /** The source of that slug; null when there is none. */
  find(slug: string): Promise<Source | null> {
    return this.#deps.db.read.manager.findOneBy(Source, { slug })
  }

  /** The source of that slug; throws a `NotFoundError` when there is none. */
  async get(slug: string): Promise<Source> {
    const source = await this.find(slug)
    if (source === null) throw new NotFoundError(`There is no source called "${slug}".`)
    return source
  }

  /**
   * Throws what `create` would say of this, or `update` where there is a source of that slug, before they begin. Changes nothing, and does not ask the
   * source, so that it may still refuse what was fine here.
   */
  async check(input: NewSource): Promise<void> {
    const there = await this.find(input.slug)
    await this.#checked(there === null ? input : { ...input, config: this.#settings.complete(there, input.config) })
    const problem = there === null ? await this.drafts.slugProblem(input.slug) : null
    if (problem !== null) throw new ConfigError(problem, { fields: [{ name: 'slug', message: problem }] })
  }

  async #checked(input: NewSource): Promise<{ title: string; config: Record<string, unknown> }> {
    const title = checkTitle(input.title)
    await under('schedule', () => validateSchedule(input.schedule))
    return { title, config: await under('config', () => this.#settings.check(input.connector, input.config)) }
  }

  /** Makes a source and its empty tables. Asks the source what it has when the connector cannot know. */
  async create(input: NewSource): Promise<Source> {
    const { catalog, clock, db, names } = this.#deps
    const { title, config } = await this.#checked(input)
    checkSlug(input.slug, await slugsOf(db.read.manager), names)
    const now = clock.now()
    const id = newId(now.getTime())
    const found = await under('config', () => this.#discovered(catalog.get(input.connector), config, null))
    const source = Object.assign(new Source(), {
      id,
      slug: input.slug,
      title,
      connector: input.connector,
      schedule: input.schedule,
      paused: input.paused ?? false,
      createdAt: now,
      updatedAt: now,
      config: this.#settings.seal(id, input.connector, input.config),
      discovery: found === null ? null : JSON.stringify(found),
    })
    const tables = this.tables(source)
    await this.#prepare(source, tables)
    // One at a time, so that of two sources of one name the second is told that there is one already.
    await db.exclusively('sources', () =>
      db.transaction(async (manager) => {
        checkSlug(input.slug, await slugsOf(manager), names)
        await manager.insert(Source, source)
        await registerTables(manager, source, tables, now)
      }),
    )
    await this.#listeners.tell({ kind: 'created', source })
    return source
  }

  /** Changes a source. Its slug and its connector never change. */
  async update(slug: string, patch: SourcePatch): Promise<Source> {
    const { clock, db } = this.#deps
    const source = await this.get(slug)
    const change: Partial<Source> = { updatedAt: clock.now() }
    if (patch.title !== undefined) change.title = checkTitle(patch.title)
    if (patch.paused !== undefined) change.paused = patch.paused
    if (patch.schedule !== undefined) {
      const { schedule } = patch
      await under('schedule', () => validateSchedule(schedule))
      change.schedule = schedule
    }
    if (patch.config !== undefined) {
      const given = this.#settings.complete(source, patch.config)
      const config = await under('config', () => this.#settings.check(source.connector, given))
      const found = await under('config', () => this.#discovered(this.#connectorOf(source), config, readDiscovery(source.discovery)))
      change.config = this.#settings.seal(source.id, source.connector, given)
      change.discovery = found === null ? null : JSON.stringify(found)
    }
    const changed = Object.assign(new Source(), source, change)
    if (patch.config !== undefined) await this.#register(changed, this.tables(changed), change)
    else await db.transaction((manager) => updateSource(manager, source, change))
    await this.#listeners.tell({ kind: 'updated', source: changed })
    return changed
  }

  /**
   * Removes a source. Its tables stay, marked as detached, unless its name is typed again. With the name typed it also removes the tables
   * that an earlier source of that name left behind. Listeners are told, and awaited, before a table is dropped.
   */
  async remove(slug: string, typedName?: string): Promise<void> {
    if (typedName !== undefined && typedName !== slug) {
      const message = `To remove the tables too, type the name of the source: ${slug}`
      throw new ConfigError(message, { fields: [{ name: 'removeTables', message }] })
    }
    const { clock, db } = this.#deps
    const source = await this.find(slug)
    const left = await db.read.manager.findBy(StoredDataset, { slug })
    if (source === null && (typedName === undefined || left.length === 0)) throw new NotFoundError(`There is no source called "${slug}".`)
    if (source !== null) {
      await db.transaction(async (manager) => {
        await detachTables(manager, source.id, clock.now())
        await manager.delete(Source, { id: source.id })
      })
      await this.#listeners.tell({ kind: 'removed', source })
    }
    if (typedName !== undefined) await dropTables(db, this.#deps.warehouse, slug)
  }

  /** "Test connection": never throws for what a person can mend. */
  async test(settings: TrySettings, signal?: AbortSignal): Promise<TestResult> {
    const { catalog } = this.#deps
    try {
      await this.#calls.test(catalog.get(settings.connector), await this.#tried(settings), signal)
      return { ok: true, message: 'It works.', fields: [] }
    } catch (error) {
      if (!(error instanceof HandoverError)) throw error
      return { ok: false, message: error.message, fields: error instanceof ConfigError ? error.fields : [] }
    }
  }

  /** The first rows of every dataset, straight from the source and without keeping them. Takes the slug of a source, or settings to try. */
  async preview(what: string | TrySettings, { first = PREVIEW_ROWS, signal }: PreviewOptions = {}): Promise<PreviewedDataset[]> {
    const { catalog } = this.#deps
    if (typeof what !== 'string') return this.#calls.preview(catalog.get(what.connector), await this.#tried(what), first, signal)
    const source = await this.get(what)
    return this.#calls.preview(catalog.get(source.connector), this.configOf(source), first, signal)
  }

  /**
   * Asks the source what it has, makes its tables fit, and gives them. Called before each load; without `discover` it answers from what is
   * known. A load names the connector that it began with.
   */
  async discover(source: Source, signal?: AbortSignal, connector = this.#connectorOf(source)): Promise<Table[]> {
    const known = readDiscovery(source.discovery)
    const found = await this.#discovered(connector, this.configOf(source), known, signal)
    if (found === known) return this.tables(source, connector)
    const change = { discovery: JSON.stringify(found) }
    const changed = Object.assign(new Source(), source, change)
    const tables = this.tables(changed, connector)
    await this.#register(changed, tables, change)
    await this.#listeners.tell({ kind: 'found', source: changed })
    return tables
  }

  /** What the source was found to have; null when its connector knows that without asking, or it was never asked. */
  discoveryOf(source: Source): Discovery | null {
    return readDiscovery(source.discovery)?.current ?? null
  }

  /** Whose data it is: what the source was found to say, else what its connector says; null when neither names anybody. */
  providerOf(source: Source): Provider | null {
    return this.discoveryOf(source)?.provider ?? this.#deps.catalog.find(source.connector)?.provider ?? null
  }

  /** The tables that the source fills. Throws when its connector cannot be used. */
  tables(source: Source, connector = this.#connectorOf(source)): Table[] {
    const shapes = shapesOf(connector) ?? this.discoveryOf(source)?.datasets ?? []
    const tables = shapes.map((shape) => ({ name: WarehouseService.tableName(source.slug, shape.name), shape }))
    checkTables(tables)
    return tables
  }

  /** Every dataset there is, or those of one source by its slug, detached ones included. */
  datasets(slug?: string): Promise<StoredDataset[]> {
    const where = slug === undefined ? {} : { slug }
    return this.#deps.db.read.manager.find(StoredDataset, { where, order: { slug: 'ASC', name: 'ASC' } })
  }

  /** Changes whenever a source or what it declares has changed, whichever process did it. */
  async revision(): Promise<string> {
    const { manager } = this.#deps.db.read
    const stamps = (entity: typeof Source | typeof StoredDataset) =>
      manager.createQueryBuilder(entity, 'each').select(['each.id AS id', 'each.updatedAt AS at']).orderBy('each.id').getRawMany<object>()
    return createHash('sha256')
      .update(JSON.stringify([await stamps(Source), await stamps(StoredDataset)]))
      .digest('hex')
  }

  /** The settings as the connector reads them: secrets opened, defaults filled in. For connectors only. */
  configOf(source: Source): Record<string, unknown> {
    return this.#settings.read(source)
  }

  /** The settings as people may see them: `set` or null in the place of every secret. */
  masked(source: Source): Record<string, unknown> {
    return this.#settings.mask(source)
  }

  /** Gives a function that takes the secrets of a source out of any text, for errors and log lines that a connector writes. */
  cleaner(source: Source): (text: string) => string {
    return this.#settings.cleaner(source)
  }

  /** Writes down, in the load's own transaction, what a successful load did to a dataset. */
  markLoaded(manager: EntityManager, loaded: LoadedDataset): Promise<void> {
    return markLoaded(manager, loaded)
  }

  /** Tells of every change until the returned function is called. */
  onChanged(listener: SourceListener): () => void {
    return this.#listeners.add(listener)
  }

  #connectorOf(source: Source): Connector {
    return this.#deps.catalog.get(source.connector)
  }

  async #discovered(
    connector: Connector,
    config: Record<string, unknown>,
    known: StoredDiscovery | null,
    signal?: AbortSignal,
  ): Promise<StoredDiscovery | null> {
    const answer = await this.#calls.discover(connector, config, known?.current ?? null, signal)
    return answer === null ? null : nextDiscovery(known, answer, this.#deps.clock.now())
  }

  async #tried({ connector, config, slug }: TrySettings): Promise<Record<string, unknown>> {
    const source = slug === undefined ? null : await this.get(slug)
    return this.#settings.check(connector, source?.connector === connector ? this.#settings.complete(source, config) : config)
  }

  /** Tables first, then the catalog: whoever reads the catalog can rely on the tables. */
  async #register(source: Source, tables: readonly Table[], change?: Partial<Source>): Promise<void> {
    await this.#prepare(source, tables)
    await this.#deps.db.transaction(async (manager) => {
      if (change !== undefined) await updateSource(manager, source, change)
      await registerTables(manager, source, tables, this.#deps.clock.now())
    })
  }

  async #prepare(source: Source, tables: readonly Table[]): Promise<void> {
    await checkTablesAreFree(this.#deps.db.read.manager, source, tables)
    for (const table of tables) await this.#deps.warehouse.prepare(table)
  }
}

async function updateSource(manager: EntityManager, source: Source, change: Partial<Source>): Promise<void> {
  const { affected } = await manager.update(Source, { id: source.id }, change)
  if (affected !== 1) throw new NotFoundError(`The source "${source.slug}" was removed meanwhile.`)
}
