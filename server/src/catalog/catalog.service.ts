import { ConfigError, shapeOf, type Connector, type DatasetShape } from '@handover/sdk'
import type { Logger } from 'pino'
import { NotFoundError } from '../shared/errors.ts'
import { checkConfig, type GivenConfig } from './config-check.ts'
import { settingsOf, type FormField } from './config-form.ts'
import { openConnectors, type Opened } from './open-connectors.ts'

export type { GivenConfig } from './config-check.ts'
export type { FormField, FormFieldKind } from './config-form.ts'

/** A connector folder as the catalog found it. */
export interface Installed extends Opened {
  /** Its datasets, when they are known without asking the source; null for `discover` and for a connector that cannot be used. */
  readonly shapes: readonly DatasetShape[] | null
}

/** Which connectors are installed, and what they declare. The one place that opens the connector folders. */
export class CatalogService {
  readonly #installed: readonly Installed[]
  readonly #usable: ReadonlyMap<string, Connector>

  constructor(opened: readonly Opened[]) {
    this.#installed = opened.map((each) => ({ ...each, shapes: shapesOf(each.connector) }))
    this.#usable = new Map(opened.flatMap(({ name, connector }) => (connector === null ? [] : [[name, connector]])))
  }

  /** Opens the folders once; a folder dropped in later is seen at the next start. Throws a `StartError` when a folder cannot be read. */
  static async load(folders: readonly string[], logger: Logger): Promise<CatalogService> {
    const opened = await openConnectors(folders)
    for (const { name, error } of opened) if (error !== null) logger.warn({ connector: name, ...error }, 'A connector cannot be used')
    return new CatalogService(opened)
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
    return new Set(
      this.form(name)
        .filter((field) => field.kind === 'secret')
        .map((field) => field.name),
    )
  }

  /** Settings as the connector reads them, defaults included; throws a `ConfigError` with a sentence for every setting at fault. */
  validate(name: string, config: GivenConfig): Record<string, unknown> {
    return checkConfig(this.get(name), config)
  }
}

const shapesOf = (connector: Connector | null): DatasetShape[] | null =>
  connector?.datasets ? Object.entries(connector.datasets).map(([name, dataset]) => shapeOf(name, dataset)) : null
