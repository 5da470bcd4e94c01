import { SecretReference, type DescribedSource } from './described-source.ts'
import { holdsPassword, same, type Field, type InstalledSource } from './installed.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * The settings as a server takes them, with what their references name. A secret that the server has already is left out, which keeps it, unless it is to be
 * renewed: what it is cannot be compared.
 */
export function filled(
  { settings }: DescribedSource,
  fields: readonly Field[],
  { there, renews, secret }: { there: InstalledSource | null; renews: boolean; secret(name: string): string | undefined },
): Values {
  const isKept = (name: string) =>
    !renews && (there?.config[name] ?? null) !== null && fields.some((field) => field.name === name && field.kind === 'SECRET')
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([name]) => !isKept(name))
      .map(([name, value]) => [name, resolved(value, secret)]),
  )
}

function resolved(value: unknown, secret: (name: string) => string | undefined): unknown {
  if (value instanceof SecretReference) return secret(value.name)
  if (Array.isArray(value)) return value.map((each) => resolved(each, secret))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolved(each, secret)]))
}

/** What is different from the settings of a server, in words that show no secret; and all settings, with null for secrets that are to go. */
export function settingChanges(
  { settings }: DescribedSource,
  config: Values,
  there: InstalledSource,
  fields: readonly Field[],
): { config: Values; changes: string[] } {
  const whole: Record<string, unknown> = { ...config }
  const changes: string[] = []
  for (const { name, kind, defaultValue } of fields) {
    const before = there.config[name] ?? defaultValue
    if (kind === 'SECRET') {
      const [had, has] = [(there.config[name] ?? null) !== null, settings[name] !== undefined]
      if (had && !has) whole[name] = null
      if (had !== has || name in config) changes.push(`${name}: ${has ? 'a new secret' : 'no secret any more'}`)
      continue
    }
    const after = config[name] ?? defaultValue
    if (same(before, after)) continue
    const isHidden = holdsReference(settings[name]) || holdsPassword(before) || holdsPassword(after)
    changes.push(isHidden ? `${name}: another value, which may hold a secret` : `${name}: ${shown(before)} → ${shown(after)}`)
  }
  return { config: whole, changes }
}

function holdsReference(value: unknown): boolean {
  if (value instanceof SecretReference) return true
  return value !== null && typeof value === 'object' && Object.values(value).some(holdsReference)
}

const LONGEST = 60

/** A value on one line, cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value ?? null)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
