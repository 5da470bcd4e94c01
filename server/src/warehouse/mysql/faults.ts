import { QueryFailedError } from 'typeorm'
import { StartError, WarehouseError } from '../../shared/errors.ts'
import type { MysqlAddress } from './address.ts'

/** An error as the driver throws it. */
interface DriverError extends Error {
  readonly code?: string
  readonly errno?: number
  readonly fatal?: boolean
}

/** Codes of errors that end a connection; what a statement did then is not known. */
const lost = new Set([
  ...['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_SEQUENCE_TIMEOUT', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH'],
  ...['ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNABORTED', 'ER_SERVER_SHUTDOWN', 'ER_NORMAL_SHUTDOWN', 'ER_QUERY_INTERRUPTED'],
  ...['ER_CLIENT_INTERACTION_TIMEOUT', 'ER_NEW_ABORTING_CONNECTION', 'ER_SHUTDOWN_COMPLETE'],
])
const conflicts = new Set(['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT'])
const full = new Set(['ER_DISK_FULL', 'ER_RECORD_FILE_FULL', 'ER_ENGINE_OUT_OF_MEMORY', 'ER_DISK_FULL_NOWAIT'])
const crowded = new Set(['ER_CON_COUNT_ERROR', 'ER_TOO_MANY_USER_CONNECTIONS', 'ER_USER_LIMIT_REACHED'])
const denied = new Set([
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
])
const readOnly = new Set(['ER_OPTION_PREVENTS_STATEMENT', 'ER_READ_ONLY_MODE', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION'])

/** The driver's own error inside what TypeORM made of it. */
export const driverErrorOf = (error: unknown): DriverError => (error instanceof QueryFailedError ? error.driverError : error) as DriverError

/** True when the same transaction may succeed when it is run again from its beginning. */
export const isConflict = (error: unknown): boolean => conflicts.has(driverErrorOf(error)?.code ?? '')

/** True when the connection is gone, so that nobody knows whether the last statement was done. */
export function isLost(error: unknown): boolean {
  const { code, message } = driverErrorOf(error) ?? {}
  return lost.has(code ?? '') || /closed state|Pool is closed/.test(String(message))
}

/** What a person is told of an error while the server runs; any other error is given back as it is. The SQL and its values are never shown. */
export function faultOf(error: unknown, address: MysqlAddress): unknown {
  const { code = '', message } = driverErrorOf(error) ?? {}
  const options = { cause: error, detail: `${code}: ${withoutValues(String(message))}` }
  if (isLost(error)) {
    const words = `The database at ${address.name} cannot be reached. Handover tries again by itself; nothing that was written is lost.`
    return new WarehouseError('DATABASE_LOST', words, options)
  }
  if (isConflict(error) || crowded.has(code) || /^Queue limit reached/.test(String(message)))
    return new WarehouseError('DATABASE_BUSY', 'The database was busy for too long. Try again; restart Handover if it goes on.', options)
  if (full.has(code)) return new WarehouseError('DISK_FULL', 'The disk of the database is full. Make room there; nothing is lost.', options)
  if (denied.has(code)) return new WarehouseError('DATABASE_RIGHTS', missingRight(String(message), address), options)
  if (readOnly.has(code)) {
    const words = `The database at ${address.name} only lets itself be read. Point DATABASE_URL at the server that may be written.`
    return new WarehouseError('DATABASE_RIGHTS', words, options)
  }
  return isDriverError(error) ? withoutSql(error) : error
}

/** An error that nobody foresaw, without the statement and its values: they may be anybody's. */
function withoutSql(error: unknown): Error {
  const { code, errno, message } = driverErrorOf(error)
  return Object.assign(new Error(withoutValues(String(message))), { name: 'MysqlError', code, errno })
}

const isDriverError = (error: unknown): boolean => error instanceof QueryFailedError || typeof driverErrorOf(error)?.errno === 'number'

/** What a person is told when the server cannot start. */
export function startFaultOf(error: unknown, address: MysqlAddress): unknown {
  if (error instanceof StartError) return error
  const sentence = startSentence(driverErrorOf(error), address)
  if (sentence !== null) return new StartError(sentence, { cause: error })
  const fault = faultOf(error, address)
  return fault instanceof WarehouseError ? new StartError(fault.message, { cause: error, detail: fault.detail ?? '' }) : error
}

function startSentence({ code = '', message }: DriverError, { host, name, user, database }: MysqlAddress): string | null {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no host "${host}". Mend the host in DATABASE_URL.`
    case 'ECONNREFUSED':
      return `No database answers at ${name}. Start MySQL there, or mend host and port in DATABASE_URL.`
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `The database at ${name} did not answer in time. Check that MySQL runs there, host, port and firewall, and DATABASE_URL.`
    case 'ER_ACCESS_DENIED_ERROR':
      return `MySQL at ${name} refuses the user "${user}" or its password. Mend them in DATABASE_URL.`
    case 'ER_DBACCESS_DENIED_ERROR':
      return `The user "${user}" may not use the database "${database}". An administrator can allow it: ${grant(user, database)}`
    case 'ER_BAD_DB_ERROR':
      return `MySQL at ${name} has no database "${database}". Make it: CREATE DATABASE \`${database}\` CHARACTER SET utf8mb4;`
    case 'ER_SECURE_TRANSPORT_REQUIRED':
      return `MySQL at ${name} wants an encrypted connection. Add ?ssl-mode=VERIFY_IDENTITY to DATABASE_URL (with ssl-ca for a certificate of your own).`
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return `MySQL at ${name} does not offer encrypted connections. Turn TLS on there, or leave ssl-mode out of DATABASE_URL.`
    case 'HANDSHAKE_SSL_ERROR':
      return `The certificate of MySQL at ${name} is not trusted (${message}). Name its authority with ssl-ca in DATABASE_URL.`
    case 'ER_HOST_NOT_PRIVILEGED':
    case 'ER_HOST_IS_BLOCKED':
      return `MySQL at ${name} does not take connections from this machine. Allow it there, or ask who runs the database.`
    case 'PROTOCOL_CONNECTION_LOST':
    case 'ECONNRESET':
      return `What answers at ${name} closed the connection at once. Is it MySQL? Mend host and port in DATABASE_URL.`
    case 'ERR_OUT_OF_RANGE':
    case 'ERR_BUFFER_OUT_OF_BOUNDS':
      return stranger(name)
    default:
      return /handshake|packet|protocol/i.test(String(message)) && code.startsWith('PROTOCOL') ? stranger(name) : null
  }
}

const stranger = (name: string): string =>
  `What answers at ${name} does not speak the language of MySQL. Mend host and port in DATABASE_URL.`

function missingRight(message: string, { user, database }: MysqlAddress): string {
  const right = /^(.+?) command denied/.exec(message)?.[1] ?? 'needed'
  return `The database user "${user}" lacks the right ${right} on the database "${database}". An administrator can give it: ${grant(user, database)}`
}

/** The statement by which an administrator gives every right on the database. */
export const grant = (user: string, database: string): string => `GRANT ALL ON \`${database}\`.* TO '${user}'@'%';`

/** MySQL repeats values in quotes in these of its errors. */
export const withoutValues = (message: string): string =>
  message.replace(/((?:Duplicate entry|[Ii]ncorrect .{1,30}?value:?) )'.*'/s, "$1'…'")
