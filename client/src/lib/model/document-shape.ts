/** As much of JSON Schema as a document is described by, and what a form needs beside it. */
export interface Shape {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly const?: unknown
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly examples?: readonly string[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Shape | boolean
  readonly oneOf?: readonly Shape[]
  readonly anyOf?: readonly Shape[]
  /** True for what is needed seldom: it stands folded in. */
  readonly rare?: boolean
  /** What holds where a switch is left out; false when it does not say. */
  readonly otherwise?: boolean
  /** What the button says that adds an entry. */
  readonly addition?: string
}

/** How a part of a document is asked for. */
export type PartKind = 'text' | 'number' | 'switch' | 'choice' | 'names' | 'block' | 'entries' | 'pairs' | 'variant'

/** Names from the top of a document to one of its parts. */
export type Path = readonly (string | number)[]

/** The shape without "or nothing": a part that may be null is asked for like any other. */
export function coreOf(shape: Shape): Shape {
  const options = shape.anyOf?.filter((option) => option.type !== 'null') ?? []
  return options.length === 1 ? { ...shape, ...options[0], anyOf: undefined } : shape
}

/** How the part is asked for. */
export function kindOf(given: Shape): PartKind {
  const shape = coreOf(given)
  if (shape.oneOf) return 'variant'
  if (shape.enum) return 'choice'
  if (shape.properties) return 'block'
  if (typeof shape.additionalProperties === 'object') return coreOf(shape.additionalProperties).properties ? 'entries' : 'pairs'
  if (shape.type === 'boolean') return 'switch'
  if (shape.type === 'array') return 'names'
  return shape.type === 'number' || shape.type === 'integer' ? 'number' : 'text'
}

/** What the options of a variant are called: the value of `kind`, and in words. */
export function optionsOf(shape: Shape): { value: string; title: string }[] {
  return (coreOf(shape).oneOf ?? []).map((option) => {
    const kind = option.properties?.['kind']
    return { value: String(kind?.const), title: kind?.title ?? String(kind?.const) }
  })
}

/** The chosen option of a variant, without the `kind` that chooses it; null when none is chosen. */
export function chosenOption(shape: Shape, value: unknown): Shape | null {
  const kind = isBlock(value) ? value['kind'] : undefined
  const option = coreOf(shape).oneOf?.find(({ properties }) => properties?.['kind']?.const === kind)
  if (!option) return null
  const { kind: _kind, ...properties } = option.properties ?? {}
  return { ...option, properties }
}

/** What a new entry begins with: its required texts, still empty, so that the form says what they want. */
export function beginOf(given: Shape): unknown {
  const shape = coreOf(given)
  if (kindOf(shape) !== 'block') return ''
  const needed = Object.entries(shape.properties ?? {}).filter(([name]) => shape.required?.includes(name))
  return Object.fromEntries(needed.map(([name, part]) => [name, kindOf(part) === 'number' ? 1 : '']))
}

/** True for an object, as YAML's blocks become. */
export const isBlock = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at a place; undefined when there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, name) => (typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[name] : undefined),
    value,
  )
}
