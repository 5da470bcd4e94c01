import { In, MoreThanOrEqual, Not, type FindOptionsWhere } from 'typeorm'
import { NotFoundError } from '../shared/errors.ts'
import { checkFirst, decodeCursor, pageOf, type ListPage } from '../shared/paging.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { LoadDataset } from './load-dataset.entity.ts'
import { LogLine } from './load-log.entity.ts'
import { Load } from './load.entity.ts'

/** A page of a list, with the number of all entries. */
export interface CountedPage<T> extends ListPage<T> {
  readonly totalCount: number
}

/** Which loads, and which page of them. */
export interface ListQuery {
  readonly slug?: string | null | undefined
  readonly dataset?: string | null | undefined
  readonly first: number
  readonly after?: string | null | undefined
}

/** Rows in a table after a load. */
export interface TrendPoint {
  readonly at: Date
  readonly rows: number
}

/** The loads of one source that matter most. A replay does not ask the source, so it is neither an end nor a success of it. */
export interface KeyLoads {
  readonly active: Load | null
  readonly last: Load | null
  readonly lastEnded: Load | null
  readonly lastSuccess: Load | null
}

const trendPoints = 30

/** Answers questions about loads over the reading connection. */
export class LoadsReader {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async get(id: string): Promise<Load> {
    const load = await this.#db.read.manager.findOneBy(Load, { id })
    if (!load) throw new NotFoundError('There is no such load.')
    return load
  }

  /** Newest first. */
  async list({ slug, dataset, first, after }: ListQuery): Promise<CountedPage<Load>> {
    checkFirst(first)
    const query = this.#db.read.manager.createQueryBuilder(Load, 'load').orderBy('load.id', 'DESC')
    if (slug) query.andWhere('load.slug = :slug', { slug })
    if (dataset) {
      const covers = query.subQuery().select('covered.loadId').from(LoadDataset, 'covered').where('covered.dataset = :dataset')
      query.andWhere(`load.id IN ${covers.getQuery()}`, { dataset })
    }
    const totalCount = await query.getCount()
    if (after) query.andWhere('load.id < :before', { before: String(decodeCursor(after)) })
    const rows = await query.take(first + 1).getMany()
    return { ...pageOf(rows, first, (load) => load.id), totalCount }
  }

  /** Loads of a source that were asked for since then, newest first. */
  recent(sourceId: string, since: Date | null, first: number): Promise<Load[]> {
    const where = { sourceId, ...(since && { queuedAt: MoreThanOrEqual(since) }) }
    return this.#db.read.manager.find(Load, { where, order: { id: 'DESC' }, take: checkFirst(first) })
  }

  async keyLoads(sourceId: string): Promise<KeyLoads> {
    const newest = (where: FindOptionsWhere<Load> = {}) =>
      this.#db.read.manager.findOne(Load, { where: { ...where, sourceId }, order: { id: 'DESC' } })
    const [last, lastEnded, lastSuccess] = [
      await newest(),
      await newest({ state: In(['succeeded', 'failed', 'held']), trigger: Not('replay') }),
      await newest({ state: 'succeeded', trigger: Not('replay') }),
    ]
    const active = last && (last.state === 'queued' || last.state === 'running') ? last : null
    return { active, last, lastEnded, lastSuccess }
  }

  /** What each dataset of a load came to, by name. */
  balance(loadId: string): Promise<LoadDataset[]> {
    return this.#db.read.manager.find(LoadDataset, { where: { loadId }, order: { dataset: 'ASC' } })
  }

  /** What was said during a load, oldest first. */
  log(loadId: string, first = 1000): Promise<LogLine[]> {
    return this.#db.read.manager.find(LogLine, { where: { loadId }, order: { id: 'ASC' }, take: checkFirst(first) })
  }

  /** Rows of a dataset after each of its last 30 successful loads, oldest first. */
  async trend(sourceId: string, dataset: string): Promise<TrendPoint[]> {
    const points = await this.#db.read.manager
      .createQueryBuilder(LoadDataset, 'covered')
      .innerJoin(Load, 'load', 'load.id = covered.loadId')
      .select(['load.finishedAt AS at', 'covered.rowsAfter AS "rows"'])
      .where('load.sourceId = :sourceId AND load.state = :state', { sourceId, state: 'succeeded' })
      .andWhere('covered.dataset = :dataset AND covered.rowsAfter IS NOT NULL', { dataset })
      .orderBy('load.id', 'DESC')
      .limit(trendPoints)
      .getRawMany<{ at: string; rows: number }>()
    return points.reverse().map(({ at, rows }) => ({ at: utc(at), rows: Number(rows) }))
  }
}

/** A raw time of the database; drivers give text without a zone, or a Date. */
export const utc = (at: string | Date): Date => (at instanceof Date ? at : new Date(/Z$/.test(at) ? at : `${at.replace(' ', 'T')}Z`))
