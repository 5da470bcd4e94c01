import { ConfigError, SourceError, type Context } from '@handover/sdk'
import { PARAMETERS } from './parameters.ts'
import type { Settings } from './settings.ts'

/** A link to the next level, in one of several formats. */
interface Link {
  readonly rel: string
  readonly type: string
  readonly href: string
}

/** An entry of a level: a version, a parameter, a station, a period. */
export interface Entry {
  readonly key: string
  /** Milliseconds since 1970: when something below this entry changed. */
  readonly updated: number
  readonly link: readonly Link[]
}

/** A station in the list of a parameter. */
export interface Station extends Entry {
  readonly id: number
  readonly name: string
  readonly active: boolean
}

/** The level of a parameter: its unit and its stations. */
export interface ParameterLevel {
  readonly href: string
  readonly unit: string | undefined
  readonly stations: readonly Station[]
}

export const JSON_TYPE = 'application/json'
/** CSV is offered as plain text. */
export const CSV_TYPE = 'text/plain'

/** Walks from the entry point to the parameter of the settings, each step by a link of the step before: version, parameter. */
export async function findParameter({ http, config }: Context<Settings>): Promise<ParameterLevel> {
  const start = await http.get(config.address, { allow: [404] })
  if (start.status === 404) throw notThere('address', 'There are no open data of SMHI at this address.')
  const versions = listOf<Entry>(start.body, 'version').filter(({ key }) => !Number.isNaN(Number(key)))
  const newest = versions.reduce<Entry | null>((best, one) => (best === null || Number(one.key) > Number(best.key) ? one : best), null)
  const parameters = listOf<Entry & { readonly unit?: string }>(await http.json(linkOf(newest, JSON_TYPE)), 'resource')
  const wanted = parameters.find(({ key }) => key === PARAMETERS[config.parameter].key)
  if (wanted === undefined) throw notThere('parameter', `SMHI does not offer "${config.parameter}" any more. Choose something else.`)
  const href = linkOf(wanted, JSON_TYPE)
  const level = await http.json(href)
  const stations = listOf<Station>(level, 'station')
  return { href, unit: level.unit ?? wanted.unit, stations }
}

/** The list of a level. Throws a `SourceError` when the level has none, or one of something else than entries. */
export function listOf<T>(level: unknown, name: string): readonly T[] {
  const list = (level as Readonly<Record<string, unknown>> | null)?.[name]
  if (!Array.isArray(list) || list.some((entry) => typeof entry !== 'object' || entry === null))
    throw odd(`The answer has no list "${name}", or something else in it.`)
  return list as T[]
}

/** Where an entry leads to, in this format. Throws a `SourceError` when it leads nowhere. */
export function linkOf(entry: Entry | null | undefined, type: string): string {
  const links: unknown = entry?.link
  const link = Array.isArray(links) ? (links as Link[]).find((one) => one?.type === type) : undefined
  if (typeof link?.href !== 'string') throw odd(`The entry "${entry?.key ?? 'that was looked for'}" has no link of type ${type}.`)
  return link.href
}

/** The error for an answer of SMHI that is not built as it was. */
export const odd = (detail: string): SourceError =>
  new SourceError('SMHI sent an answer that is not built as its open data were.', { code: 'SOURCE_SHAPE', detail })

function notThere(name: keyof Settings, message: string): ConfigError {
  return new ConfigError(message, { fields: [{ name, message }] })
}
