import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NotifySettings } from '../notify/notify.service.ts'
import { readNotify } from './notify-settings.ts'
import type { Kept } from '../loads/loads.service.ts'
import { distance } from '../shared/nearest.ts'
import { StartError } from '../shared/errors.ts'
import { readRawLimit } from '../shared/raw-limit.ts'
import type { TracingSettings } from './observe/tracing.ts'
import { readSecretFiles, secretFileNames } from './secret-files.ts'
import { keyFault, passwordFault, withPassword } from './secrets.ts'
import { SETTINGS } from './settings.ts'
import { readTracing } from './trace-settings.ts'

const DAY_MS = 86_400_000
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** What a process does: `api` answers and shows, `worker` loads, `all` does both. */
export type Role = 'all' | 'api' | 'worker'

/** The settings of one server, checked. Folders are absolute. */
export interface Settings {
  /** null: the embedded database in the data folder. */
  readonly databaseUrl: string | null
  /** null: the schedule is kept in the database. */
  readonly mongodbUrl: string | null
  /** What seals the secrets of sources, in hex; null: the file in the data folder has it. */
  readonly secretKey: string | null
  readonly role: Role
  readonly port: number
  /** null: no port besides the one of dashboard and API. */
  readonly healthPort: number | null
  readonly host: string
  readonly dataFolder: string
  readonly filesFolder: string
  readonly connectorFolders: readonly string[]
  readonly logLevel: string
  /** Who is told when something is the matter with a source. */
  readonly notify: NotifySettings
  /** How long things are kept. */
  readonly keep: Kept
  readonly sandbox: boolean
  /** Settings that are other than by default, by name; null in the place of a secret. */
  readonly given: readonly { readonly name: string; readonly value: string | null }[]
  /** Where people reach the dashboard from elsewhere, without a slash at its end; null: only from this machine. */
  readonly publicUrl: string | null
  readonly allowedHosts: readonly string[]
  readonly privateHosts: readonly string[]
  /** null: no traces. */
  readonly tracing: TracingSettings | null
}

const ROLES = ['all', 'api', 'worker']

/** Folder of the checkout: three levels up from this file, both as source and as build. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Reads the settings out of an environment; throws a `StartError` with one line per fault. */
export function readSettings(given: Readonly<Record<string, string | undefined>>, cwd: string): Settings {
  const { env, faults: unreadable } = readSecretFiles(given)
  const faults = [...unknownNames(given), ...unreadable]
  const text = (name: string) => env[name]?.trim() || SETTINGS.find((setting) => setting.name === name)!.default
  const check = (name: string, ok: (value: string) => boolean, wants: string) => {
    const value = text(name)
    if (!ok(value)) faults.push(`${name} is "${value}"; it must be ${wants}.`)
    return value
  }
  const list = (name: string) =>
    text(name)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  const port = check('HANDOVER_PORT', isPort, 'a whole number from 0 to 65535')
  const healthPort = check('HANDOVER_HEALTH_PORT', (value) => value === '' || isPort(value), 'a whole number from 0 to 65535, or empty')
  const logLevel = check('HANDOVER_LOG', (value) => LOG_LEVELS.includes(value), `one of ${LOG_LEVELS.join(', ')}`)
  const sandbox = check('HANDOVER_SANDBOX', (value) => value === 'on' || value === 'off', '"on" or "off"')
  const role = check('HANDOVER_ROLE', (value) => ROLES.includes(value), `one of ${ROLES.join(', ')}`) as Role
  const databaseUrl = address('DATABASE_URL', ['mysql:'], 'mysql://user:password@host:3306/handover', faults, {
    url: text('DATABASE_URL'),
    password: env['DATABASE_PASSWORD'] ?? '',
  })
  const mongodbUrl = address('MONGODB_URL', ['mongodb:', 'mongodb+srv:'], 'mongodb://host:27017/handover', faults, {
    url: text('MONGODB_URL'),
    password: env['MONGODB_PASSWORD'] ?? '',
  })
  const secretKey = text('HANDOVER_SECRET_KEY') || null
  if (secretKey !== null) faults.push(...keyFault(secretKey))
  if (role !== 'all' && databaseUrl === null)
    faults.push(`HANDOVER_ROLE is "${role}", which needs a database that several processes can share. Set DATABASE_URL to a MySQL server.`)
  if (role !== 'worker' && port !== '0' && port === healthPort)
    faults.push(`HANDOVER_HEALTH_PORT is ${port}, which HANDOVER_PORT is already. Choose another one, or leave it empty.`)
  const days = (name: string) => {
    const value = check(name, (given) => given === 'all' || /^[1-9]\d{0,5}d$/.test(given), 'a number of days like "90d", or "all"')
    return value === 'all' ? null : Number.parseInt(value, 10) * DAY_MS
  }
  const isLimit = (given: string) => given === 'all' || readRawLimit(given) !== null
  const lake = check('HANDOVER_KEEP_LAKE', isLimit, 'a number of days like "365d", a size like "50GB", or "all"')
  const keep = { loads: days('HANDOVER_KEEP_LOADS'), logs: days('HANDOVER_KEEP_LOGS'), lake: lake === 'all' ? null : readRawLimit(lake) }
  const notify = readNotify(
    {
      webhook: text('HANDOVER_NOTIFY_WEBHOOK'),
      emails: list('HANDOVER_NOTIFY_EMAIL'),
      from: text('HANDOVER_NOTIFY_FROM'),
      smtp: text('HANDOVER_SMTP_URL'),
    },
    faults,
  )
  const isHostAndPort = (value: string) => /^\S+:\d{1,5}$/.test(value)
  check('HANDOVER_PRIVATE_HOSTS', () => list('HANDOVER_PRIVATE_HOSTS').every(isHostAndPort), 'a list like "db.local:5432,10.0.0.7:80"')
  check(
    'HANDOVER_PUBLIC_URL',
    (value) => value === '' || isPlainAddress(value),
    'an address like "https://data.example.org", with nothing after the name',
  )
  const tracing = readTracing(
    {
      endpoint: text('OTEL_EXPORTER_OTLP_ENDPOINT'),
      tracesEndpoint: text('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'),
      headers: text('OTEL_EXPORTER_OTLP_HEADERS'),
      serviceName: text('OTEL_SERVICE_NAME'),
      share: text('OTEL_TRACES_SAMPLER_ARG'),
    },
    faults,
  )
  if (faults.length > 0) throw new StartError(faults.join('\n'))
  const dataFolder = resolve(cwd, text('HANDOVER_DATA'))
  return {
    ...{ databaseUrl, mongodbUrl, secretKey, role },
    port: Number(port),
    healthPort: healthPort === '' ? null : Number(healthPort),
    host: text('HANDOVER_HOST'),
    dataFolder,
    filesFolder: env['HANDOVER_FILES']?.trim() ? resolve(cwd, text('HANDOVER_FILES')) : resolve(dataFolder, 'files'),
    connectorFolders: env['HANDOVER_CONNECTORS']?.trim()
      ? list('HANDOVER_CONNECTORS').map((folder) => resolve(cwd, folder))
      : [resolve(ROOT, 'connectors')],
    logLevel,
    keep,
    notify,
    sandbox: sandbox === 'on',
    given: SETTINGS.filter(({ name, default: usual }) => text(name) !== usual).map(({ name, secret }) => ({
      name,
      value: secret ? null : text(name),
    })),
    publicUrl: text('HANDOVER_PUBLIC_URL') === '' ? null : new URL(text('HANDOVER_PUBLIC_URL')).origin,
    allowedHosts: list('HANDOVER_ALLOWED_HOSTS').map((host) => host.toLowerCase()),
    privateHosts: list('HANDOVER_PRIVATE_HOSTS'),
    tracing,
  }
}

/** True for scheme, name and port alone: pages are always at the root of their name. */
function isPlainAddress(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null
  return url !== null && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(value.toLowerCase())
}

const isPort = (value: string): boolean => /^\d{1,5}$/.test(value) && Number(value) <= 65535

const EVERY_ADDRESS = ['0.0.0.0', '::', '127.0.0.1', '::1']

/**
 * Where the command line finds the running server, without a slash at its end: `HANDOVER_URL`, or where a server with these settings listens.
 * Throws a `StartError` that never repeats the address, because people put passwords into addresses.
 */
export function readServerUrl(env: Readonly<Record<string, string | undefined>>): string {
  const faults = unknownNames(env)
  if (faults.length > 0) throw new StartError(faults.join('\n'))
  const given = env['HANDOVER_URL']?.trim()
  if (given) {
    const url = URL.canParse(given) ? new URL(given) : null
    if (url && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === '')
      return url.href.replace(/\/+$/, '')
    throw new StartError('HANDOVER_URL must be an address like http://localhost:3000, without a user, a password or anything after "?".')
  }
  const port = env['HANDOVER_PORT']?.trim() || '3000'
  if (!isPort(port)) throw new StartError(`HANDOVER_PORT is "${port}"; it must be a whole number from 0 to 65535.`)
  if (Number(port) === 0)
    throw new StartError(
      'With HANDOVER_PORT=0 the server chose its port by itself. Say in HANDOVER_URL where it is: it printed that when it started.',
    )
  const host = env['HANDOVER_HOST']?.trim() || 'localhost'
  return `http://${EVERY_ADDRESS.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${Number(port)}`
}

/**
 * An address with a scheme, completed with a password that was given by itself; what is wrong with it is said without repeating it, because it
 * may hold a password.
 */
function address(
  name: 'DATABASE_URL' | 'MONGODB_URL',
  schemes: readonly string[],
  example: string,
  faults: string[],
  { url, password }: { url: string; password: string },
): string | null {
  if (url === '') {
    if (password !== '') faults.push(`${name.replace('URL', 'PASSWORD')} is set, but ${name} is not.`)
    return null
  }
  if (!URL.canParse(url) && !url.startsWith('mongodb')) faults.push(`${name} is not an address. It looks like ${example}.`)
  else if (!schemes.some((scheme) => url.startsWith(`${scheme}//`)))
    faults.push(`${name} must begin with ${schemes[0]}//. It looks like ${example}.`)
  else {
    const { url: whole, fault } = withPassword(name, url, password)
    faults.push(...(fault === null ? passwordFault(name, whole) : [fault]))
    return whole
  }
  return url
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = SETTINGS.map((setting) => setting.name)
  const files = secretFileNames()
  return Object.keys(env)
    .filter((name) => name.startsWith('HANDOVER_') && !known.includes(name) && !files.includes(name))
    .sort()
    .map((name) => {
      const nearest = known.toSorted((a, b) => distance(name, a) - distance(name, b))[0]!
      const hint = distance(name, nearest) <= 4 ? `Did you mean ${nearest}?` : `The settings are ${known.join(', ')}.`
      return `There is no setting ${name}. ${hint}`
    })
}
