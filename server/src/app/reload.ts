import type { Logger } from 'pino'
import { isChange, type CatalogService, type ReloadMark } from '../catalog/catalog.service.ts'
import type { ReloadedConnectorsType } from '../catalog/connector.types.ts'
import type { DataApiService } from '../data-api/data-api.service.ts'
import type { SourcesService } from '../sources/sources.service.ts'

/** What a reload changes. */
export interface ReloadParts {
  readonly catalog: CatalogService
  readonly sources: SourcesService
  readonly dataApi: DataApiService
  readonly mark: ReloadMark
  readonly logger: Logger
}

/** Opens the connectors again while the server runs, and makes tables and schema follow as a start does. One reload at a time. */
export class Reloads {
  readonly #parts: ReloadParts
  /** The last reload of any process that this one has followed. */
  #seen: string
  #last: Promise<unknown> = Promise.resolve()
  /** Connectors that are new and that tables and schema do not follow yet, as when the database was away; null when there is nothing to follow. */
  #behind: Set<string> | null = null

  /** `seen` is the mark that was read before the catalog was opened: what was reloaded since then is followed at the first look. */
  constructor(parts: ReloadParts, seen: string) {
    this.#parts = parts
    this.#seen = seen
  }

  /** Reloads here, and tells the other processes to do the same. */
  async now(): Promise<ReloadedConnectorsType> {
    return this.#inTurn(async () => {
      const reloaded = await this.#reload()
      this.#seen = await this.#parts.mark.raise()
      return reloaded
    })
  }

  /** Reloads when another process did. */
  async look(): Promise<void> {
    const mark = await this.#parts.mark.read()
    if (mark !== this.#seen)
      await this.#inTurn(async () => {
        await this.#reload()
        this.#seen = mark
      })
  }

  async #reload(): Promise<ReloadedConnectorsType> {
    const { catalog, sources, dataApi, logger } = this.#parts
    const change = await catalog.reload()
    const { added, changed, removed } = change
    if (isChange(change)) {
      logger.info({ added, changed, removed }, 'Connectors were reloaded')
      this.#behind = new Set([...(this.#behind ?? []), ...added, ...changed])
    }
    if (this.#behind === null) return { ...change, unfit: [] }
    const unfit = await sources.fitTables([...this.#behind])
    dataApi.changed()
    await dataApi.settled()
    this.#behind = null
    return { ...change, unfit: unfit.map(({ slug, problem }) => ({ name: slug, problem })) }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}
