import { ConfigError, HandoverError, SourceError } from '../shared/errors.ts'
import { maxAttempts } from './retry.ts'

/** A person asked for the end of a load. */
export class LoadCancelled extends HandoverError {
  constructor() {
    super('LOAD_CANCELLED', 'This load was cancelled. What it had written stays, and the next load goes on from there.')
  }
}

/** The server is being stopped; the load goes on after the next start. */
export class ServerStopping extends HandoverError {
  constructor() {
    super('SERVER_STOPPING', 'The server is being stopped. The load goes on after the next start.')
  }
}

/** A replace would take away more rows than one wants to lose without a person having looked. */
export class HeldError extends HandoverError {
  constructor(dataset: string, before: number, after: number) {
    const lost = number(before - after)
    super(
      'LOAD_HELD',
      `The new answer for "${dataset}" would remove ${lost} of ${number(before)} rows. The rows of before stay until a person has looked.`,
    )
  }
}

/** Too many records do not fit, so the connector or the source has probably changed. */
export class TooManyBadError extends ConfigError {
  constructor(dataset: string, { bad, seen, why }: { bad: number; seen: number; why: string | null }, share: number) {
    super(
      `${number(bad)} of ${number(seen)} records for "${dataset}" did not fit the rules${why === null ? '' : `, the first one because: ${why.replace(/\.$/, '')}`}. ` +
        `More than ${Math.round(share * 100)} in 100 stops a load. ` +
        'What was written stays. Look at the records that were set aside: the source or the connector needs a change.',
      { code: 'TOO_MANY_BAD' },
    )
  }
}

/** The sums of a load do not add up, which is a fault of ours. */
export class UnbalancedError extends HandoverError {
  constructor(dataset: string, counts: object) {
    super('INTERNAL', `The balance of "${dataset}" does not add up. This is a fault of Handover itself: please report it.`, {
      detail: JSON.stringify(counts),
    })
  }
}

/** How a load ends, in the words of its row. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly detail: string | null
  /** True when another try may help. */
  readonly passing: boolean
}

/** What the server left running when it was killed. */
export const interrupted = (attempt: number): Failure =>
  attempt < maxAttempts
    ? {
        code: 'LOAD_INTERRUPTED',
        message: 'Handover or its database stopped while this load ran. It went on from where it was.',
        detail: null,
        passing: true,
      }
    : {
        code: 'LOAD_PARKED',
        message: `Handover stopped ${maxAttempts} times while this load ran, so it is not tried again by itself. Look at the server's log, then load again.`,
        detail: null,
        passing: false,
      }

/** Tells from an error whether to try again, and what to say. `clean` takes secrets out of a text. */
export function failureOf(error: unknown, clean: (text: string) => string): Failure {
  if (error instanceof HandoverError) {
    const detail = error.detail ?? (error.cause === undefined ? null : plain(error.cause))
    return { code: error.code, message: clean(error.message), detail: detail && clean(detail), passing: !isFinal(error) }
  }
  if (isNetworkError(error)) {
    return {
      code: 'SOURCE_FAILED',
      message: 'The source could not be reached. Handover tries again by itself.',
      detail: clean(plain(error)),
      passing: true,
    }
  }
  return {
    code: 'INTERNAL',
    message: 'Something went wrong inside the connector or Handover. What was written stays; the detail below helps an engineer.',
    detail: clean(error instanceof Error ? (error.stack ?? plain(error)) : plain(error)),
    passing: true,
  }
}

/** Errors that stay what they are until a person acts. */
const isFinal = (error: HandoverError): boolean =>
  error instanceof ConfigError ||
  error instanceof HeldError ||
  error instanceof LoadCancelled ||
  error instanceof UnbalancedError ||
  error.code === 'NOT_FOUND' ||
  error.code === 'CONFLICT'

const networkCodes = /^(E(CONN|HOST|NET|AI_|NOTFOUND|TIMEDOUT|PIPE)|UND_ERR)/

const isNetworkError = (error: unknown): boolean => {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof SourceError || networkCodes.test(String((each as NodeJS.ErrnoException).code))) return true
  }
  return false
}

const plain = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error))

const number = (value: number): string => value.toLocaleString('en')
