import { ConfigError, shapeOf, type Connector, type DatasetShape } from '@handover/sdk'
import type { Logger } from 'pino'
import { NotFoundError } from '../shared/errors.ts'
import { changeBetween, isChange, type CatalogChange } from './catalog-change.ts'
import { checkConfig, type GivenConfig } from './config-check.ts'
import { settingsOf, type FormField } from './config-form.ts'
import { ConnectorModules } from './connector-modules.ts'
import { openConnectors, type Opened } from './open-connectors.ts'

export { isChange, type CatalogChange } from './catalog-change.ts'
export type { GivenConfig } from './config-check.ts'
export type { FormField, FormFieldKind } from './config-form.ts'
export { ReloadMark } from './reload-mark.ts'
export { ReloadMarkRow } from './reload-mark.entity.ts'

/** A connector folder as the catalog found it. */
export type Installed = Opened

/** Opens the folders; `before` is what they held when they were opened last. */
type Open = (before: readonly Opened[]) => Promise<readonly Opened[]>

const PATIENCE_MS = 10_000

/** Which connectors are installed, and what they declare. The one place that opens the connector folders. */
export class CatalogService {
  readonly #open: Open
  #installed: readonly Opened[] = []
  #usable: ReadonlyMap<string, Connector> = new Map()
  #generation = 0

  /** A catalog of connectors that are open already; `open` is what a reload does. */
  constructor(opened: readonly Opened[], open: Open = async (before) => before) {
    this.#open = open
    this.#take(opened)
  }

  /** Opens the folders. Throws a `StartError` when one cannot be read. An import that takes longer than `patienceMs` is given up. */
  static async load(folders: readonly string[], logger: Logger, patienceMs = PATIENCE_MS): Promise<CatalogService> {
    const modules = new ConnectorModules()
    const open = async (before: readonly Opened[]) => {
      const opened = await openConnectors(folders, { modules, before, patienceMs })
      for (const { name, error } of opened) if (error !== null) logger.warn({ connector: name, ...error }, 'A connector cannot be used')
      return opened
    }
    return new CatalogService(await open([]), open)
  }

  /**
   * Opens the folders again and says what is different. A connector whose files are the same stays the very same object, and one that was
   * handed out stays as it is, so what works with it ends with it. Throws a `StartError`, and changes nothing, when a folder cannot be read.
   */
  async reload(): Promise<CatalogChange> {
    const before = this.#installed
    const opened = await this.#open(before)
    const change = changeBetween(before, opened)
    if (isChange(change)) this.#generation++
    this.#take(opened)
    return change
  }

  /** Counts the reloads that changed something. */
  get generation(): number {
    return this.#generation
  }

  /** Every connector folder, also those that cannot be used. */
  list(): readonly Installed[] {
    return this.#installed
  }

  /** The connector of that name; null when there is none that can be used. */
  find(name: string): Connector | null {
    return this.#usable.get(name) ?? null
  }

  /** The connector of that name. Throws a `ConfigError` when it cannot be used, a `NotFoundError` when there is no such folder. */
  get(name: string): Connector {
    const connector = this.#usable.get(name)
    if (connector !== undefined) return connector
    const error = this.#installed.find((each) => each.name === name)?.error
    if (error) throw new ConfigError(error.message, { detail: error.detail, code: 'CONNECTOR_INVALID' })
    const names = [...this.#usable.keys()].join(', ')
    throw new NotFoundError(`There is no connector called "${name}". Installed are: ${names || 'none'}.`)
  }

  /** The settings of a connector, in the order its author wrote them. */
  form(name: string): FormField[] {
    return settingsOf(this.get(name)).map(({ nullable: _nullable, wanted: _wanted, ...field }) => field)
  }

  /** Names of the settings that must never be shown. */
  secrets(name: string): Set<string> {
    return secretsOf(this.get(name))
  }

  /** Settings as the connector reads them, defaults included; throws a `ConfigError` with a sentence for every setting at fault. */
  validate(name: string, config: GivenConfig): Record<string, unknown> {
    return checkConfig(this.get(name), config)
  }

  #take(opened: readonly Opened[]): void {
    this.#installed = opened
    this.#usable = new Map(opened.flatMap(({ name, connector }) => (connector === null ? [] : [[name, connector]])))
  }
}

/** Names of the settings of a connector that must never be shown. */
export const secretsOf = (connector: Connector): Set<string> =>
  new Set(
    settingsOf(connector)
      .filter((setting) => setting.kind === 'secret')
      .map((setting) => setting.name),
  )

/** The datasets of a connector that knows them without asking the source; null for one with `discover`. */
export const shapesOf = (connector: Connector): DatasetShape[] | null =>
  connector.datasets ? Object.entries(connector.datasets).map(([name, dataset]) => shapeOf(name, dataset)) : null
