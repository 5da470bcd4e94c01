import { ConfigError } from '@handover/sdk'
import { z } from 'zod'
import type { Location } from './locations/location.ts'

/** Name of the file that describes the columns of its folder. */
export const SIDECAR = '_columns.json'

const words = z.string().trim().min(1).max(1000)

const column = z.strictObject({
  title: words.optional(),
  about: words.optional(),
  unit: words.optional(),
  role: z.enum(['time', 'latitude', 'longitude', 'label', 'category', 'url', 'identifier']).nullish(),
  type: z.enum(['text', 'int', 'double', 'boolean', 'date', 'instant', 'json']).optional(),
  personal: z.boolean().optional(),
})

const provider = z.strictObject({
  name: words,
  url: words,
  licence: words,
  licenceUrl: words.optional(),
  attribution: words.optional(),
})

const dataset = z.strictObject({
  title: words.optional(),
  about: words.optional(),
  key: z.array(words).min(1).optional(),
  provider: provider.optional(),
})

const sidecar = z.object({ _dataset: dataset.optional() }).catchall(column)

/** What people say about one column. */
export type SidecarColumn = z.output<typeof column>

/** What people say about a folder of files: its dataset, and columns by their name in the files or in the table. */
export interface Sidecar {
  readonly dataset: z.output<typeof dataset>
  readonly columns: ReadonlyMap<string, SidecarColumn>
}

/** Reads the sidecar of a location; an absent one says nothing. Throws a `ConfigError` when it cannot be understood. */
export async function readSidecar(location: Location): Promise<Sidecar> {
  const text = await location.text(SIDECAR)
  const { _dataset = {}, ...columns } = checked(parsed(text ?? '{}'))
  return { dataset: _dataset, columns: new Map(Object.entries(columns as Record<string, SidecarColumn>)) }
}

function parsed(text: string): unknown {
  try {
    // Some programs put a mark in front of UTF-8, which JSON does not know.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new ConfigError(`The file ${SIDECAR} is not valid JSON.`, { detail: (error as Error).message, cause: error })
  }
}

function checked(value: unknown): z.output<typeof sidecar> {
  const result = sidecar.safeParse(value)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
  throw new ConfigError(`The file ${SIDECAR} cannot be used: ${faults.join('; ')}.`)
}
