import { ConfigError } from '@handover/sdk'
import { CliError, type Call } from '../call.ts'
import type { InstalledConnector } from './installed.ts'
import { isTelling, querySecrets } from './query-secrets.ts'

/** Settings that a connector takes. */
export interface CheckedSettings {
  /** As the connector reads them, defaults included. */
  readonly config: Record<string, unknown>
  /** As they were given. */
  readonly given: Readonly<Record<string, unknown>>
  /** Names of the settings that were made up for fixtures. */
  readonly madeUp: ReadonlySet<string>
}

/** Checks settings as the server does. Throws a `CliError` with a line for each that is wrong, and how to give it. */
export function checkSettings(
  { name, catalog }: InstalledConnector,
  given: Readonly<Record<string, unknown>>,
  madeUp: ReadonlySet<string>,
): CheckedSettings {
  try {
    return { config: catalog.validate(name, given), given, madeUp }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const about = new Map(catalog.form(name).map((field) => [field.name, field.about]))
    const lines = error.fields.map((field) => {
      const text = about.get(field.name)
      return `  ${field.name}: ${field.message}${text ? ` (${text})` : ''}`
    })
    const example = error.fields.find((field) => about.has(field.name))?.name
    const way = example === undefined ? '' : `\nGive settings with --set ${example}=…, or all of them with --config settings.json.`
    throw new CliError(`The settings are not right:\n${lines.join('\n') || `  ${error.message}`}${way}`, 2, { cause: error })
  }
}

/** The secrets among these settings, those in the queries of addresses included, in the ways they may be written: they must not be printed. */
export function secretsIn({ name, catalog }: InstalledConnector, config: Readonly<Record<string, unknown>>): string[] {
  const texts = Object.entries(config).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const secrets = catalog.secrets(name)
  const found = texts.flatMap(([setting, text]) => (secrets.has(setting) ? [text] : [...querySecrets(text).values()].filter(isTelling)))
  return [...new Set(found.flatMap((secret) => [secret, encodeURIComponent(secret)]))]
}

/** A whole number that was typed as an option, from 1. */
export function numberOption(call: Call, name: string, usual: number, most: number): number {
  const text = call.values.get(name)
  if (text === undefined) return usual
  const value = /^\d+$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= most) return value
  throw new CliError(`--${name} is "${text}"; it must be a whole number from 1 to ${most}.`)
}
