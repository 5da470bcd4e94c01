import type { CatalogService, GivenConfig } from '../catalog/catalog.service.ts'
import { keepSecrets, maskConfig, openConfig, sealConfig, withoutSecrets, type StoredConfig } from './sealed-config.ts'
import { isSealed, type SecretBox } from './secret-box.ts'

/** The parts of a source that its settings depend on. */
interface Configured {
  readonly id: string
  readonly connector: string
  readonly config: StoredConfig
}

/** The settings of sources: checked by their connector, secrets sealed where they are stored and hidden where they are shown. */
export class SourceSettings {
  readonly #catalog: CatalogService
  readonly #box: SecretBox

  constructor(catalog: CatalogService, box: SecretBox) {
    this.#catalog = catalog
    this.#box = box
  }

  /** Checks settings and gives them as the connector reads them. */
  check(connector: string, given: GivenConfig): Record<string, unknown> {
    return this.#catalog.validate(connector, given)
  }

  /** Checked settings as they are stored with the source of that id. */
  seal(id: string, connector: string, given: GivenConfig): StoredConfig {
    return sealConfig(this.#box, id, given, this.#catalog.secrets(connector))
  }

  /** The settings of a source as its connector reads them. */
  read(source: Configured): Record<string, unknown> {
    return this.check(source.connector, this.#open(source))
  }

  /** New settings of a source, completed with the secrets that their form left out. */
  complete(source: Configured, given: GivenConfig): GivenConfig {
    return keepSecrets(given, this.#open(source), this.#catalog.secrets(source.connector))
  }

  /** The settings of a source as people may see them, also when its connector cannot be used. */
  mask(source: Configured): Record<string, unknown> {
    const isUsable = this.#catalog.find(source.connector) !== null
    return maskConfig(source.config, isUsable ? this.#catalog.secrets(source.connector) : new Set())
  }

  /** Gives a function that takes the secrets of a source out of any text. */
  cleaner(source: Configured): (text: string) => string {
    const open = this.#open(source)
    const values = Object.keys(open).flatMap((name) =>
      isSealed(source.config[name]) && typeof open[name] === 'string' ? [open[name]] : [],
    )
    return (text) => withoutSecrets(text, values)
  }

  #open(source: Configured): Record<string, unknown> {
    return openConfig(this.#box, source.id, source.config)
  }
}
