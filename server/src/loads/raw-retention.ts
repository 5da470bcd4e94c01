import type { LakePart, LakeService } from '../lake/lake.service.ts'
import type { RawLimit } from '../shared/raw-limit.ts'
import { tableOf, type SourcesService, type StoredDataset } from '../sources/sources.service.ts'
import type { Database, WarehouseService } from '../warehouse/warehouse.service.ts'
import { Load } from './load.entity.ts'
import { QuarantinedRecord } from './quarantine.entity.ts'
import { StreamState } from './stream-state.entity.ts'

/** What was removed from the lake, or would be. */
export interface PrunedRaw {
  readonly parts: number
  readonly bytes: number
  /** Rows whose raw record cannot be shown any more. */
  readonly rows: number
}

/** What retention of the lake works on. */
export interface RawRetentionDeps {
  readonly db: Database
  readonly lake: LakeService
  readonly warehouse: WarehouseService
  readonly sources: SourcesService
  now(): Date
}

/**
 * Removes raw pages that no replay needs, oldest first, until the limit is kept. A replay of a table that grows or is merged needs everything that was ever
 * read, since a deletion counts as much as a row; that of a table that is replaced needs its last complete read. So only pages of streams that feed nothing but
 * replaced tables are ever removed by themselves.
 */
export async function pruneUnneeded(deps: RawRetentionDeps, limit: RawLimit, signal: AbortSignal): Promise<PrunedRaw> {
  const needed = await neededParts(deps)
  const isFree = (part: LakePart) => !needed(part) && !needed.byReplays(part)
  return prune(deps, await oldParts(deps, limit, isFree), signal)
}

/**
 * Removes all raw pages from before that moment, but for those that loads or a person still need. Rows that were made of them stay, without their raw
 * record, and replays of their tables are not complete any more. With `dryRun` it only says what would be lost.
 */
export async function pruneOlder(deps: RawRetentionDeps, age: number, dryRun: boolean, signal: AbortSignal): Promise<PrunedRaw> {
  const needed = await neededParts(deps)
  const parts = await oldParts(deps, { age }, (part) => !needed(part))
  const rows = await rowsMadeOf(deps, parts)
  return dryRun ? { parts: parts.length, bytes: sum(parts), rows } : { ...(await prune(deps, parts, signal)), rows }
}

interface Needed {
  /** True for what a load goes on with, or a person decides about. */
  (part: LakePart): boolean
  /** True for what a replay of a table would be made of. */
  byReplays(part: LakePart): boolean
}

async function neededParts({ db, sources }: RawRetentionDeps): Promise<Needed> {
  const { manager } = db.read
  const states = new Map((await manager.find(StreamState)).map((state) => [`${state.sourceId} ${state.stream}`, state]))
  const active = new Set((await manager.findBy(Load, [{ state: 'queued' }, { state: 'running' }])).map(({ sourceId }) => sourceId))
  const open: { sourceId: string; part: string | number }[] = await manager
    .createQueryBuilder(QuarantinedRecord, 'entry')
    .select('entry.sourceId', 'sourceId')
    .addSelect('entry.part', 'part')
    .where({ state: 'open' })
    .groupBy('entry.sourceId, entry.part')
    .getRawMany()
  const there = new Set((await sources.list()).map(({ id }) => id))
  const held = new Set(open.map(({ sourceId, part }) => `${sourceId} ${part}`))
  const datasets = (await sources.datasets()).filter(({ sourceId }) => sourceId !== null)
  const kept = keptByReplays(datasets)
  const stateOf = ({ sourceId, stream }: LakePart) => states.get(`${sourceId} ${stream}`)
  const isNeeded = (part: LakePart) => {
    const state = stateOf(part)
    if (active.has(part.sourceId) || held.has(`${part.sourceId} ${part.id}`)) return true
    return !part.abandoned && there.has(part.sourceId) && (state === undefined || part.id >= state.part)
  }
  const byReplays = (part: LakePart) => kept(part) || stateOf(part)?.loadId === part.loadId
  return Object.assign(isNeeded, { byReplays })
}

/** True for streams that feed a table which is not replaced as a whole, and for those of which nobody knows. */
function keptByReplays(datasets: readonly StoredDataset[]): (part: LakePart) => boolean {
  const modes = new Map<string, boolean>()
  for (const dataset of datasets) {
    const { shape } = tableOf(dataset)
    const stream = `${dataset.sourceId} ${shape.from}`
    modes.set(stream, (modes.get(stream) ?? true) && shape.load === 'replace')
  }
  return ({ sourceId, stream }) => modes.get(`${sourceId} ${stream}`) !== true
}

/** Parts that are beyond the limit and may go, oldest first. */
async function oldParts({ lake, now }: RawRetentionDeps, limit: RawLimit, mayGo: (part: LakePart) => boolean): Promise<LakePart[]> {
  const parts: LakePart[] = []
  let left = 'bytes' in limit ? (await lake.size()).bytes - limit.bytes : 0
  for await (const some of lake.oldestFirst()) {
    for (const part of some) {
      if ('age' in limit && part.landedAt.getTime() >= now().getTime() - limit.age) return parts
      if ('bytes' in limit && left <= 0) return parts
      if (!mayGo(part)) continue
      parts.push(part)
      left -= part.storedBytes
    }
  }
  return parts
}

async function prune({ lake }: RawRetentionDeps, parts: readonly LakePart[], signal: AbortSignal): Promise<PrunedRaw> {
  for (let from = 0; from < parts.length; from += AT_ONCE) {
    signal.throwIfAborted()
    await lake.remove(parts.slice(from, from + AT_ONCE))
  }
  return { parts: parts.length, bytes: sum(parts), rows: 0 }
}

const AT_ONCE = 200

const sum = (parts: readonly LakePart[]): number => parts.reduce((bytes, { storedBytes }) => bytes + storedBytes, 0)

/** How many rows of the tables that are still loaded were made of these parts. */
async function rowsMadeOf({ sources, warehouse }: RawRetentionDeps, parts: readonly LakePart[]): Promise<number> {
  let rows = 0
  for (const dataset of await sources.datasets()) {
    const table = tableOf(dataset)
    const ids = parts.filter(({ sourceId, stream }) => sourceId === dataset.sourceId && stream === table.shape.from).map(({ id }) => id)
    for (let from = 0; from < ids.length; from += AT_ONCE)
      rows += await warehouse.count(table, { _raw_part: { in: ids.slice(from, from + AT_ONCE) } })
  }
  return rows
}
