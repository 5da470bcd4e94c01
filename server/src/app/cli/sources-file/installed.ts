import type { Api } from '../api.ts'
import { secretNames, SecretReference, type DescribedSource, type ScheduleInput } from './described-source.ts'

/** One setting of a connector. */
export interface Field {
  readonly name: string
  readonly kind: string
  readonly required: boolean
  readonly defaultValue: unknown
}

/** What a server has: connectors with their settings by name, and sources. */
export interface Installed {
  readonly connectors: ReadonlyMap<string, readonly Field[]>
  readonly sources: readonly InstalledSource[]
}

/** A source of the server; a secret of its settings is `set` or null. */
export interface InstalledSource {
  readonly slug: string
  readonly title: string
  readonly paused: boolean
  readonly config: Readonly<Record<string, unknown>>
  readonly schedule: { readonly every: number | null; readonly cron: string | null; readonly timeZone: string | null } | null
  readonly connector: { readonly name: string } | null
}

const QUESTION = `{
  connectors { name form { name kind required defaultValue } }
  sources { slug title paused config connector { name } schedule { every cron timeZone } }
}`

/** Asks a server what it has. */
export async function readInstalled(api: Api): Promise<Installed> {
  const { connectors, sources } = await api.ask<{ connectors: { name: string; form: Field[] }[]; sources: InstalledSource[] }>(QUESTION)
  return { connectors: new Map(connectors.map(({ name, form }) => [name, form])), sources }
}

/** A schedule as the API takes it. */
export function scheduleOf({ schedule }: InstalledSource): ScheduleInput | null {
  if (schedule === null) return null
  return schedule.every === null ? { cron: schedule.cron!, timeZone: schedule.timeZone! } : { every: schedule.every }
}

/** Sources of the server as the file has them: settings in the order of the form, without those that are as they are by default. */
export function describe(sources: readonly InstalledSource[], { connectors }: Pick<Installed, 'connectors'>): DescribedSource[] {
  const fieldsOf = ({ connector }: InstalledSource) => connectors.get(connector?.name ?? '') ?? []
  const isGiven = ({ config }: InstalledSource, { name, defaultValue }: Field) =>
    config[name] !== undefined && config[name] !== null && !same(config[name], defaultValue)
  const isSecret = ({ config }: InstalledSource, { name, kind }: Field) => kind === 'SECRET' || holdsPassword(config[name])
  const settingsOf = (source: InstalledSource) => fieldsOf(source).filter((field) => isGiven(source, field))
  const secrets = sources.flatMap((source) =>
    settingsOf(source).flatMap((field) => (isSecret(source, field) ? [[source.slug, field.name] as const] : [])),
  )
  const nameOf = secretNames(secrets)
  return sources.map((source) => {
    const { slug, title, paused, config } = source
    const settings = settingsOf(source).map((field) => [
      field.name,
      isSecret(source, field) ? new SecretReference(nameOf(slug, field.name)) : config[field.name],
    ])
    const connector = source.connector?.name ?? ''
    return { slug, title, paused, connector, schedule: scheduleOf(source), settings: Object.fromEntries(settings) }
  })
}

/** An address with a password in it is a secret, whatever its connector says. */
export const holdsPassword = (value: unknown): boolean => typeof value === 'string' && URL.canParse(value) && new URL(value).password !== ''

/** True for values that JSON writes alike, in whatever order their parts stand. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (value: unknown): unknown =>
  value === null || typeof value !== 'object' || Array.isArray(value)
    ? (value ?? null)
    : Object.fromEntries(
        Object.entries(value)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, each]) => [name, sorted(each)]),
      )
