import { IsNull, LessThan, type FindOptionsWhere } from 'typeorm'
import { checkFirst, decodeCursor, pageOf } from '../shared/paging.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { utc, type CountedPage } from './loads-reader.ts'
import { QuarantinedRecord, type QuarantineState } from './quarantine.entity.ts'

/** Which entries; what is left out does not matter. */
export interface QuarantineFilter {
  readonly slug?: string | null | undefined
  readonly dataset?: string | null | undefined
  readonly code?: string | null | undefined
  /** Empty text asks for entries that are about no single column. */
  readonly column?: string | null | undefined
}

/** Which page of which entries; open ones when no state is named. */
export interface QuarantineQuery extends QuarantineFilter {
  readonly state?: QuarantineState | null | undefined
  readonly first: number
  readonly after?: string | null | undefined
}

/** Open entries that do not fit for the same reason. */
export interface QuarantineReason {
  readonly slug: string
  readonly dataset: string
  readonly code: string
  readonly column: string | null
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
  /** The newest entry. */
  readonly exampleId: number
  readonly example: string
}

/** A page of reasons, and how many entries all of them have together. */
export interface ReasonsPage extends CountedPage<QuarantineReason> {
  readonly entries: number
}

/** Entries of one dataset that a person gave up in one go. */
export interface Discarded {
  readonly slug: string
  readonly dataset: string
  readonly count: number
  readonly decidedAt: Date
  readonly note: string
  /** The newest entry. */
  readonly newest: QuarantinedRecord
}

type RawDiscarded = Pick<Discarded, 'slug' | 'dataset'> & { count: number; decidedAt: string | Date; newestId: number }
type RawReason = Omit<QuarantineReason, 'example' | 'firstAt' | 'lastAt'> & { firstAt: string | Date; lastAt: string | Date }

/** Answers questions about the quarantine over the reading connection. */
export class QuarantineReader {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Newest first. */
  async list({ state, first, after, ...filter }: QuarantineQuery): Promise<CountedPage<QuarantinedRecord>> {
    checkFirst(first)
    const where = { ...whereOf(filter), state: state ?? 'open' }
    const before = after ? { id: LessThan(Number(decodeCursor(after))) } : {}
    const { manager } = this.#db.read
    const totalCount = await manager.countBy(QuarantinedRecord, where)
    const rows = await manager.find(QuarantinedRecord, { where: { ...where, ...before }, order: { id: 'DESC' }, take: first + 1 })
    return { ...pageOf(rows, first, (entry) => entry.id), totalCount }
  }

  /** Why entries are open, the reason with the newest entry first. There are at most as many as datasets have columns and rules. */
  async reasons({ first, after, ...filter }: Omit<QuarantineQuery, 'state'>): Promise<ReasonsPage> {
    checkFirst(first)
    const all = await this.#allReasons(filter)
    const last = after ? Number(decodeCursor(after)) : Infinity
    const page = pageOf(all.filter(({ exampleId }) => exampleId < last).slice(0, first + 1), first, ({ exampleId }) => exampleId)
    return {
      ...page,
      nodes: await this.#withExamples(page.nodes),
      totalCount: all.length,
      entries: all.reduce((sum, { count }) => sum + count, 0),
    }
  }

  /** What was given up, the newest decision first. */
  async discarded({ first, after, ...filter }: Omit<QuarantineQuery, 'state'>): Promise<CountedPage<Discarded>> {
    checkFirst(first)
    const last = after ? String(decodeCursor(after)) : null
    const all = (await this.#allDiscarded(filter)).map((each) => ({
      ...each,
      place: `${utc(each.decidedAt).toISOString()} ${each.newestId}`,
    }))
    const sorted = all.toSorted((one, other) => (one.place < other.place ? 1 : -1))
    const rest = last === null ? sorted : sorted.filter(({ place }) => place < last)
    const page = pageOf(rest.slice(0, first + 1), first, ({ place }) => place)
    const nodes: Discarded[] = []
    for (const { slug, dataset, count, decidedAt, newestId } of page.nodes) {
      const newest = await this.#db.read.manager.findOneByOrFail(QuarantinedRecord, { id: Number(newestId) })
      nodes.push({ slug, dataset, count: Number(count), decidedAt: utc(decidedAt), note: newest.note ?? '', newest })
    }
    return { ...page, nodes, totalCount: all.length }
  }

  /** How many entries are open, by `<slug>/<dataset>`; nothing for those without. */
  async counts(): Promise<Map<string, number>> {
    const rows = await this.#db.read.manager
      .createQueryBuilder(QuarantinedRecord, 'bad')
      .select(['bad.slug AS slug', 'bad.dataset AS dataset', 'count(*) AS "count"'])
      .where('bad.state = :state', { state: 'open' })
      .groupBy('bad.slug')
      .addGroupBy('bad.dataset')
      .getRawMany<{ slug: string; dataset: string; count: number }>()
    return new Map(rows.map(({ slug, dataset, count }) => [`${slug}/${dataset}`, Number(count)]))
  }

  /** When the oldest open entry of a source was set aside; null when none is open. */
  async openSince(sourceId: string): Promise<Date | null> {
    const where = { sourceId, state: 'open' as const }
    const oldest = await this.#db.read.manager.findOne(QuarantinedRecord, { select: { id: true, at: true }, where, order: { at: 'ASC' } })
    return oldest?.at ?? null
  }

  async #allReasons(filter: QuarantineFilter): Promise<Omit<QuarantineReason, 'example'>[]> {
    const rows = await this.#db.read.manager
      .createQueryBuilder(QuarantinedRecord, 'bad')
      .select('bad.slug', 'slug')
      .addSelect('bad.dataset', 'dataset')
      .addSelect('bad.code', 'code')
      .addSelect('bad.column', 'column')
      .addSelect('count(*)', 'count')
      .addSelect('min(bad.at)', 'firstAt')
      .addSelect('max(bad.at)', 'lastAt')
      .addSelect('max(bad.id)', 'exampleId')
      .where({ ...whereOf(filter), state: 'open' })
      .groupBy('bad.slug')
      .addGroupBy('bad.dataset')
      .addGroupBy('bad.code')
      .addGroupBy('bad.column')
      .getRawMany<RawReason>()
    return rows
      .map((row) => ({
        ...row,
        count: Number(row.count),
        firstAt: utc(row.firstAt),
        lastAt: utc(row.lastAt),
        exampleId: Number(row.exampleId),
      }))
      .toSorted((one, other) => other.exampleId - one.exampleId)
  }

  #allDiscarded(filter: QuarantineFilter): Promise<RawDiscarded[]> {
    return this.#db.read.manager
      .createQueryBuilder(QuarantinedRecord, 'bad')
      .select('bad.slug', 'slug')
      .addSelect('bad.dataset', 'dataset')
      .addSelect('bad.decidedAt', 'decidedAt')
      .addSelect('count(*)', 'count')
      .addSelect('max(bad.id)', 'newestId')
      .where({ ...whereOf(filter), state: 'discarded' })
      .groupBy('bad.slug')
      .addGroupBy('bad.dataset')
      .addGroupBy('bad.decidedAt')
      .getRawMany<RawDiscarded>()
  }

  async #withExamples(reasons: readonly Omit<QuarantineReason, 'example'>[]): Promise<QuarantineReason[]> {
    const made: QuarantineReason[] = []
    for (const each of reasons) {
      const entry = await this.#db.read.manager.findOneBy(QuarantinedRecord, { id: each.exampleId })
      made.push({ ...each, example: entry?.reason ?? '' })
    }
    return made
  }
}

/** The filter as TypeORM takes it. */
export function whereOf({ slug, dataset, code, column }: QuarantineFilter): FindOptionsWhere<QuarantinedRecord> {
  return {
    ...(slug && { slug }),
    ...(dataset && { dataset }),
    ...(code && { code }),
    ...(column && { column }),
    ...(column === '' && { column: IsNull() }),
  }
}
