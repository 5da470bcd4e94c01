import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { turn } from '../../shared/turn.ts'

/**
 * Runs one statement on a connection of its own and gives its rows in chunks. The statement sees one moment of the database however long the
 * reader takes, and sorts once; integers come as BigInt. The connection ends with the loop.
 */
export async function* streamRows(
  file: string,
  sql: string,
  parameters: readonly unknown[],
  size: number,
  signal?: AbortSignal,
): AsyncGenerator<Record<string, unknown>[]> {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    yield* chunksOf(db, sql, parameters, size, signal)
  } finally {
    db.close()
  }
}

/** The rows of one statement on an open connection, in chunks; others get their turn in between. */
export async function* chunksOf(
  db: DatabaseSync,
  sql: string,
  parameters: readonly unknown[],
  size: number,
  signal?: AbortSignal,
): AsyncGenerator<Record<string, unknown>[]> {
  const statement = db.prepare(sql)
  statement.setReadBigInts(true)
  let chunk: Record<string, unknown>[] = []
  for (const row of statement.iterate(...(parameters as SQLInputValue[]))) {
    chunk.push(row)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
    await turn()
    signal?.throwIfAborted()
  }
  if (chunk.length > 0) yield chunk
}
