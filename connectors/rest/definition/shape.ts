import { z } from 'zod'
import { at } from './at.ts'
import { definition } from './schema.ts'

/** As much of JSON Schema as zod writes about the definition. */
interface Shape {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Shape & { readonly const?: unknown }>>
  readonly additionalProperties?: Shape | boolean
  readonly oneOf?: readonly Shape[]
  readonly anyOf?: readonly Shape[]
}

/** The definition as JSON Schema, for forms and for sentences about it. */
export const documentSchema = z.toJSONSchema(definition, { io: 'input' })

/** The names that may stand in the block at that place. */
export function namesAt(value: unknown, path: readonly PropertyKey[]): string[] {
  return Object.keys(shapeAt(value, path)?.properties ?? {})
}

/** What the schema says about that place; empty when it says nothing. */
export function describe(path: readonly PropertyKey[]): string {
  return shapeAt(null, path)?.description ?? ''
}

/** Goes down the schema along the path; where there is a choice, by the `kind` that the value has. */
function shapeAt(value: unknown, path: readonly PropertyKey[]): Shape | undefined {
  let shape: Shape | undefined = documentSchema as Shape
  for (let depth = 0; ; depth++) {
    shape = chosen(shape, at(value, path.slice(0, depth)))
    if (depth === path.length || shape === undefined) return shape
    const inside: Shape | boolean | undefined = shape.properties?.[String(path[depth])] ?? shape.additionalProperties
    shape = typeof inside === 'object' ? inside : undefined
  }
}

function chosen(shape: Shape | undefined, value: unknown): Shape | undefined {
  const options = shape?.oneOf ?? shape?.anyOf?.filter(({ properties }) => properties !== undefined)
  if (options === undefined || options.length === 0) return shape
  const kind = at(value, ['kind'])
  return options.find(({ properties }) => properties?.['kind']?.const === kind) ?? (options.length === 1 ? options[0] : shape)
}
