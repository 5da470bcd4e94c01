import { ConfigError, type Connector, type FieldFault } from '@handover/sdk'
import type { z } from 'zod'
import { settingsOf, type Setting } from './config-form.ts'

/** Settings as a person gave them, before they are checked. */
export type GivenConfig = Readonly<Record<string, unknown>>

/** How zod begins the sentences it writes by itself; any other message comes from the connector's author and is shown as it is. */
const WRITTEN_BY_ZOD = /^(Invalid|Too small|Too big|Unrecognized)/

/**
 * Checks settings by the connector's schema and gives them as the connector reads them, defaults included. Throws one `ConfigError` with a
 * sentence for every setting at fault. null stands for "left out" where a setting cannot be null itself. No value is repeated in a message.
 */
export function checkConfig(connector: Connector, given: GivenConfig): z.output<z.ZodObject> {
  const settings = settingsOf(connector)
  const known = new Map(settings.map((setting) => [setting.name, setting]))
  const config = Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && (value !== null || isNullable(known.get(name)))),
  )
  const fields: FieldFault[] = Object.keys(config)
    .filter((name) => !known.has(name))
    .map((name) => ({ name, message: `There is no setting of this name. There are: ${[...known.keys()].join(', ') || 'none'}.` }))
  const parsed = connector.config.safeParse(config)
  if (parsed.success && fields.length === 0) return parsed.data
  for (const issue of parsed.error?.issues ?? []) {
    const setting = known.get(String(issue.path[0] ?? ''))
    // A document names the place of each fault in it; of another setting the first fault says enough.
    const name = setting?.kind === 'document' ? issue.path.map(String).join('.') : String(issue.path[0] ?? '')
    if (!fields.some((field) => field.name === name)) fields.push({ name, message: messageOf(issue, config[setting?.name ?? ''], setting) })
  }
  const count = new Set(fields.map(({ name }) => name.split('.')[0])).size
  const sentence = count === 1 ? 'One setting is not right' : `${count} settings are not right`
  throw new ConfigError(`${sentence}. ${fields.map((field) => faultText(field, known)).join(' ')}`, { fields })
}

const isNullable = (setting: Setting | undefined): boolean => setting?.nullable ?? true

const faultText = ({ name, message }: FieldFault, known: ReadonlyMap<string, Setting>): string =>
  name === '' ? message : `${known.get(name.split('.')[0]!)?.title ?? name}: ${message}`

function messageOf(issue: z.core.$ZodIssue, value: unknown, setting: Setting | undefined): string {
  if (setting === undefined) return issue.message
  if (!WRITTEN_BY_ZOD.test(issue.message) && (issue.path.length === 1 || setting.kind === 'document')) return issue.message
  if (value === undefined || value === '') return `Missing. ${setting.wanted}`
  const place = issue.path.slice(1).join('.')
  if (place !== '') return `At ${place}: ${issue.message}.`
  return setting.wanted === 'Text.' ? 'This text does not have the right form; see the description.' : setting.wanted
}
