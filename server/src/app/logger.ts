import { pino, type Logger } from 'pino'

const SECRET_NAME = /pass|secret|token|authorization|cookie|api[-_]?key|credential/i
const SECRET_IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi
const DEEPEST = 6

/** What stands in log lines besides what is said. */
export interface LogFacts {
  /** On every line: which process it is. */
  readonly base?: Readonly<Record<string, unknown>>
  /** Asked for every line that is written: what it belongs to at that moment. */
  readonly now?: () => Readonly<Record<string, unknown>>
}

/** Makes the one logger. It writes JSON lines to the given stream; everything secret is taken out here and nowhere else. */
export function createLogger(
  level: string,
  stream: { write(line: string): void } = pino.destination({ fd: 2, sync: true }),
  { base, now }: LogFacts = {},
): Logger {
  return pino(
    {
      level,
      base: base ?? null,
      ...(now && { mixin: () => ({ ...now() }) }),
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => withoutSecrets(fields) as typeof fields },
      serializers: { err: (err: unknown) => err },
    },
    stream,
  )
}

/** The same value with secret fields, passwords in addresses and the parameters of failed statements taken out. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(SECRET_IN_URL, '$1[removed]@')
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return '[deeper]'
  if (value instanceof Error) return plainError(value, depth)
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isSecret(name, item) ? '[removed]' : withoutSecrets(item, depth + 1)]),
  )
}

/** Whether something passes is no secret, whatever its name looks like. */
const isSecret = (name: string, value: unknown): boolean => SECRET_NAME.test(name) && Boolean(value) && typeof value !== 'boolean'

/** Names the fields of an error that may be logged; a database error also carries the SQL and its parameters, which are people's data. */
function plainError(error: Error & { code?: unknown; detail?: unknown }, depth: number): unknown {
  const { name, message, stack, code, detail, cause } = error
  const fields = { type: name, message, code, detail, stack, cause }
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, withoutSecrets(field, depth + 1)]),
  )
}
