import { SourceError } from '@handover/sdk'
import { z } from 'zod'

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

/** Cells by their place: a list, or an object where most are empty. There may be very many, so they are not looked at one by one. */
const cells = z.custom<Readonly<Record<number, unknown>>>(isObject)

/** One side of a cube. */
const side = z.object({
  label: z.string().nullish(),
  category: z
    .object({
      /** A list of codes, or the place of each code; may be left out where there is one. */
      index: z.union([z.array(z.string()), z.record(z.string(), z.number())]).nullish(),
      label: z.record(z.string(), z.string()).nullish(),
      unit: z.record(z.string(), z.object({ base: z.string().nullish(), decimals: z.int().min(0).nullish() })).nullish(),
    })
    .nullish(),
  extension: z.object({ elimination: z.boolean().nullish() }).nullish(),
})

/** A cube as json-stat2 writes it (https://json-stat.org/full/), as far as it is read here; what is optional may be left out by a source. */
const cube = z
  .object({
    label: z.string().nullish(),
    source: z.string().nullish(),
    updated: z.string().nullish(),
    role: z.object({ time: z.array(z.string()).nullish(), metric: z.array(z.string()).nullish() }).nullish(),
    /** Codes of the sides; the last one runs fastest. */
    id: z.array(z.string()),
    dimension: z.record(z.string(), side),
    value: cells,
    status: cells.nullish(),
  })
  .refine(({ id, dimension }) => id.every((code) => Object.hasOwn(dimension, code)))
  .refine(({ id, role }) => [...(role?.time ?? []), ...(role?.metric ?? [])].every((code) => id.includes(code)))

export type JsonStat = Readonly<z.output<typeof cube>>
export type JsonStatDimension = Readonly<z.output<typeof side>>

/** Takes an answer for a cube, its cells included. Throws a `SourceError` when it is something else, such as an error with status 200. */
export function readJsonStat(body: unknown): JsonStat {
  const { data, error } = cube.safeParse(body)
  if (data !== undefined) return data
  throw new SourceError('The source sent an answer that is no table of statistics.', {
    code: 'SOURCE_SHAPE',
    detail: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  })
}

/** Codes of a side in their order. */
export function codesOf({ category }: JsonStatDimension): readonly string[] {
  const { index, label } = category ?? {}
  if (Array.isArray(index)) return index
  if (index) return Object.keys(index).sort((a, b) => index[a]! - index[b]!)
  const codes = Object.keys(label ?? {})
  // In what order more of them stand, only the index tells.
  if (codes.length === 1) return codes
  throw new SourceError('The source sent a table whose values have no codes.', { code: 'SOURCE_SHAPE' })
}
