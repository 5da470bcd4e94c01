import { isSealed, type SecretBox } from './secret-box.ts'

/** Settings as they are stored: plain, but for sealed secrets. */
export type StoredConfig = Readonly<Record<string, unknown>>

/** What stands for a secret that is set, wherever settings are shown. */
export const SECRET_IS_SET = 'set'

const place = (sourceId: string, name: string): string => `${sourceId}/${name}`

/** Seals every secret of checked settings; what was left out stays out. */
export function sealConfig(box: SecretBox, sourceId: string, given: StoredConfig, secrets: ReadonlySet<string>): StoredConfig {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(entries.map(([name, value]) => [name, secrets.has(name) ? box.seal(value, place(sourceId, name)) : value]))
}

/** Settings with their secrets opened. */
export const openConfig = (box: SecretBox, sourceId: string, stored: StoredConfig): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [name, isSealed(value) ? box.open(value, place(sourceId, name)) : value]),
  )

/** Settings fit to be shown: `set` or null in the place of every secret. */
export function maskConfig(stored: StoredConfig, secrets: ReadonlySet<string>): Record<string, unknown> {
  const shown = Object.entries(stored).map(([name, value]) => [name, isSealed(value) || secrets.has(name) ? SECRET_IS_SET : value] as const)
  const unset = [...secrets].filter((name) => !(name in stored)).map((name) => [name, null] as const)
  return Object.fromEntries([...shown, ...unset])
}

/** New settings, completed with the secrets that a form never got to see: left out, empty or `set` keeps the old one, null takes it away. */
export function keepSecrets(given: StoredConfig, old: StoredConfig, secrets: ReadonlySet<string>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...given }
  for (const name of secrets) {
    const value = given[name]
    const isUntouched = value === undefined || value === '' || value === SECRET_IS_SET
    if (isUntouched && old[name] !== undefined) merged[name] = old[name]
  }
  return merged
}

/** The same text without any of the secrets: connectors and servers like to repeat what they were given. */
export function withoutSecrets(text: string, values: Iterable<string>): string {
  return [...values].filter((value) => value.length > 3).reduce((clean, value) => clean.replaceAll(value, '[removed]'), text)
}
