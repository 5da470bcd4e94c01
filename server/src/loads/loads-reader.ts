import { In, LessThan, MoreThan, MoreThanOrEqual, Not, type FindOptionsWhere, type SelectQueryBuilder } from 'typeorm'
import { NotFoundError, RequestError } from '../shared/errors.ts'
import { checkFirst, decodeCursor, encodeCursor, pageOf, type ListPage } from '../shared/paging.ts'
import { Source } from '../sources/sources.service.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { lastVerdict } from './held.ts'
import { LoadDataset } from './load-dataset.entity.ts'
import { LogLine } from './load-log.entity.ts'
import { Load, type LoadState, type LoadTrigger } from './load.entity.ts'

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

/** Which loads, and which page of them. `before` and `after` are cursors; at most one of them is given. */
export interface LoadQuery extends ListQuery {
  readonly states?: readonly LoadState[] | null | undefined
  readonly trigger?: LoadTrigger | null | undefined
  /** Only loads that were asked for since then. */
  readonly since?: Date | null | undefined
  /** Gives the newer ones; the newest page when there are fewer than `first`. */
  readonly before?: string | null | undefined
}

/** A page of loads. `newer` is what `before` takes to get the page of newer ones; null on the newest. */
export interface LoadPage extends CountedPage<Load> {
  readonly newer: string | null
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

/** What there is to do at the moment, in all processes. */
export interface Activity {
  readonly queued: number
  readonly running: number
  /** When the oldest load that waits was asked for; null when none waits. */
  readonly queuedSince: Date | null
}

function keyLoadsOf(last: Load | null, lastEnded: Load | null, lastSuccess: Load | null): KeyLoads {
  const active = last && (last.state === 'queued' || last.state === 'running') ? last : null
  return { active, last, lastEnded, lastSuccess }
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

  /** The newest of these loads, at most so many. */
  these(ids: readonly string[], most: number): Promise<Load[]> {
    return this.#db.read.manager.find(Load, { where: { id: In(ids) }, order: { id: 'DESC' }, take: most })
  }

  /** Newest first, whichever way one pages. */
  async list(asked: LoadQuery): Promise<LoadPage> {
    const { first, after, before } = asked
    checkFirst(first)
    if (after && before) throw new RequestError('Give `after` or `before`, not both.')
    const query = this.#matching(asked)
    const totalCount = await query.getCount()
    const newer = before ? await this.#newer(query, first, String(decodeCursor(before))) : null
    if (newer) return { ...newer, totalCount }
    if (after) query.andWhere('load.id < :reached', { reached: String(decodeCursor(after)) })
    const rows = await query
      .orderBy('load.id', 'DESC')
      .take(first + 1)
      .getMany()
    const page = pageOf(rows, first, ({ id }) => id)
    return { ...page, totalCount, newer: after && page.nodes[0] ? encodeCursor(page.nodes[0].id) : null }
  }

  /** The page before a load; null when it would not be full, because then it is the newest one. */
  async #newer(matching: SelectQueryBuilder<Load>, first: number, reached: string): Promise<Omit<LoadPage, 'totalCount'> | null> {
    const query = matching.clone().andWhere('load.id > :reached', { reached })
    const rows = await query
      .orderBy('load.id', 'ASC')
      .take(first + 1)
      .getMany()
    if (rows.length < first) return null
    const nodes = rows.slice(0, first).reverse()
    const [newest, oldest] = [nodes[0]!, nodes.at(-1)!]
    return { nodes, hasNextPage: true, endCursor: encodeCursor(oldest.id), newer: rows.length > first ? encodeCursor(newest.id) : null }
  }

  #matching({ slug, dataset, states, trigger, since }: LoadQuery): SelectQueryBuilder<Load> {
    const query = this.#db.read.manager.createQueryBuilder(Load, 'load')
    if (slug) query.andWhere('load.slug = :slug', { slug })
    if (states && states.length > 0) query.andWhere('load.state IN (:...states)', { states })
    if (trigger) query.andWhere('load.trigger = :trigger', { trigger })
    if (since) query.andWhere('load.queuedAt >= :since', { since })
    if (dataset) {
      const covers = query.subQuery().select('covered.loadId').from(LoadDataset, 'covered').where('covered.dataset = :dataset')
      query.andWhere(`load.id IN ${covers.getQuery()}`, { dataset })
    }
    return query
  }

  /** The load of the same source before or after this one. */
  beside({ id, sourceId }: Load, side: 'before' | 'after'): Promise<Load | null> {
    const isBefore = side === 'before'
    const where = { sourceId, id: isBefore ? LessThan(id) : MoreThan(id) }
    return this.#db.read.manager.findOne(Load, { where, order: { id: isBefore ? 'DESC' : 'ASC' } })
  }

  /** True while a person can still answer a held load. */
  async waits({ id, sourceId, state, answer }: Load): Promise<boolean> {
    return state === 'held' && !answer && (await lastVerdict(this.#db.read.manager, sourceId))?.id === id
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
    return keyLoadsOf(last, lastEnded, lastSuccess)
  }

  /** The same of every source, by its id, in two questions however many sources and loads there are. */
  async allKeyLoads(): Promise<Map<string, KeyLoads>> {
    const newest = (where: string) => (query: SelectQueryBuilder<object>) =>
      query
        .select('each.id')
        .from(Load, 'each')
        .where(`each.sourceId = source.id AND ${where}`)
        // Named first although it is one source: else MySQL goes back through the loads of all of them.
        .orderBy('each.sourceId', 'DESC')
        .addOrderBy('each.id', 'DESC')
        .limit(1)
    const { manager } = this.#db.read
    const rows = await manager
      .createQueryBuilder(Source, 'source')
      .select('source.id', 'id')
      .addSelect(newest('1 = 1'), 'last')
      .addSelect(newest(`each.state IN ('succeeded', 'failed', 'held') AND each.trigger <> 'replay'`), 'lastEnded')
      .addSelect(newest(`each.state = 'succeeded' AND each.trigger <> 'replay'`), 'lastSuccess')
      .getRawMany<{ id: string } & Record<'last' | 'lastEnded' | 'lastSuccess', string | null>>()
    const ids = rows.flatMap(({ last, lastEnded, lastSuccess }) => [last, lastEnded, lastSuccess]).filter((id) => id !== null)
    const loads = new Map((await manager.findBy(Load, { id: In([...new Set(ids)]) })).map((load) => [load.id, load]))
    const find = (id: string | null): Load | null => (id === null ? null : (loads.get(id) ?? null))
    return new Map(rows.map(({ id, last, lastEnded, lastSuccess }) => [id, keyLoadsOf(find(last), find(lastEnded), find(lastSuccess))]))
  }

  /** How many loads are queued and running, and since when the oldest queued one waits. */
  async activity(): Promise<Activity> {
    const [queued, running] = await Promise.all(
      (['queued', 'running'] as const).map((state) => this.#db.read.manager.countBy(Load, { state })),
    )
    const oldest = queued ? await this.#db.read.manager.findOne(Load, { where: { state: 'queued' }, order: { id: 'ASC' } }) : null
    return { queued: queued!, running: running!, queuedSince: oldest?.queuedAt ?? null }
  }

  /** What each dataset of a load came to, by name. */
  async balance(loadId: string): Promise<LoadDataset[]> {
    return (await this.balances([loadId])).get(loadId) ?? []
  }

  /** What each dataset of these loads came to, by load and then by name; nothing for a load that did not get that far. */
  async balances(loadIds: readonly string[]): Promise<Map<string, LoadDataset[]>> {
    const rows = await this.#db.read.manager.find(LoadDataset, { where: { loadId: In(loadIds) }, order: { dataset: 'ASC' } })
    const byLoad = new Map<string, LoadDataset[]>()
    for (const row of rows) byLoad.set(row.loadId, [...(byLoad.get(row.loadId) ?? []), row])
    return byLoad
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
