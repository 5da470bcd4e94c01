import type { Connection as CallbackConnection } from 'mysql2'
import type { Connection } from 'mysql2/promise'
import type { MysqlAddress } from './address.ts'
import { connectOnce } from './connect.ts'
import { faultOf } from './faults.ts'
import { session } from './runner.ts'

/** One statement whose rows are wanted in chunks of `size`. */
export interface Streamed {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly size: number
  readonly signal?: AbortSignal
}

/**
 * Runs one statement on a connection of its own and gives its rows in chunks, no faster than they are taken. The statement sees one moment of the
 * database. The connection is outside of the pools, because a slow reader holds it for as long as it likes, and ends with the loop.
 */
export async function* streamRows(
  address: MysqlAddress,
  { sql, parameters, size, signal }: Streamed,
): AsyncGenerator<Record<string, unknown>[]> {
  const connection = await connectOnce(address).catch((error: unknown) => {
    throw faultOf(error, address)
  })
  try {
    await connection.query(session)
    // A slow reader keeps the server waiting; a minute of silence would be the end otherwise.
    await connection.query('SET SESSION net_write_timeout = 600')
    yield* chunksOf(connection, { sql, parameters, size, ...(signal && { signal }) })
  } catch (error) {
    throw faultOf(error, address)
  } finally {
    connection.destroy()
  }
}

/** The rows of one statement on an open connection, in chunks, no faster than they are taken. Throws what the driver throws. */
export async function* chunksOf(
  connection: Connection,
  { sql, parameters, size, signal }: Streamed,
): AsyncGenerator<Record<string, unknown>[]> {
  const rows = (connection as unknown as { connection: CallbackConnection }).connection.query({ sql, values: [...parameters] })
  let chunk: Record<string, unknown>[] = []
  for await (const row of rows.stream({ highWaterMark: size })) {
    chunk.push(row as Record<string, unknown>)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
    signal?.throwIfAborted()
  }
  if (chunk.length > 0) yield chunk
}
