/** How one look at the surroundings came out. A fault keeps Handover from working; a warning costs speed or safety. */
export type CheckState = 'ok' | 'warning' | 'fault'

/** What one look came to. Never holds a password. */
export interface Check {
  /** What was looked at, in one or two words. */
  readonly name: string
  readonly state: CheckState
  /** What is so: one sentence, or two. */
  readonly message: string
  /** What to do about it; null when there is nothing to do, or when the message says it. */
  readonly todo: string | null
}

/** All is well with it. */
export const ok = (name: string, message: string): Check => ({ name, state: 'ok', message, todo: null })

/** It works, but not as well or as safely as it could. */
export const warning = (name: string, message: string, todo: string | null = null): Check => ({ name, state: 'warning', message, todo })

/** It does not work. */
export const fault = (name: string, message: string, todo: string | null = null): Check => ({ name, state: 'fault', message, todo })

/** A fault out of the sentences of an error: the first says what happened, the others what to do. */
export function faultFrom(name: string, { message }: Error): Check {
  const end = message.indexOf('. ')
  return end < 0 ? fault(name, message) : fault(name, message.slice(0, end + 1), message.slice(end + 2))
}
