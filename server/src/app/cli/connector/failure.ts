import { HandoverError } from '@handover/sdk'
import { placeIn } from '../../../shared/place-in.ts'
import { withoutSecrets } from '../../../sources/sealed-config.ts'
import { CliError } from '../call.ts'

/** What a connector threw, as a sentence for the person who writes it: with the code and detail of a known error, or file and line of another. */
export function failureOf(error: unknown, folder: string, secrets: readonly string[]): CliError {
  if (error instanceof CliError) return error
  const code = error instanceof HandoverError ? error.code : ''
  return new CliError([withoutSecrets(sentenceOf(error, folder), secrets), ...(HINTS[code] ?? [])].join('\n'), 1, { cause: error })
}

/** What to do about the errors that people meet first. */
const HINTS: Readonly<Record<string, readonly string[]>> = {
  FIXTURE_MISSING: ['Keep that answer with "npx handover connector record", or ask the source with --live.'],
  ADDRESS_PRIVATE: ['A server of your own is let through by its host and port: HANDOVER_PRIVATE_HOSTS=127.0.0.1:8080'],
}

function sentenceOf(error: unknown, folder: string): string {
  if (error instanceof HandoverError) {
    const exact = error.detail === null ? '' : `\n  ${error.detail.split('\n')[0]}`
    return `${error.message} (${error.code})${exact}`
  }
  const { name = 'error', message = String(error), stack = '' } = error instanceof Error ? error : {}
  const place = placeIn(folder, stack)
  return `The connector stopped with an error of its own${place === null ? '' : ` at ${place}`}: ${name}: ${message}
  An answer that looks different from what was expected is the usual reason. Check what arrived, and throw a SourceError with a sentence.`
}
