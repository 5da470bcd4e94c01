import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'mysql2'
import { StartError } from '../../shared/errors.ts'

/** Where a MySQL server is and who asks. `name` is how people are told of it: without the password. */
export interface MysqlAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly ssl: ConnectionOptions['ssl']
  readonly name: string
}

const shape = 'It looks like mysql://user:password@host:3306/handover.'
const inPercent = 'Special characters in user and password are written in percent form: %40 for @, %2F for /.'
const sslModes = ['DISABLED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY']

/**
 * Reads a `mysql://` address. The parameters are those of MySQL's own clients: `ssl-mode` (DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY)
 * and `ssl-ca` (a file). Throws a `StartError` that never repeats the address, because it may hold a password.
 */
export function readAddress(text: string): MysqlAddress {
  if (!URL.canParse(text)) throw new StartError(`DATABASE_URL is not an address. ${shape}`)
  const url = new URL(text)
  const database = decoded(url.pathname.slice(1))
  if (url.hostname === '') throw new StartError(`DATABASE_URL names no host. ${shape}`)
  if (url.username === '') throw new StartError(`DATABASE_URL names no user. ${shape}`)
  if (url.pathname.includes('@')) throw new StartError(`DATABASE_URL has an @ too many. ${inPercent}`)
  if (!/^[^/`\0]{1,64}$/.test(database)) throw new StartError(`DATABASE_URL must end with the name of one database. ${shape}`)
  const [host, port] = [url.hostname.replace(/^\[(.*)\]$/, '$1'), url.port === '' ? 3306 : Number(url.port)]
  return {
    ...{ host, port, user: decoded(url.username), password: decoded(url.password), database },
    ssl: readSsl(url.searchParams),
    name: `${host}:${port}`,
  }
}

function readSsl(parameters: URLSearchParams): ConnectionOptions['ssl'] {
  const unknown = [...parameters.keys()].find((name) => name !== 'ssl-mode' && name !== 'ssl-ca')
  if (unknown !== undefined)
    throw new StartError(`DATABASE_URL has the parameter "${unknown}", which means nothing here. Known are ssl-mode and ssl-ca.`)
  const file = parameters.get('ssl-ca')
  const mode = parameters.get('ssl-mode') ?? (file === null ? 'DISABLED' : 'VERIFY_CA')
  if (!sslModes.includes(mode)) throw new StartError(`ssl-mode in DATABASE_URL must be one of ${sslModes.join(', ')}.`)
  if (mode === 'DISABLED') return undefined
  const ca = file === null ? {} : { ca: readCertificate(file) }
  return { ...ca, rejectUnauthorized: mode !== 'REQUIRED', verifyIdentity: mode === 'VERIFY_IDENTITY' }
}

function readCertificate(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartError(`The file that ssl-ca in DATABASE_URL names cannot be read: ${file}`, { cause })
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new StartError('DATABASE_URL holds a % that is not followed by two hexadecimal digits. Write % itself as %25.')
  }
}
