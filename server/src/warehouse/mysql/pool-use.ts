import type { DataSource } from 'typeorm'
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js'
import type { PoolUse } from '../database.ts'

/** The driver counts these in no public place. */
interface PoolQueues {
  readonly _allConnections: { readonly length: number }
  readonly _freeConnections: { readonly length: number }
  readonly _connectionQueue: { readonly length: number }
}

/** How busy the pool of a DataSource is at this moment. */
export function poolUse(pool: PoolUse['pool'], dataSource: DataSource): PoolUse {
  const queues = (dataSource.driver as MysqlDriver).pool as PoolQueues
  const free = queues._freeConnections.length
  return { pool, used: queues._allConnections.length - free, free, waiting: queues._connectionQueue.length }
}
