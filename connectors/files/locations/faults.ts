import { ConfigError, HandoverError, SourceError } from '@handover/sdk'
import type { Settings } from '../settings.ts'

/** A fault of one setting, which a form shows beside it. */
export function atSetting(name: keyof Settings, message: string, cause?: unknown): ConfigError {
  const code = cause instanceof HandoverError ? { code: cause.code } : {}
  const detail = cause instanceof HandoverError && cause.detail !== null ? { detail: cause.detail } : {}
  return new ConfigError(message, { fields: [{ name, message }], cause, ...code, ...detail })
}

/** Settings by the kind of fault that may lie in them. */
export interface Suspects {
  /** Where the server is. */
  readonly host: keyof Settings
  /** What is asked for there. */
  readonly what: keyof Settings
  /** What lets us in. */
  readonly key: keyof Settings
}

const WHICH: Readonly<Record<string, keyof Suspects>> = {
  SOURCE_UNAUTHORISED: 'key',
  SOURCE_FORBIDDEN: 'key',
  SOURCE_NOT_FOUND: 'what',
  SOURCE_UNREACHABLE: 'host',
  SOURCE_REDIRECT: 'host',
  ADDRESS_PRIVATE: 'host',
  ADDRESS_INVALID: 'host',
}

/** The same error with the setting that it is about, where that is known. What may pass by itself stays a `SourceError`. */
export function withSetting(error: unknown, suspects: Suspects): unknown {
  if (!(error instanceof ConfigError) || error.fields.length > 0) return error
  const which = WHICH[error.code]
  return which === undefined ? error : atSetting(suspects[which], error.message, error)
}

/** For a test of the connection: somebody looks at the form now, so that also what may pass is shown beside a setting. */
export function forForm(error: unknown, suspects: Suspects): unknown {
  if (!(error instanceof SourceError)) return withSetting(error, suspects)
  const which = WHICH[error.code]
  return which === undefined ? error : atSetting(suspects[which], error.message, error)
}
