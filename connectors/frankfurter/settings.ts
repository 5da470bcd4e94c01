import { ConfigError, type FieldFault, type Query } from '@handover/sdk'
import { z } from 'zod'

/** Settings of one source. */
export const config = z.object({
  base: z
    .string()
    .regex(/^\s*[a-z]{3}\s*$/i, 'A currency of three letters, such as EUR.')
    .default('EUR')
    .meta({ title: 'Price of one' })
    .describe('Currency whose price is wanted, in three letters'),
  quotes: z
    .string()
    .max(400)
    .regex(/^\s*[a-z]{3}(\s*,\s*[a-z]{3})*\s*$/i, 'Currencies of three letters, separated by commas, such as SEK, USD.')
    .default('SEK, USD, GBP')
    .meta({ title: 'In' })
    .describe('Currencies that the price is given in, separated by commas'),
  provider: z
    .string()
    .regex(/^[a-z0-9.]{0,20}$/i, 'One short name such as ECB, or nothing.')
    .default('ECB')
    .meta({ title: 'Rates of' })
    .describe('Whose rates: ECB is the European Central Bank, RIKSBANK the Swedish one. Empty for a mean of all central banks'),
  since: z.iso
    .date()
    .default('2024-01-01')
    .meta({ title: 'From' })
    .describe('First day to load; rates of the European Central Bank begin with 1999-01-04'),
})

/** The settings as the connector reads them. */
export type Config = z.output<typeof config>

/** The currencies that prices are given in. */
export const quotesOf = ({ quotes }: Config): string[] => [
  ...new Set(
    quotes
      .toUpperCase()
      .split(',')
      .map((code) => code.trim()),
  ),
]

/** What the settings ask the source for. */
export const questionOf = (config: Config): Query => ({
  base: config.base.trim().toUpperCase(),
  quotes: quotesOf(config).join(','),
  providers: config.provider === '' ? null : config.provider.toUpperCase(),
})

/** A `ConfigError` that says one sentence beside each of these settings. */
export function faultAt(names: readonly (keyof Config)[], message: string, detail?: string): ConfigError {
  const fields: FieldFault[] = names.map((name) => ({ name, message }))
  return new ConfigError(message, { fields, ...(detail !== undefined && { detail }) })
}

/** What an answer with status 422 means: `message` is the source's own, such as `invalid currency: XYZ,ABC`. */
export function refusalOf(message: unknown, config: Config): ConfigError {
  const text = typeof message === 'string' ? message : ''
  const unknown = /^invalid currency: ([A-Z,]+)$/.exec(text)?.[1]?.split(',') ?? []
  if (unknown.length === 0) return faultAt([], 'Frankfurter does not accept these settings.', text)
  const names = [
    ...(unknown.includes(config.base.trim().toUpperCase()) ? (['base'] as const) : []),
    ...(quotesOf(config).some((quote) => unknown.includes(quote)) ? (['quotes'] as const) : []),
  ]
  return faultAt(names, `Frankfurter does not know the currency ${unknown.join(', ')}.`)
}
