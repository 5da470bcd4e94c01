import type { DatasetShape } from '@handover/sdk'
import { In, IsNull, type EntityManager } from 'typeorm'
import { ConflictError } from '../shared/errors.ts'
import { newId } from '../shared/ids.ts'
import type { Database, Table, WarehouseService } from '../warehouse/warehouse.service.ts'
import { StoredDataset } from './dataset.entity.ts'

/** What a load says about one dataset when it commits. */
export interface LoadedDataset {
  readonly sourceId: string
  readonly dataset: string
  readonly at: Date
  readonly rowCount: number
  /** True when a row was added, changed or removed. */
  readonly changed: boolean
  /** True when the source was not asked: then the time of its last load stays. */
  readonly replayed?: boolean
}

/** A table of the warehouse as the catalog of datasets knows it. */
export const tableOf = (row: StoredDataset): Table => ({ name: row.tableName, shape: JSON.parse(row.shape) as DatasetShape })

/** Throws a `ConflictError` when one of the tables belongs to another source, or when tables of an earlier source of that name are still kept. */
export async function checkTablesAreFree(
  manager: EntityManager,
  source: { id: string; slug: string },
  tables: readonly Table[],
): Promise<void> {
  const ofThatName = { tableName: In(tables.map((table) => table.name)) }
  const rows = await manager.findBy(StoredDataset, [ofThatName, { slug: source.slug, sourceId: IsNull() }])
  const foreign = rows.find((row) => row.sourceId !== source.id)
  if (foreign === undefined) return
  const message =
    foreign.sourceId === null
      ? `Tables of an earlier source "${foreign.slug}" are still kept. Remove them for good first, or choose another name.`
      : `The table ${foreign.tableName} belongs to the source "${foreign.slug}". Choose another name.`
  throw new ConflictError(message, { fields: [{ name: 'slug', message }] })
}

/** Makes the catalog of datasets say what the source has now. A dataset that is gone keeps its table and is marked. */
export async function registerTables(
  manager: EntityManager,
  source: { id: string; slug: string },
  tables: readonly Table[],
  now: Date,
): Promise<void> {
  const known = await manager.findBy(StoredDataset, { sourceId: source.id })
  for (const table of tables) {
    const shape = JSON.stringify(table.shape)
    const row = known.find((each) => each.name === table.shape.name)
    if (row === undefined) {
      const { name } = table.shape
      await manager.insert(StoredDataset, {
        id: newId(now.getTime()),
        sourceId: source.id,
        slug: source.slug,
        name,
        tableName: table.name,
        shape,
        updatedAt: now,
      })
    } else if (row.shape !== shape || row.detachedAt !== null) {
      await manager.update(StoredDataset, { id: row.id }, { shape, detachedAt: null, updatedAt: now })
    }
  }
  const names = new Set(tables.map((table) => table.shape.name))
  const gone = known.filter((row) => row.detachedAt === null && !names.has(row.name))
  if (gone.length > 0) await manager.update(StoredDataset, { id: In(gone.map((row) => row.id)) }, { detachedAt: now, updatedAt: now })
}

/** Takes the tables of a source out of use and keeps them. */
export async function detachTables(manager: EntityManager, sourceId: string, now: Date): Promise<void> {
  await manager.update(StoredDataset, { sourceId }, { sourceId: null, detachedAt: now, updatedAt: now })
}

/** Removes the tables of a slug for good. The catalog forgets one only once it is gone, so that a crash leaves nothing that nobody knows of. */
export async function dropTables(db: Database, warehouse: WarehouseService, slug: string): Promise<void> {
  for (const row of await db.write.manager.findBy(StoredDataset, { slug })) {
    await warehouse.drop(tableOf(row))
    await db.transaction((manager) => manager.delete(StoredDataset, { id: row.id }))
  }
}

/** Writes down what a load did, in the load's own transaction. */
export async function markLoaded(
  manager: EntityManager,
  { sourceId, dataset, at, rowCount, changed, replayed }: LoadedDataset,
): Promise<void> {
  const change = { rowCount, ...(!replayed && { loadedAt: at }), ...(changed && { changedAt: at }) }
  await manager.update(StoredDataset, { sourceId, name: dataset }, change)
}
