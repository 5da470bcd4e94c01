import { nearest } from '../../../shared/nearest.ts'
import { intervalText, type DescribedSource, type ScheduleInput } from './described-source.ts'
import { same, scheduleOf, type Field, type Installed, type InstalledSource } from './installed.ts'
import { filled, settingChanges, shown } from './settings.ts'

/** What is to be done with one source. */
export type Step =
  | { readonly kind: 'create'; readonly source: DescribedSource; readonly config: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'change'
      readonly source: DescribedSource
      /** All settings; secrets that stay are left out. */
      readonly config: Readonly<Record<string, unknown>>
      readonly patch: Readonly<Record<string, unknown>>
      readonly changes: readonly string[]
    }
  | { readonly kind: 'same' | 'remove'; readonly slug: string }

/** What a plan came to: steps, or why there is none. */
export interface Plan {
  readonly steps: readonly Step[]
  readonly faults: readonly string[]
  /** Names of secrets that must be given, and are not. */
  readonly missing: readonly string[]
}

/** Says what makes a server as the file says. `secret` gives the secret of a name, undefined when it is not given; those that a server has are kept, unless they are to be renewed. */
export function planOf(
  wanted: readonly DescribedSource[],
  installed: Installed,
  { secret, renews, prunes }: { secret(name: string): string | undefined; renews: boolean; prunes: boolean },
): Plan {
  const steps: Step[] = []
  const faults: string[] = []
  const missing = new Set<string>()
  for (const source of wanted) {
    const there = installed.sources.find(({ slug }) => slug === source.slug) ?? null
    const fields = installed.connectors.get(source.connector)
    const found = fields === undefined ? [noConnector(source, installed)] : faultsOf(source, fields, there)
    faults.push(...found)
    if (fields === undefined || found.length > 0) continue
    const given = (name: string) => {
      const value = secret(name)
      if (value === undefined) missing.add(name)
      return value
    }
    const config = filled(source, fields, { there, renews, secret: given })
    steps.push(there === null ? { kind: 'create', source, config } : changeOf(source, config, there, fields))
  }
  const slugs = new Set(wanted.map(({ slug }) => slug))
  if (prunes) steps.push(...installed.sources.filter(({ slug }) => !slugs.has(slug)).map(({ slug }) => ({ kind: 'remove' as const, slug })))
  return { steps, faults, missing: [...missing] }
}

function noConnector({ slug, connector }: DescribedSource, { connectors }: Installed): string {
  const names = [...connectors.keys()]
  const hint = nearest(connector, names)
  return `${slug}: there is no connector "${connector}". ${hint ? `Did you mean "${hint}"?` : `There are: ${names.join(', ')}.`}`
}

function faultsOf({ slug, connector, settings }: DescribedSource, fields: readonly Field[], there: InstalledSource | null): string[] {
  const was = there?.connector?.name
  if (was !== undefined && was !== connector)
    return [`${slug}: the source there is of the connector "${was}", and this cannot be changed. Remove it first, or choose another slug.`]
  const names = fields.map(({ name }) => name)
  const unknown = Object.keys(settings)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const hint = nearest(name, names)
      return `${slug}: the connector "${connector}" has no setting "${name}". ${hint ? `Did you mean "${hint}"?` : `There are: ${names.join(', ')}.`}`
    })
  const lacking = fields.filter(({ name, required, defaultValue }) => required && defaultValue === null && settings[name] === undefined)
  return [...unknown, ...lacking.map(({ name }) => `${slug}: the setting "${name}" is missing.`)]
}

function changeOf(
  source: DescribedSource,
  config: Readonly<Record<string, unknown>>,
  there: InstalledSource,
  fields: readonly Field[],
): Step {
  const patch: Record<string, unknown> = {}
  const changes: string[] = []
  const note = (what: string, before: unknown, after: unknown) => changes.push(`${what}: ${shown(before)} → ${shown(after)}`)
  if (source.title !== there.title) {
    note('title', there.title, source.title)
    patch['title'] = source.title
  }
  if (!same(source.schedule, scheduleOf(there))) {
    changes.push(`schedule: ${scheduleText(scheduleOf(there))} → ${scheduleText(source.schedule)}`)
    patch['schedule'] = source.schedule
  }
  if (source.paused !== there.paused) {
    note('paused', there.paused, source.paused)
    patch['paused'] = source.paused
  }
  const settings = settingChanges(source, config, there, fields)
  changes.push(...settings.changes)
  if (settings.changes.length > 0) patch['config'] = settings.config
  return changes.length === 0 ? { kind: 'same', slug: source.slug } : { kind: 'change', source, config: settings.config, patch, changes }
}

const scheduleText = (schedule: ScheduleInput | null): string =>
  schedule === null
    ? 'only on demand'
    : 'every' in schedule
      ? `every ${intervalText(schedule.every)}`
      : `${schedule.cron} (${schedule.timeZone})`
