import type { Writable } from 'node:stream'
import type { Clock } from '../../shared/clock.ts'
import type { Api } from './api.ts'
import type { Terminal } from './terminal.ts'

/** What a command is run with. */
export interface Call {
  /** The word after the command; null when none was typed. */
  readonly argument: string | null
  /** Options that were typed without a value, without dashes. */
  readonly flags: ReadonlySet<string>
  /** Options that were typed with a value. */
  readonly values: ReadonlyMap<string, string>
  /** Options that may be typed several times, with all of their values. */
  readonly lists: ReadonlyMap<string, readonly string[]>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder in which the command was typed. */
  readonly cwd: string
  readonly terminal: Terminal
  readonly clock: Clock
  /** The API of the running server. Throws a `StartError` when its address cannot be told from the settings. */
  api(): Api
  /** From then on Ctrl-C only fires this signal; without it Ctrl-C ends the process. */
  interruption(): AbortSignal
  /** The standard output for bytes: from then on what fails with it is told to whoever writes; without it the process ends. */
  output(): Writable
  /** Asks the person and gives the answer, without blanks around it; null where nobody sits at a terminal. */
  readonly ask: ((question: string) => Promise<string>) | null
}

/** Ends a command with one sentence for the person. */
export class CliError extends Error {
  /** 1: what was asked for failed. 2: it cannot be asked for like this, or nobody can be reached. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 2, options: ErrorOptions = {}) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** Exit code after Ctrl-C, as shells know it. */
export const INTERRUPTED = 130
