/** What an error carries beside its sentence. */
export interface ErrorOptions {
  /** Exact words for the engineer; no secrets. */
  readonly detail?: string
  readonly cause?: unknown
  /** Stable code when the usual one of the class says too little. */
  readonly code?: string
}

/** Every error that Handover raises on purpose: a stable code, a sentence for a person, and a detail for the engineer. */
export class HandoverError extends Error {
  readonly code: string
  /** Exact words for the engineer; null when the message says it all. */
  readonly detail: string | null

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code ?? code
    this.detail = options.detail ?? null
  }

  override get name(): string {
    return this.constructor.name
  }
}

/** One setting that a person must mend. */
export interface FieldFault {
  /** Name of the setting; parts of a nested one are joined by dots. */
  readonly name: string
  readonly message: string
}

/** A person must mend a setting or a declaration; trying again does not help. */
export class ConfigError extends HandoverError {
  /** The settings at fault, when they are known. */
  readonly fields: readonly FieldFault[]

  constructor(message: string, options: ErrorOptions & { readonly fields?: readonly FieldFault[] } = {}) {
    super('CONFIG_INVALID', message, options)
    this.fields = options.fields ?? []
  }
}

/** The source did not answer as it should; the load is tried again later. */
export class SourceError extends HandoverError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('SOURCE_FAILED', message, options)
  }
}

/** One record or row cannot be used; it is set aside and the rest goes on. */
export class RecordError extends HandoverError {
  constructor(message: string, options: ErrorOptions = {}) {
    super('RECORD_INVALID', message, options)
  }
}
