import { IsNull, type EntityManager } from 'typeorm'
import { describeSchedule, nextRun, validateSchedule, type Schedule } from '../schedule/schedule.service.ts'
import type { Clock } from '../shared/clock.ts'
import { HandoverError } from '../shared/errors.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { StoredDataset } from './dataset.entity.ts'
import { checkSlug, LONGEST_SLUG, type SourceNames } from './source-names.ts'
import { Source } from './source.entity.ts'

/** A schedule in words, and when it would be due. */
export interface Forecast {
  readonly text: string
  readonly next: readonly Date[]
}

/** What drafts are made with. */
export interface DraftDeps {
  readonly db: Database
  readonly clock: Clock
  readonly names: SourceNames
}

/** Helps to fill in a source before it is kept: names that are free, and what a schedule means. Changes nothing. */
export class SourceDrafts {
  readonly #deps: DraftDeps

  constructor(deps: DraftDeps) {
    this.#deps = deps
  }

  /** The schedule in words and its next times, were it kept now. Throws a `ConfigError` that names the part at fault. */
  forecast(schedule: Schedule, count: number): Forecast {
    validateSchedule(schedule)
    const next: Date[] = []
    let at = nextRun(schedule, this.#deps.clock.now(), null)
    while (at !== null && next.length < count) {
      next.push(at)
      at = nextRun(schedule, at, at)
    }
    return { text: describeSchedule(schedule), next }
  }

  /** Why no new source can have this slug, as a sentence; null when it can. */
  async slugProblem(slug: string): Promise<string | null> {
    return this.#problem(slug, await this.#taken())
  }

  /** A slug made from a title that a new source can have. */
  async suggestSlug(title: string): Promise<string> {
    const taken = await this.#taken()
    const plain = plainSlug(title)
    for (let number = 1; ; number++) {
      const slug = number === 1 ? plain : `${plain.slice(0, LONGEST_SLUG - 5).replace(/-+$/, '')}-${number}`
      if (this.#problem(slug, taken) === null) return slug
    }
  }

  #problem(slug: string, { slugs, kept }: Taken): string | null {
    try {
      checkSlug(slug, slugs, this.#deps.names)
    } catch (error) {
      if (error instanceof HandoverError) return error.message
      throw error
    }
    return kept.has(slug)
      ? `Tables of an earlier source "${slug}" are still kept. Remove them for good first, or choose another name.`
      : null
  }

  async #taken(): Promise<Taken> {
    const { manager } = this.#deps.db.read
    const rows = await manager.find(StoredDataset, { select: { id: true, slug: true }, where: { sourceId: IsNull() } })
    return { slugs: await slugsOf(manager), kept: new Set(rows.map(({ slug }) => slug)) }
  }
}

interface Taken {
  readonly slugs: readonly string[]
  /** Slugs of removed sources whose tables are still there. */
  readonly kept: ReadonlySet<string>
}

/** The slugs of all sources. */
export const slugsOf = async (manager: EntityManager): Promise<string[]> =>
  (await manager.find(Source, { select: { id: true, slug: true } })).map(({ slug }) => slug)

/** The title in small letters and digits with dashes between, as long as a slug may be. */
function plainSlug(title: string): string {
  const letters = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+/, '')
  const slug = letters.slice(0, LONGEST_SLUG).replace(/-+$/, '')
  return slug.length < 2 ? 'new-source' : slug
}
