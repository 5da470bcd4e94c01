import type { PoolConnection } from 'mysql2'
import type { DataSource } from 'typeorm'
import type { MysqlAddress } from './address.ts'
import { faultOf } from './faults.ts'

/**
 * Runs one statement on a connection of its own and gives its rows in chunks, no faster than they are taken. The statement sees one moment of the
 * database; when the reader goes away before the end, the connection is given up, because the rest of the answer is still on its way.
 */
export async function* streamRows(
  source: DataSource,
  address: MysqlAddress,
  sql: string,
  parameters: readonly unknown[],
  size: number,
  signal?: AbortSignal,
): AsyncGenerator<Record<string, unknown>[]> {
  const runner = source.createQueryRunner()
  const connection = (await runner.connect()) as PoolConnection
  let whole = false
  try {
    // A slow reader keeps the server waiting; it takes a minute of silence for the end otherwise.
    await connection.promise().query('SET SESSION net_write_timeout = 600')
    let chunk: Record<string, unknown>[] = []
    for await (const row of connection.query({ sql, values: [...parameters] }).stream({ highWaterMark: size })) {
      chunk.push(row as Record<string, unknown>)
      if (chunk.length < size) continue
      yield chunk
      chunk = []
      signal?.throwIfAborted()
    }
    whole = true
    if (chunk.length > 0) yield chunk
  } catch (error) {
    throw faultOf(error, address)
  } finally {
    if (whole) await runner.release()
    else connection.destroy()
  }
}
