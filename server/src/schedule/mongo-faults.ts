import { MongoCompatibilityError, MongoServerError, MongoServerSelectionError } from 'mongodb'
import { StartError } from '../shared/errors.ts'

/** For an address that cannot be read; says nothing of what stands in it. */
export const UNREADABLE_URL =
  'MONGODB_URL cannot be read as the address of a MongoDB server. It looks like mongodb://user:password@host:27017/handover, where a ' +
  'special character in user or password is written in percent form (%40 for @) and options after ? are ones that the driver of MongoDB knows.'

/** Codes of MongoDB's server. */
const NOT_ALLOWED = 13
const WRONG_PASSWORD = [18, 8000]

/** Why the server cannot start on this MongoDB, in one sentence that names the place, never user or password. */
export function startFault(error: unknown, place: string, database: string): StartError {
  return new StartError(sentence(error, place, database), { cause: error })
}

function sentence(error: unknown, place: string, database: string): string {
  if (error instanceof MongoServerError) return refusal(error, place, database)
  if (error instanceof MongoCompatibilityError)
    return `MongoDB at ${place} (MONGODB_URL) is too old for this server. Use MongoDB 6 or newer.`
  const code = codeOf(deepest(error))
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `The host of MONGODB_URL is not known in this network (${place}). Is the name right?`
  if (code === 'ECONNREFUSED') return `Nothing answers at ${place} (MONGODB_URL). Is MongoDB running there, and are host and port right?`
  if (isTls(code, deepest(error))) return `MongoDB at ${place} (MONGODB_URL) cannot be reached over TLS: ${tlsReason(code)}`
  if (code === 'ECONNRESET' || deepest(error)?.message.endsWith(' closed'))
    return `The server at ${place} (MONGODB_URL) hangs up. Is it MongoDB, and does it want TLS (add ?tls=true to the address)?`
  return unanswered(error, place)
}

function refusal({ code, message }: MongoServerError, place: string, database: string): string {
  if (WRONG_PASSWORD.includes(Number(code)))
    return `MongoDB at ${place} refuses the user or the password in MONGODB_URL. Is the user in another database than "${database}", add ?authSource= and its name.`
  if (code === NOT_ALLOWED)
    return `MongoDB at ${place} does not let the user in MONGODB_URL write to the database "${database}". Give that user the role readWrite there, or name a user in the address.`
  return `MongoDB at ${place} (MONGODB_URL) cannot be used: ${message.split('\n')[0]}`
}

function unanswered(error: unknown, place: string): string {
  if (error instanceof MongoServerSelectionError && error.reason?.type === 'ReplicaSetNoPrimary')
    return `No server of the replica set at ${place} (MONGODB_URL) can be written to. Is its name right, and has it a primary?`
  return `MongoDB at ${place} (MONGODB_URL) does not answer. Are host and port right, and does a firewall let this machine in?`
}

/** The driver wraps what happened on the wire several times over. */
function deepest(error: unknown): Error | null {
  if (!(error instanceof Error)) return null
  const servers = error instanceof MongoServerSelectionError ? (error.reason?.servers.values() ?? []) : []
  for (const { error: inner } of servers) if (inner) return deepest(inner)
  return deepest(error.cause) ?? error
}

const codeOf = (error: Error | null): string => (error !== null && 'code' in error ? String(error.code) : '')

const isTls = (code: string, error: Error | null): boolean =>
  /^(ERR_SSL|ERR_TLS|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_)/.test(code) || /TLS|SSL/.test(error?.message ?? '')

function tlsReason(code: string): string {
  if (/^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code))
    return `its certificate is not one that this machine trusts (${code}). Name its authority with tlsCAFile in the address.`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for another host name. Use the name in the certificate.'
  return 'the two do not agree on it. Take tls=true out of the address if the server does not use TLS.'
}
