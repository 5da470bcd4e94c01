import { z } from 'zod'

/** A zod schema without its wrappers, and what the wrappers said. */
export interface Layers {
  /** The innermost schema: the one that decides what a value is. */
  readonly core: z.core.$ZodType
  /** `.meta()` and `.describe()` of every layer; the outer layer wins. */
  readonly meta: z.core.GlobalMeta
  /** A missing value is let through as missing. */
  readonly optional: boolean
  /** null is let through as null. */
  readonly nullable: boolean
  /** The value used when none is given; undefined when there is none. */
  readonly default: unknown
}

/**
 * Takes a zod schema out of optional, nullable, default, prefault, readonly, nonoptional and pipe. zod keeps `.meta()` on the layer it was
 * written on, so reading only the outer one would lose `personal` without a sound.
 */
export function readLayers(schema: z.core.$ZodType): Layers {
  let core = schema
  let meta: z.core.GlobalMeta = {}
  let optional = false
  let nullable = false
  let closed = false
  let fallback: unknown
  for (;;) {
    meta = { ...z.globalRegistry.get(core), ...meta }
    const def = (core as z.core.$ZodTypes)._zod.def
    if (meta.column !== undefined) break
    if (def.type === 'optional') optional ||= !closed
    else if (def.type === 'nullable') nullable = true
    else if (def.type === 'nonoptional') closed = true
    else if (def.type === 'default' || def.type === 'prefault') {
      fallback ??= def.defaultValue
      closed = true
    } else if (def.type === 'pipe') {
      core = def.out
      continue
    } else if (def.type !== 'readonly') break
    core = (def as z.core.$ZodOptionalDef).innerType
  }
  return { core, meta, optional, nullable, default: fallback }
}
