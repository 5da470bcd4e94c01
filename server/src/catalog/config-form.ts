import { readLayers, titleOf, type Connector, type Json, type Layers } from '@handover/sdk'
import { z } from 'zod'

export type FormFieldKind = 'text' | 'number' | 'boolean' | 'choice' | 'secret' | 'json' | 'document'

/** One setting of a connector, as a form shows it. */
export interface FormField {
  readonly name: string
  readonly title: string
  readonly about: string
  readonly kind: FormFieldKind
  /** False when it may be left out. */
  readonly required: boolean
  /** What holds when it is left out; null when nothing does. */
  readonly default: Json
  /** For `choice` only. */
  readonly choices: readonly string[] | null
  /** Smallest and largest number; null = no limit, and for every other kind. */
  readonly min: number | null
  readonly max: number | null
  /** For `document`: JSON Schema of what its text holds, read as YAML. */
  readonly document: object | null
  /** What a new one begins with; null when it begins empty. */
  readonly example: string | null
}

/** A setting with what its form does not show: how its value is to look, in words. */
export interface Setting extends FormField {
  readonly nullable: boolean
  /** "A whole number from 1 to 5000." */
  readonly wanted: string
}

/** What zod writes about the innermost schema of a setting, as JSON Schema 2020-12. */
interface Written {
  readonly type?: string
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly minLength?: number
  readonly maxLength?: number
}

/** Words for text of a known format. */
const FORMATS: Readonly<Record<string, string>> = {
  uri: 'A full web address, for example https://example.org/data.',
  email: 'An e-mail address, for example name@example.org.',
  date: 'A day, for example 2026-03-01.',
  'date-time': 'A moment with its time zone, for example 2026-03-01T09:30:00Z.',
  uuid: 'A UUID, for example 123e4567-e89b-42d3-a456-426614174000.',
}

/** Reads the settings of a connector out of its zod schema, in the order they were written. */
export const settingsOf = (connector: Connector): Setting[] =>
  Object.entries(connector.config.shape).map(([name, schema]) => settingOf(name, readLayers(schema)))

/** Kinds of values with nothing inside. */
const PLAIN: readonly string[] = ['string', 'number', 'boolean', 'enum', 'literal']

/** Names of the settings with a secret inside of them: only a setting of its own is sealed and hidden. */
export const hiddenSecrets = (connector: Connector): string[] =>
  Object.entries(connector.config.shape)
    .filter(([, schema]) => {
      const { core, meta } = readLayers(schema)
      const canHold = !PLAIN.includes((core as z.core.$ZodTypes)._zod.def.type)
      return (
        canHold &&
        meta.secret !== true &&
        JSON.stringify(z.toJSONSchema(core, { io: 'input', unrepresentable: 'any' })).includes('"secret":true')
      )
    })
    .map(([name]) => name)

function settingOf(name: string, layers: Layers): Setting {
  const kind = kindOf(layers)
  const written = z.toJSONSchema(layers.core, { io: 'input', unrepresentable: 'any' }) as Written
  const choices = kind === 'choice' ? choicesOf(layers.core) : null
  const { min, max } = kind === 'number' ? limitsOf(written) : { min: null, max: null }
  return {
    name,
    title: layers.meta.title ?? titleOf(name),
    about: layers.meta.description ?? '',
    kind,
    required: !layers.optional && !layers.nullable && layers.default === undefined,
    default: (layers.default ?? null) as Json,
    choices,
    min,
    max,
    document: layers.meta.document ?? null,
    example: layers.meta.example ?? null,
    nullable: layers.nullable,
    wanted: wantedOf(kind, written, choices),
  }
}

function kindOf({ core, meta }: Layers): FormFieldKind {
  if (meta.secret === true) return 'secret'
  if (meta.document !== undefined) return 'document'
  const type = (core as z.core.$ZodTypes)._zod.def.type
  if (type === 'string') return 'text'
  if (type === 'number' || type === 'boolean') return type
  return choicesOf(core) === null ? 'json' : 'choice'
}

/** The values of an enumeration, or of literals, when all of them are text. */
function choicesOf(core: z.core.$ZodType): readonly string[] | null {
  const values = core instanceof z.ZodEnum ? core.options : core instanceof z.ZodLiteral ? [...core.values] : []
  return values.length > 0 && values.every((value) => typeof value === 'string') ? values : null
}

/** The limits of a number. zod bounds every whole number by what JavaScript holds exactly; that is no limit worth showing. */
function limitsOf(written: Written): { min: number | null; max: number | null } {
  const step = written.type === 'integer' ? 1 : 0
  const min = written.minimum ?? (written.exclusiveMinimum ?? -Infinity) + step
  const max = written.maximum ?? (written.exclusiveMaximum ?? Infinity) - step
  return { min: min <= Number.MIN_SAFE_INTEGER ? null : min, max: max >= Number.MAX_SAFE_INTEGER ? null : max }
}

function wantedOf(kind: FormFieldKind, written: Written, choices: readonly string[] | null): string {
  if (kind === 'number') return `${written.type === 'integer' ? 'A whole number' : 'A number'}${range(written)}.`
  if (kind === 'boolean') return 'Yes or no.'
  if (kind === 'choice') return `One of: ${choices!.join(', ')}.`
  if (kind === 'document') return 'A text of the form that the description asks for.'
  if (kind === 'json') return 'A value of the form that the description asks for.'
  const known = written.format === undefined ? undefined : FORMATS[written.format]
  const { minLength = 0, maxLength } = written
  if (known !== undefined) return known
  if (maxLength !== undefined) return `Text of ${minLength} to ${maxLength} characters.`
  return minLength > 1 ? `Text of at least ${minLength} characters.` : 'Text.'
}

function range(written: Written): string {
  const { min, max } = limitsOf(written)
  if (min !== null && max !== null) return ` from ${min} to ${max}`
  if (min !== null) return written.type === 'integer' || written.minimum !== undefined ? ` of at least ${min}` : ` above ${min}`
  if (max !== null) return written.type === 'integer' || written.maximum !== undefined ? ` of at most ${max}` : ` below ${max}`
  return ''
}
