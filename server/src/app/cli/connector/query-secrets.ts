import { isSecretName } from '@handover/sdk'

/** Long, of letters and digits without a dash, and so no identifier that is meant to be read: a key, whatever it is called. */
const RANDOM = /^(?=.*\d)(?=.*[a-z])[a-z0-9_]{20,}$/i

/** Numbers, days and plain words stand in any text, so they are not taken out of it. */
const HARMLESS = /^(\d{1,12}|\d{4}-\d\d-\d\d([T ][\d:.]+Z?)?|[a-z_]{1,16})$/

/** False for a value that is hidden with its name only, because it would be found everywhere. */
export const isTelling = (value: string): boolean => !HARMLESS.test(value)

/** Values in the query of an address that are likely to be secrets, by their names; none when the text is no address. */
export function querySecrets(address: string): Map<string, string> {
  const all = URL.canParse(address) ? [...new URL(address).searchParams] : []
  return new Map(all.filter((pair) => isSecret(pair)))
}

/** The address without what `querySecrets` finds in it, and without its fragment. */
export function withoutQuerySecrets(address: string): string {
  const url = new URL(address)
  url.hash = ''
  for (const name of querySecrets(address).keys()) url.searchParams.delete(name)
  return url.href
}

/** A setting as it may be shown: with "…" for each secret in its query. */
export function shownSetting(value: unknown): unknown {
  if (typeof value !== 'string' || querySecrets(value).size === 0) return value
  const { origin, pathname, searchParams } = new URL(value)
  return `${origin}${pathname}?${[...searchParams].map((pair) => `${pair[0]}=${isSecret(pair) ? '…' : pair[1]}`).join('&')}`
}

const isSecret = ([name, value]: readonly [string, string]): boolean => value !== '' && (isSecretName(name) || RANDOM.test(value))
