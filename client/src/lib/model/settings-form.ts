import type { Shape } from './document-shape.ts'
import { jsonFaultPlace } from './json-place.ts'

/** How a setting is asked for. */
export type SettingKind = 'TEXT' | 'NUMBER' | 'BOOLEAN' | 'CHOICE' | 'SECRET' | 'JSON' | 'DOCUMENT'

/** One setting of a connector, as its form shows it. */
export interface Setting {
  name: string
  title: string
  about: string | null
  kind: SettingKind
  required: boolean
  defaultValue: unknown
  choices: string[] | null
  min: number | null
  max: number | null
  /** For DOCUMENT: what its text holds, read as YAML. */
  document: Shape | null
  /** What a new one begins with. */
  example: string | null
}

/** What stands in the fields of a form, by name of setting. null stands only for a secret that is to be taken away. */
export type Values = Record<string, string | null>

/** One part of an input that is not right. */
export interface Fault {
  name: string
  message: string
}

/** What the API says where a secret is set. */
const SET = 'set'

/** Names of the secrets that are set, in settings as the API shows them. */
export function secretsSet(form: readonly Setting[], config: Record<string, unknown>): string[] {
  return form.filter((setting) => setting.kind === 'SECRET' && config[setting.name] === SET).map((setting) => setting.name)
}

/** What a form begins with: the settings of a source, or defaults and examples. Fields of secrets are always empty. */
export function valuesOf(form: readonly Setting[], config?: Record<string, unknown>): Values {
  const begin = ({ name, defaultValue, example }: Setting) => config?.[name] ?? defaultValue ?? (config ? null : example)
  return Object.fromEntries(form.map((setting) => [setting.name, setting.kind === 'SECRET' ? '' : textOf(setting, begin(setting))]))
}

function textOf(setting: Setting, value: unknown): string {
  if (setting.kind === 'BOOLEAN') return value === true ? 'true' : 'false'
  if (value === null || value === undefined) return ''
  return setting.kind === 'JSON' ? JSON.stringify(value, null, 2) : String(value)
}

/**
 * Settings as the API takes them. A field that is left empty is left out; what cannot be a number stays text, so that the API says what it
 * wants. Only text that is no JSON is a fault already here.
 */
export function configOf(form: readonly Setting[], values: Values): { config: Record<string, unknown>; faults: Fault[] } {
  const config: Record<string, unknown> = {}
  const faults: Fault[] = []
  for (const setting of form) {
    const value = given(setting, values[setting.name])
    if (value instanceof SyntaxError) faults.push({ name: setting.name, message: value.message })
    else if (value !== undefined) config[setting.name] = value
  }
  return { config, faults }
}

/** The value of one field; undefined leaves the setting out, a SyntaxError says what is wrong with the text. */
function given(setting: Setting, text: string | null | undefined): unknown {
  if (setting.kind === 'SECRET') return text === '' ? undefined : text
  if (setting.kind === 'BOOLEAN') return text === 'true'
  if (text === undefined || text === null || text.trim() === '') return setting.required ? undefined : null
  if (setting.kind === 'NUMBER') return numberOf(text)
  // A browser sends a form with the line ends of another age.
  if (setting.kind === 'DOCUMENT') return text.replaceAll('\r\n', '\n')
  return setting.kind === 'JSON' ? jsonOf(text) : text
}

function numberOf(text: string): number | string {
  const number = Number(text.trim().replace('−', '-'))
  return Number.isFinite(number) ? number : text
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return new SyntaxError(`This is not JSON. Look at ${jsonFaultPlace(text)}.`)
  }
}

/** Faults sorted to the fields they belong to: by name of the field, and what belongs to none of them. */
export interface PlacedFaults {
  at: Record<string, string>
  rest: string[]
  /** Faults inside of a setting, named from there on; one of the setting as a whole has no name. */
  inside: Record<string, Fault[]>
}

/** Puts each fault to its field. A fault inside of a setting, such as `headers.accept`, stands at the setting. */
export function placeFaults(faults: readonly Fault[], names: readonly string[]): PlacedFaults {
  const placed: PlacedFaults = { at: {}, rest: [], inside: {} }
  for (const { name, message } of faults) {
    const place = names.find((one) => one === name) ?? names.find((one) => name.startsWith(`${one}.`))
    if (place === undefined) placed.rest.push(message)
    else {
      placed.at[place] ??= message
      ;(placed.inside[place] ??= []).push({ name: name.slice(place.length + 1), message })
    }
  }
  return placed
}

/** How many sentences stand beside fields: each one of a document, one of every other setting. */
export function countFaults({ at, inside }: PlacedFaults, form: readonly Setting[]): number {
  const documents = new Set(form.filter(({ kind }) => kind === 'DOCUMENT').map(({ name }) => name))
  return Object.keys(at).reduce((sum, name) => sum + (documents.has(name) ? inside[name]!.length : 1), 0)
}

/** The faults of one part of an input, named as that part names them: `config.url` becomes `url`. */
export function faultsUnder(faults: readonly Fault[], part: string): Fault[] {
  return faults
    .filter(({ name }) => name.startsWith(`${part}.`))
    .map(({ name, message }) => ({ name: name.slice(part.length + 1), message }))
}
