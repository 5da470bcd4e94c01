import { createConnection, type Connection } from 'mysql2/promise'
import type { MysqlAddress } from './address.ts'

/** Milliseconds that a server has to answer. */
export const connectTimeout = 5_000

/** How values come: days as text, because a Date would move them with the time zone of this process, and long numbers with all their digits. */
export const exactly = {
  timezone: 'Z',
  dateStrings: ['DATE'] as ('DATE' | 'TIMESTAMP' | 'DATETIME')[],
  supportBigNumbers: true,
  bigNumberStrings: true,
}

/** A connection outside of the pools; whoever asks for it destroys it. Throws what the driver throws. */
export function connectOnce({ host, port, user, password, database, ssl }: MysqlAddress): Promise<Connection> {
  return createConnection({ ...exactly, host, port, user, password, database, connectTimeout, ...(ssl && { ssl }) })
}
